"""A colour's place in the dictionary, each bit mixed of three adaptive ones.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from cells import mix
from range_coder import adaptive_table, learn

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


_STRETCH = _make_stretch()


def _held(value, limit):
    return max(-limit, min(limit, value))


class _Hashed:
    """2^17 adaptive bits with tags, made when they are first used."""

    def __init__(self):
        self.cells = {}

    def find(self, hashed, near):
        number, tag = (hashed >> 15) ^ near, hashed & 255
        cell = self.cells.get(number)
        if cell is None or cell[2] != tag:
            cell = self.cells[number] = [0x8000, 0, tag]
        return cell


class PlaceModel:
    """What is known of places; it lives as long as the epoch."""

    def __init__(self):
        self.frequent = adaptive_table(1 << 10)
        self.between, self.after = _Hashed(), _Hashed()
        self.weights = [[[22937] * 3 for _ in range(4)] for _ in range(10)]

    def decode(self, coder, between, after):
        """The place, by the two contexts."""
        node = 1
        for i in range(10):
            if i in (0, 5):
                key = node * 0x2C1B3C6D & 0xFFFFFFFF
                between_hash, after_hash, near = mix(between, key), mix(after, key), 1
            inputs = self.frequent[node], self.between.find(between_hash, near), self.after.find(after_hash, near)
            bit = _mixed(coder, self.weights[i][min(inputs[1][1], 3)], inputs)
            node, near = 2 * node + bit, 2 * near + bit
        return node - 1024


def _mixed(coder, weights, inputs):
    """A bit by three adaptive bits and their weights; all learn."""
    stretched = [_STRETCH[cell[0] >> 4] for cell in inputs]
    z = _squash(_held(sum(w * x for w, x in zip(weights, stretched)) >> 16, 2047))
    bit = coder.bit(z)
    error = (0 if bit else 0x10000) - z
    for i, x in enumerate(stretched):
        weights[i] = _held(weights[i] + (x * error + 8192 >> 14), 1 << 18)
        learn(inputs[i], bit)
    return bit
