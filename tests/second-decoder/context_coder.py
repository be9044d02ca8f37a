"""Runs of pixels of the context coder.

Written for format 5 from docs/picture-context-coder.md and picture-natural.md, by who wrote those pages and the project's source too.
"""

from cells import MASK, Slots, hash2, new_cells, tree
from colour import ColourModel
from errors import Malformed

WHOLE = -1  # as long as the limit


class ContextModel:
    """All that lives as long as the epoch."""

    def __init__(self):
        self.colours = ColourModel()
        self.runs = Slots(0)
        self.guess = new_cells(64)
        self.whole = new_cells(32)
        self.exponent = new_cells(256)
        self.remainder = new_cells(128)
        self.quads = Slots([0, 0, 0, 0])
        self.quad = new_cells(16)
        self.right = new_cells(4)
        self.narrows = Slots(0)
        self.narrow = new_cells(32)


class RunDecoder:
    """Decodes one run. Rows are lists that begin three pixels left of the run; those above end three pixels after it."""

    def __init__(self, model, coder, left, above, above2):
        self.model = model
        self.coder = coder
        self.row = left  # grows by the pixels decoded
        self.above = above
        self.above2 = above2
        self.end = len(above) - 3
        self.history = 0
        self.waiting = []  # (first pixel, hash)

    def _add(self, byte):
        self.history = (self.history << 8 | byte) & 0xFFFF

    def _add_colour(self, colour):
        self._add(hash2(77, colour) >> 24)

    def decode(self):
        row, above, end = self.row, self.above, self.end
        while len(row) < end:
            i = len(row)
            w = row[i - 1]
            if w == above[i] and w == above[i - 1] and w == above[i + 1]:
                limit = 1
                while i + limit < end and above[i + limit + 1] == w:
                    limit += 1
                if limit >= 4 or i + limit == end:
                    self._flat_run(i, w, limit)
                    continue
            if end - i >= 4:
                self._quad(i)
            else:
                self._pixel([])
        self._learn()
        return row[3:]

    def _flat_run(self, here, w, limit):
        model, coder = self.model, self.coder
        north = 1 if self.above2[here] == w else 0
        g = min(limit.bit_length() - 1, 15)
        h = hash2(hash2(13, self.history), north)
        guess, sure = model.runs.find(h >> 20, h & 255)
        asked = sure > 0 and (guess == WHOLE or guess < limit)
        if asked and coder.adaptive(model.guess, 4 * sure + 2 * (guess == WHOLE) + north):
            length = guess
        elif not (asked and guess == WHOLE) and coder.adaptive(model.whole, 2 * g + north):
            length = WHOLE
        else:
            size = tree(coder, model.exponent, 16 * g, 4)
            learnt = min(size, 3)
            high = tree(coder, model.remainder, 8 * size, learnt)
            length = (1 << size) + (high << size - learnt) + coder.direct(size - learnt) - 1
            if length >= limit:
                raise Malformed("a flat run is too long")
        model.runs.learn(h >> 20, h & 255, length)
        self.row.extend([w] * (limit if length == WHOLE else length))
        if length != WHOLE:
            colour = model.colours.decode(coder, (w, w, w), 1, 0, [w], hash2(1, self.history))
            self.row.append(colour)
            self._add_colour(colour)

    def _narrow_sum(self, i):
        row, above = self.row, self.above
        return (row[i - 1] * 0x9E3779B1 + row[i - 2] * 0x165667B1 + above[i] * 0x85EBCA77 + above[i - 1] * 0xC2B2AE3D
                + above[i + 1] * 0x27D4EB2F + self.above2[i] * 0xD3A2646D) & MASK

    def _quad(self, i):
        model, coder, row = self.model, self.coder, self.row
        self._learn()
        nww, ne2, ne3, ne4, ne5 = self.above[i - 2], *self.above[i + 2:i + 6]
        nnw, nne, nne2, nne3, nne4 = self.above2[i - 1], *self.above2[i + 1:i + 5]
        s = (self._narrow_sum(i) + row[i - 3] * 0x68E31DA5 + nww * 0xB55A4F09 + ne2 * 0xFD7046C5 + ne3 * 0xB5297A4D
             + ne4 * 0x1B56C4E9 + ne5 * 0x94D049BB + nnw * 0x297A2D39 + nne * 0x2C1B3C6D + nne2 * 0x7FEB352D
             + nne3 * 0x846CA68B + nne4 * 0xBF58476D) & MASK
        h = hash2(s, s >> 15)
        guess, sure = model.quads.find(h >> 17, h & 255)
        if not sure:
            self.waiting.append((i, h))
            self._pixel([])
            return
        if coder.adaptive(model.quad, sure):
            model.quads.learn(h >> 17, h & 255, guess)
            self._add((guess[0] * 0x9E3779B1 + guess[1] * 0x85EBCA77 + guess[2] * 0xC2B2AE3D + guess[3] * 0x27D4EB2F & MASK) >> 24)
            row.extend(guess)
            return
        self.waiting.append((i, h))
        right = tree(coder, model.right, 0, 2)
        for colour in guess[:right]:
            if colour != row[-1]:
                self._add_colour(colour)
            row.append(colour)
        self._pixel([guess[right]])

    def _learn(self):
        while self.waiting and self.waiting[0][0] + 4 <= len(self.row):
            i, h = self.waiting.pop(0)
            self.model.quads.learn(h >> 17, h & 255, self.row[i:i + 4])

    def _pixel(self, excluded):
        model, coder, row = self.model, self.coder, self.row
        i = len(row)
        w, ww = row[i - 1], row[i - 2]
        nw, n, ne = self.above[i - 1:i + 2]
        s = self._narrow_sum(i)
        h = hash2(s, s >> 15)
        guess, sure = model.narrows.find(h >> 15, h & 15)
        pixel = None
        if sure and guess not in excluded:
            if coder.adaptive(model.narrow, 16 * len(excluded) + sure):
                pixel = guess
            else:
                excluded = [*excluded, guess]
        if pixel is None:
            kind = (0, 2, 3)[len(excluded)]
            pattern = (w == n) + 2 * (n == ne) + 4 * (n == nw) + 8 * (w == ww) + 16 * (self.above2[i] == n)
            pixel = model.colours.decode(coder, (w, n, nw), kind, pattern, excluded, hash2(hash2(0, w), n))
        model.narrows.learn(h >> 15, h & 15, pixel)
        row.append(pixel)
        if pixel != w:
            self._add_colour(pixel)
