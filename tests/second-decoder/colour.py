"""The colour of one pixel: a neighbour, one seen before, one of the dictionary, or a literal.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from cells import mix, tree
from places import PlaceModel
from range_coder import adaptive_table

_CLASS_LIMITS = (0, 2, 5, 11, 23, 47, 95)  # the highest difference of each class but the last


class ColourModel:
    """What is known of colours; it lives as long as the epoch."""

    def __init__(self):
        self.last = [0] * (1 << 13)  # by hash
        self.dictionary = [0] * (1 << 10)
        self.any = adaptive_table(4 * 128)
        self.west = adaptive_table(4 * 128)
        self.north = adaptive_table(4 * 128)
        self.known = adaptive_table(4)
        self.place = PlaceModel()
        self.size = adaptive_table(3 * 128 * 16)
        self.bits = adaptive_table(3 * 512)

    def decode(self, coder, kind, pattern, number, around, history, excluded):
        """A colour; `around` is W, N, NW and NE, `number` a hash of 32 bits, `excluded` what it is not."""
        west, north = around[:2]
        number >>= 19
        left = []
        for candidate in (west, north, self.last[number]):
            if candidate not in excluded and candidate not in left:
                left.append(candidate)
        cell = 128 * kind + pattern
        if left and coder.adaptive(self.any, cell):
            colour = self._candidate(coder, cell, west, north, left)
        else:
            colour = self._other(coder, kind, around, history)
        self.last[number] = colour
        return colour

    def _candidate(self, coder, cell, west, north, left):
        """One of the candidates that are left."""
        if len(left) > 1 and west in left:
            if coder.adaptive(self.west, cell):
                return west
            left.remove(west)
        if len(left) > 1 and north in left:
            if coder.adaptive(self.north, cell):
                return north
            left.remove(north)
        return left[0]

    def _other(self, coder, kind, around, history):
        """A colour of the dictionary or one that is new to it."""
        if coder.adaptive(self.known, kind):
            west, north, _, northeast = around
            between = mix(mix(mix(0, west), north), northeast)
            return self.dictionary[self.place.decode(coder, between, mix(5, history))]
        colour = self._literal(coder, *around[:3])
        self.dictionary[(colour * 0x9E3779B1 & 0xFFFFFFFF) >> 22] = colour
        return colour

    def _literal(self, coder, west, north, northwest):
        """Three residuals against what the neighbours predict."""
        flat = 8 * _class(west, northwest) + _class(north, northwest)
        red, green, blue = (_median(w, n, w + n - nw) for w, n, nw in
                            zip(_channels(west), _channels(north), _channels(northwest)))
        folded = self._folded(coder, 0, flat)
        context = 8 * ((folded + 1).bit_length() - 1) + (flat & 7)
        g = _unfolded(folded)
        r = _unfolded(self._folded(coder, 1, context))
        b = _unfolded(self._folded(coder, 2, context))
        return (red + g + r & 255) << 16 | (green + g & 255) << 8 | (blue + g + b & 255)

    def _folded(self, coder, channel, context):
        """A folded residual, 0 to 255."""
        cell, size = 16 * (128 * channel + context), 0
        while size < 8 and coder.adaptive(self.size, cell + size):
            size += 1
        lower = tree(coder, self.bits, 512 * channel + (1 << size), size)
        return ((1 << size) + lower - 1) & 255


def _channels(colour):
    return colour >> 16, colour >> 8 & 255, colour & 255


def _class(one, other):
    """The class of the sum of the channels' absolute differences."""
    difference = sum(abs(a - b) for a, b in zip(_channels(one), _channels(other)))
    return sum(limit < difference for limit in _CLASS_LIMITS)


def _median(a, b, c):
    return sorted((a, b, c))[1]


def _unfolded(folded):
    return -(folded + 1 >> 1) if folded & 1 else folded >> 1
