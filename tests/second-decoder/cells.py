"""What the context coder's model is made of: the hash, trees of adaptive bits and slots.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""


def mix(a, b):
    """The hash H of two numbers, of 32 bits."""
    y = ((a ^ b) * 0x9E3779B1) & 0xFFFFFFFF
    return y ^ (y >> 15)


def tree(coder, table, base, count):
    """A number of `count` bits, highest first, by the adaptive bits table[base + 1 … base + 2^count - 1]."""
    node = 1
    for _ in range(count):
        node = 2 * node + coder.adaptive(table, base + node)
    return node - (1 << count)


class Slots:
    """A table of slots, each with what was seen before, a tag and a confidence of 0 to 15."""

    def __init__(self, count, nothing):
        self.tags = bytearray(count)
        self.confidences = bytearray(count)
        self.held = [nothing] * count

    def confidence(self, number, tag):
        """How sure the slot is; a slot with another tag is not used."""
        return self.confidences[number] if self.tags[number] == tag else 0

    def learn(self, number, tag, truth):
        """Becomes surer of what is true, or less sure of something else until that gives way."""
        confidence = self.confidences[number]
        if self.tags[number] != tag:
            confidence >>= 1
        elif confidence and self.held[number] == truth:
            self.confidences[number] = min(confidence + 1, 15)
            return
        else:
            confidence >>= 2
        if confidence == 0:
            self.tags[number] = tag
            self.held[number] = truth
            confidence = 1
        self.confidences[number] = confidence
