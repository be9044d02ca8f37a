"""Colours and literals of the context coder.

Written for format 5 from docs/picture-context-coder.md and picture-natural.md, by who wrote those pages and the project's source too.
"""

from cells import MASK, new_cells, tree

_CLASS = [0 if d == 0 else sum(d >= limit for limit in (3, 6, 12, 24, 48, 96)) + 1 for d in range(766)]


def difference(a, b):
    return (abs((a >> 16) - (b >> 16)) + abs((a >> 8 & 255) - (b >> 8 & 255)) + abs((a & 255) - (b & 255)))


def _median(w, n, nw):
    """The median of w, n and w + n - nw."""
    low, high = (w, n) if w < n else (n, w)
    value = w + n - nw
    return low if value < low else high if value > high else value


class ColourModel:
    def __init__(self):
        self.last = [0] * (1 << 13)
        self.dictionary = [0] * (1 << 10)
        self.any = new_cells(128)
        self.west = new_cells(128)
        self.north = new_cells(128)
        self.known = new_cells(4)
        self.place = new_cells(1024)
        self.size = new_cells(3 * 128 * 16)
        self.bits = new_cells(3 * 512)

    def decode(self, coder, around, kind, pattern, excluded, h):
        """A colour that is none of `excluded`."""
        w, n, nw = around
        slot, context = h >> 19, 32 * kind + pattern
        left = []
        for cells, colour in ((self.west, w), (self.north, n), (None, self.last[slot])):
            if colour not in excluded and colour not in (other for _, other in left):
                left.append((cells, colour))
        if left and coder.adaptive(self.any, context):
            while len(left) > 1 and not coder.adaptive(left[0][0], context):
                del left[0]
            colour = left[0][1]
        else:
            colour = self._rare(coder, w, n, nw, kind)
        self.last[slot] = colour
        return colour

    def _rare(self, coder, w, n, nw, kind):
        if coder.adaptive(self.known, kind):
            return self.dictionary[tree(coder, self.place, 0, 10)]
        colour = self._literal(coder, w, n, nw)
        self.dictionary[(colour * 0x9E3779B1 & MASK) >> 22] = colour
        return colour

    def _literal(self, coder, w, n, nw):
        flat = 8 * _CLASS[difference(w, nw)] + _CLASS[difference(n, nw)]
        f = self._folded(coder, 0, flat)
        x = 8 * ((f + 1).bit_length() - 1) + (flat & 7)
        g = _unfold(f)
        r = _unfold(self._folded(coder, 1, x))
        b = _unfold(self._folded(coder, 2, x))
        green = (_median(w >> 8 & 255, n >> 8 & 255, nw >> 8 & 255) + g) & 255
        red = (_median(w >> 16, n >> 16, nw >> 16) + g + r) & 255
        blue = (_median(w & 255, n & 255, nw & 255) + g + b) & 255
        return red << 16 | green << 8 | blue

    def _folded(self, coder, channel, x):
        size = 0
        while size < 8 and coder.adaptive(self.size, 16 * (128 * channel + x) + size):
            size += 1
        return ((1 << size) + tree(coder, self.bits, 512 * channel + (1 << size), size) - 1) & 255


def _unfold(f):
    return -(f + 1) // 2 if f & 1 else f // 2
