"""Cells, mixing and hashing of the context coder.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
A cell is a list [p, n, tag]; a set of weights is a list [w0, w1].
"""

MASK = 0xFFFFFFFF

_KNOTS = [int(text) for text in (
    "22 36 60 98 162 267 439 720 1179 1921 3108 4971 7812 11955 17625 24743 32768 40793 47911 53581 57724 60565 62428 "
    "63615 64357 64816 65097 65269 65374 65438 65476 65500 65514").split()]


def _squash(d):
    k, t = (d >> 7) + 16, d & 127
    return (_KNOTS[k] * (128 - t) + _KNOTS[k + 1] * t + 64) >> 7


def _make_stretch():
    table, d = [], -2047
    for i in range(4096):
        while d < 2047 and _squash(d) >> 4 < i:
            d += 1
        table.append(d)
    return table


STRETCH = _make_stretch()
SQUASH = [min(max(_squash(d), 24), 65512) for d in range(-2047, 2048)]  # at d + 2047, held to 24 … 65512
RATE = [655360 // (10 * n + 16) for n in range(256)]


def new_cell():
    return [0x8000, 0, 0]


def new_cells(count):
    return [[0x8000, 0, 0] for _ in range(count)]


def new_sets(count):
    return [[22937, 22937] for _ in range(count)]


def hash2(a, b):
    y = (a ^ b) * 0x9E3779B1 & MASK
    return y ^ (y >> 15)


def plain(coder, cell):
    """A bit by one cell."""
    p, n, _ = cell
    held = 24 if p < 24 else 65512 if p > 65512 else p
    bit = coder.bit(65536 - held)
    cell[0] = p + (((65535 if bit else 0) - p) * RATE[n] >> 16)
    if n < 120:
        cell[1] = n + 1
    return bit


def mixed(coder, weights, one, two):
    """A bit by two cells and a set of weights."""
    x0 = STRETCH[one[0] >> 4]
    x1 = STRETCH[two[0] >> 4]
    w0, w1 = weights
    d = ((w0 * x0 >> 8) + (w1 * x1 >> 8)) >> 8
    if d < -2047:
        d = -2047
    elif d > 2047:
        d = 2047
    p = SQUASH[d + 2047]
    bit = coder.bit(65536 - p)
    if bit:
        e, target = 65536 - p, 65535
    else:
        e, target = -p, 0
    w0 += (x0 * e + 8192) >> 14
    w1 += (x1 * e + 8192) >> 14
    weights[0] = -524288 if w0 < -524288 else 524288 if w0 > 524288 else w0
    weights[1] = -524288 if w1 < -524288 else 524288 if w1 > 524288 else w1
    n = one[1]
    one[0] += (target - one[0]) * RATE[n] >> 16
    if n < 60:
        one[1] = n + 1
    n = two[1]
    two[0] += (target - two[0]) * RATE[n] >> 16
    if n < 60:
        two[1] = n + 1
    return bit


class Region:
    """2^bits hashed cells."""

    def __init__(self, bits):
        self.shift = 32 - bits
        self.cells = new_cells(1 << bits)

    def find(self, context, node):
        y = (context * 0x2C1B3C6D ^ node) * 0x9E3779B1 & MASK
        y ^= y >> 15
        tag = y & 255
        at = y >> self.shift
        first = self.cells[at]
        if first[2] == tag:
            return first
        second = self.cells[at ^ 1]
        if second[2] == tag:
            return second
        if second[1] < first[1]:
            first, second = second, first
        first[0], first[1], first[2] = 0x8000, 0, tag
        second[1] -= second[1] >> 2
        return first
