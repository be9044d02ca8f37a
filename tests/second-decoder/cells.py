"""Cells, slots and hashing of the context coder.

Written for format 5 from docs/picture-context-coder.md and picture-natural.md, by who wrote those pages and the project's source too.
"""

from range_coder import adaptive_table

MASK = 0xFFFFFFFF

new_cells = adaptive_table


def hash2(a, b):
    y = (a ^ b) * 0x9E3779B1 & MASK
    return y ^ (y >> 15)


def tree(coder, cells, base, bits):
    node = 1
    for _ in range(bits):
        node = 2 * node + coder.adaptive(cells, base + node)
    return node - (1 << bits)


class Slots:
    """What was seen before: [what, tag, confidence], made when one is first looked at."""

    def __init__(self, nothing):
        self.slots = {}
        self.nothing = nothing

    def find(self, number, tag):
        """What it holds, and its confidence for this tag."""
        what, own, sure = self.slots.get(number, (self.nothing, 0, 0))
        return what, sure if own == tag else 0

    def learn(self, number, tag, true):
        what, own, sure = self.slots.get(number, (self.nothing, 0, 0))
        if own == tag and sure and what == true:
            self.slots[number] = what, own, min(sure + 1, 15)
            return
        left = sure >> 2 if own == tag else sure >> 1
        self.slots[number] = (what, own, left) if left else (true, tag, 1)
