"""The context coder: its model and the decoder of a run of pixels.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from cells import Slots, mix, tree
from colour import ColourModel
from errors import Malformed
from range_coder import adaptive_table

_WHOLE = -1  # in place of a length: as long as the limit


class ContextModel:
    """What has been learned; it lives as long as the epoch."""

    def __init__(self):
        self.colours = ColourModel()
        self.flat_slots = Slots(1 << 12, 0)
        self.quad_slots = Slots(1 << 16, (0, 0, 0, 0))
        self.narrow_slots = Slots(1 << 17, 0)
        self.guess = adaptive_table(4 * 16)
        self.whole = adaptive_table(2 * 16)
        self.exponent = adaptive_table(16 * 16)
        self.remainder = adaptive_table(8 * 16)
        self.quad = adaptive_table(16 * 128)
        self.right = adaptive_table(4 << 12)
        self.narrow = adaptive_table(2 * 16 * 128)


class RunDecoder:
    """Decodes row[start..end). Every list begins three pixels to the left of start; those above end three after the last pixel."""

    def __init__(self, model, coder, left, above, above2):
        self.model, self.coder = model, coder
        self.row, self.north, self.north2 = list(left), above, above2
        self.end = len(above) - 3
        self.history = 0
        self.waiting = []  # where a slot's four pixels begin, its number and tag

    def decode(self):
        """The pixels of the run."""
        row, north = self.row, self.north
        while len(row) < self.end:
            x = len(row)
            west = row[-1]
            if west == north[x] == north[x - 1] == north[x + 1]:
                limit = self._limit(x, west)
                if limit >= 4 or x + limit == self.end:
                    self._flat_run(x, west, limit)
                    continue
            if self.end - x >= 4:
                self._quad(x)
            else:
                self._pixel(())
        self._learn_quads()
        return row[3:]

    def _limit(self, x, west):
        """For how many pixels from here to the end NE is W."""
        at = x
        while at < self.end and self.north[at + 1] == west:
            at += 1
        return at - x

    def _add(self, byte):
        self.history = (self.history << 8 | byte) & 0xFFFF

    def _add_colour(self, colour):
        self._add(mix(77, colour) >> 24)

    def _flat_run(self, x, west, limit):
        model = self.model
        north = int(self.north2[x] == west)
        found = mix(mix(13, self.history), north)
        number, tag = found >> 20, found & 255
        length = self._length(number, tag, limit, north)
        model.flat_slots.learn(number, tag, length)
        if length == _WHOLE:
            self.row += [west] * limit
            return
        self.row += [west] * length
        colour = model.colours.decode(self.coder, 1, 0, mix(1, self.history), (west, west, west, west), self.history, (west,))
        self.row.append(colour)
        self._add_colour(colour)

    def _length(self, number, tag, limit, north):
        """The length of a flat run, or that it is whole."""
        model, coder = self.model, self.coder
        confidence, held = model.flat_slots.confidence(number, tag), model.flat_slots.held[number]
        group = min(limit.bit_length() - 1, 15)
        asked = confidence and held < limit
        if asked and coder.adaptive(model.guess, 4 * confidence + 2 * (held == _WHOLE) + north):
            return held
        if not (asked and held == _WHOLE) and coder.adaptive(model.whole, 2 * group + north):
            return _WHOLE
        exponent = tree(coder, model.exponent, 16 * group, 4)
        first = min(exponent, 3)
        value = 1 << first | tree(coder, model.remainder, 8 * exponent, first)
        rest = exponent - first
        length = (value << rest | coder.direct(rest)) - 1
        if length >= limit:
            raise Malformed("a flat run is longer than it may be")
        return length

    def _near_sum(self, x):
        """The sum of the near pixels of which the narrow hash is made."""
        row, north = self.row, self.north
        return (row[x - 1] * 0x9E3779B1 + row[x - 2] * 0x165667B1 + north[x] * 0x85EBCA77 + north[x - 1] * 0xC2B2AE3D
                + north[x + 1] * 0x27D4EB2F + self.north2[x] * 0xD3A2646D) & 0xFFFFFFFF

    def _wide_sum(self, x):
        """The sum of near and far pixels of which the quad hash is made."""
        north, north2 = self.north, self.north2
        return (self._near_sum(x) + self.row[x - 3] * 0x68E31DA5 + north[x - 2] * 0xB55A4F09
                + north[x + 2] * 0xFD7046C5 + north[x + 3] * 0xB5297A4D + north[x + 4] * 0x1B56C4E9
                + north[x + 5] * 0x94D049BB + north2[x - 1] * 0x297A2D39 + north2[x + 1] * 0x2C1B3C6D
                + north2[x + 2] * 0x7FEB352D + north2[x + 3] * 0x846CA68B + north2[x + 4] * 0xBF58476D) & 0xFFFFFFFF

    def _learn_quads(self):
        """The slots learn whose four pixels are there by now."""
        while self.waiting and self.waiting[0][0] + 4 <= len(self.row):
            start, number, tag = self.waiting.pop(0)
            self.model.quad_slots.learn(number, tag, tuple(self.row[start:start + 4]))

    def _quad(self, x):
        self._learn_quads()
        model, coder = self.model, self.coder
        total = self._wide_sum(x)
        found = mix(total, total >> 15)
        number, tag = found >> 16, found & 255
        confidence = model.quad_slots.confidence(number, tag)
        excluded = ()
        if confidence:
            held = model.quad_slots.held[number]
            if coder.adaptive(model.quad, 128 * confidence + self._pattern(x)):
                model.quad_slots.learn(number, tag, held)
                self._add((held[0] * 0x9E3779B1 + held[1] * 0x85EBCA77 + held[2] * 0xC2B2AE3D
                           + held[3] * 0x27D4EB2F & 0xFFFFFFFF) >> 24)
                self.row += held
                return
            right = tree(coder, model.right, 4 * (found >> 20), 2)
            for colour in held[:right]:
                if colour != self.row[-1]:
                    self._add_colour(colour)
                self.row.append(colour)
            excluded = (held[right],)
        self.waiting.append((x, number, tag))
        self._pixel(excluded)

    def _pixel(self, excluded):
        model, row, north = self.model, self.row, self.north
        x = len(row)
        total = self._near_sum(x)
        found = mix(total, total >> 15)
        number, tag = found >> 15, found & 15
        confidence, colour = model.narrow_slots.confidence(number, tag), model.narrow_slots.held[number]
        known, pattern = False, self._pattern(x)
        if confidence and colour not in excluded:
            known = self.coder.adaptive(model.narrow, 128 * (16 * len(excluded) + confidence) + pattern)
            if not known:
                excluded += (colour,)
        if not known:
            colour = self._colour(x, pattern, excluded)
        model.narrow_slots.learn(number, tag, colour)
        if colour != row[-1]:
            self._add_colour(colour)
        row.append(colour)

    def _pattern(self, x):
        """Which of the pixels around are equal."""
        row, north, north2 = self.row, self.north, self.north2
        return ((north[x] == north[x - 1]) + 2 * (north[x + 1] == north[x]) + 4 * (north[x + 2] == north[x + 1])
                + 8 * (north2[x] == north[x]) + 16 * (north2[x + 1] == north[x + 1]) + 32 * (row[x - 1] == north[x]) + 64 * (row[x - 1] == row[x - 2]))

    def _colour(self, x, pattern, excluded):
        around = self.row[-1], self.north[x], self.north[x - 1], self.north[x + 1]
        kind = (0, 2, 3)[len(excluded)]
        return self.model.colours.decode(self.coder, kind, pattern, mix(mix(0, around[0]), around[1]), around, self.history, excluded)
