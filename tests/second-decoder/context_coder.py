"""Runs of pixels of the context coder.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from cells import MASK, Region, hash2, mixed, new_cell, new_cells, new_sets, plain
from colour import ColourModel
from errors import Malformed

# A slot: colour, tag, its cell (whose third member, the tag byte, is the confidence).
_COLOUR, _TAG, _CELL = 0, 1, 2


class ContextModel:
    """All that lives as long as the epoch."""

    def __init__(self):
        self.colours = ColourModel()
        self.runs = Region(15)  # R
        self.run_sets = new_sets(16)
        self.exponent_sets = new_sets(4)
        self.remainder_sets = new_sets(16)
        self.break_cell = new_cell()
        self.break_guesses = [0] * (1 << 13)  # B
        self.wide = [None] * (1 << 17)  # a slot is made when it is first looked at
        self.narrow = [None] * (1 << 17)
        self.confident_cells = new_cells(512)
        self.joint_cells = new_cells(512)
        self.joint_sets = new_sets(32)
        self.second_cells = new_cells(256)
        self.alone_cells = new_cells(512)
        self.alone_sets = new_sets(16)


class RunDecoder:
    """Decodes one run. Rows are lists that begin three pixels left of the run; those above end three pixels after it."""

    def __init__(self, model, coder, left, above, above2):
        self.model = model
        self.coder = coder
        self.row = left  # grows by the pixels decoded
        self.above = above
        self.above2 = above2
        self.end = len(above) - 3
        self.last_break = None
        self.last_colour = 0
        self.history = 0

    def _remember(self, colour):
        self.history = (self.history << 8 | hash2(77, colour) >> 24) & MASK

    def decode(self):
        row, above, end = self.row, self.above, self.end
        while len(row) < end:
            i = len(row)
            w = row[i - 1]
            if w == above[i] and w == above[i - 1] and w == above[i + 1]:
                self._flat_run(i, w)
            else:
                self._pixel(i, w)
        return row[3:]

    def _flat_run(self, here, w):
        model, coder, above, above2 = self.model, self.coder, self.above, self.above2
        limit_at = here
        while limit_at < self.end and above[limit_at + 1] == w:
            limit_at += 1
        limit = limit_at - here
        dist = 63 if self.last_break is None else min(here - self.last_break, 63)
        g = min(limit.bit_length() - 1, 15)
        lim = limit if limit <= 40 else 40 + g
        find = model.runs.find
        one = find(hash2(11, 2 * (64 * lim + dist) + (above2[here] == w)), 0)
        two = find(hash2(13, hash2(self.history, lim)), 0)
        if mixed(coder, model.run_sets[g], one, two):
            self.row.extend([w] * limit)
            return
        length = self._length(dist, lim)
        if length >= limit:
            raise Malformed("a flat run is too long")
        self.row.extend([w] * length)
        self._break(here + length, length, w)

    def _length(self, dist, lim):
        model, coder, find = self.model, self.coder, self.model.runs.find
        c1, c2 = hash2(21, 64 * dist + lim), hash2(22, self.history)
        node = 1
        for i in (3, 2, 1, 0):
            node = 2 * node + mixed(coder, model.exponent_sets[i], find(c1, node), find(c2, node))
        exponent = node & 15
        m = 1
        for i in range(exponent):
            if i < 5:
                node = 64 * exponent + m + 100
                m = 2 * m + mixed(coder, model.remainder_sets[exponent], find(c1, node), find(c2, node))
            else:
                m = 2 * m + coder.direct(1)
        return m - 1

    def _break(self, i, length, w):
        model, coder = self.model, self.coder
        slot = hash2(hash2(hash2(0, w), self.last_colour), 0) >> 19
        guess = model.break_guesses[slot]
        if guess != w and plain(coder, model.break_cell):
            colour = guess
        else:
            nnw, nn, nne = self.above2[i - 1:i + 2]
            colour = model.colours.decode(coder, w, w, w, w, 1, 0, [w, guess], hash2(length, self.history),
                                          self.history, hash2(hash2(nn, nne), nnw))
        model.break_guesses[slot] = colour
        self.row.append(colour)
        self.last_break = i
        self.last_colour = colour
        self._remember(colour)

    def _pixel(self, i, w):
        model, coder = self.model, self.coder
        www, ww, _ = self.row[i - 3:i]
        nwww, nww, nw, n, ne, nee, neee = self.above[i - 3:i + 4]
        nnww, nnw, nn, nne, nnee = self.above2[i - 2:i + 3]
        s = (w * 0x9E3779B1 + n * 0x85EBCA77 + nw * 0xC2B2AE3D + ne * 0x27D4EB2F + ww * 0x165667B1
             + nn * 0xD3A2646D) & MASK
        at = hash2(s, s >> 15) >> 15
        narrow = model.narrow[at]
        if narrow is None:
            narrow = model.narrow[at] = [0, 0, new_cell()]
        s = (s + nee * 0xFD7046C5 + nww * 0xB55A4F09 + nne * 0x2C1B3C6D + nnw * 0x297A2D39 + nnee * 0x7FEB352D
             + nnww * 0x846CA68B + www * 0x68E31DA5 + neee * 0xB5297A4D + nwww * 0x1B56C4E9) & MASK
        h = hash2(s, s >> 15)
        wide = model.wide[h >> 15]
        if wide is None:
            wide = model.wide[h >> 15] = [0, 0, new_cell()]
        if wide[_TAG] != h & 255:
            wide[_CELL][2] = 0
        pattern = (w == n) + 2 * (n == ne) + 4 * (n == nw) + 8 * (w == ww) + 16 * (nn == n)
        pixel, kind, excluded = self._ask_slots(wide, narrow, pattern)
        if pixel is None:
            pixel = model.colours.decode(coder, w, n, ne, nw, kind, pattern, excluded, hash2(hash2(0, w), n),
                                         hash2(hash2(0, n), ne), hash2(self.history, 7))
        self.row.append(pixel)
        _learn(wide, pixel, h & 255)
        _learn(narrow, pixel, 0)
        if pixel != w:
            self._remember(pixel)

    def _ask_slots(self, wide, narrow, pattern):
        """The pixel if a slot has it, the kind of its colour if not, and the colours it is not."""
        model, coder = self.model, self.coder
        wide_colour, narrow_colour = wide[_COLOUR], narrow[_COLOUR]
        a, b = wide[_CELL][2], narrow[_CELL][2]
        if a:
            agree = 1 if b and wide_colour == narrow_colour else 0
            j = 2 * (16 * a + b) + agree
            if agree and a >= 6:
                bit = plain(coder, model.confident_cells[j])
            else:
                bit = mixed(coder, model.joint_sets[2 * a + agree], model.joint_cells[j], wide[_CELL])
            if bit:
                return wide_colour, 2, None
            if not b or agree:
                return None, 2, [wide_colour]
            if plain(coder, model.second_cells[16 * b + a]):
                return narrow_colour, 2, None
            return None, 2, [wide_colour, narrow_colour]
        if b:
            if mixed(coder, model.alone_sets[b], model.alone_cells[32 * b + pattern], narrow[_CELL]):
                return narrow_colour, 3, None
            return None, 3, [narrow_colour]
        return None, 8 + pattern, []


def _learn(slot, pixel, tag):
    cell = slot[_CELL]
    confidence = cell[2]
    if confidence == 0:
        slot[_COLOUR], slot[_TAG] = pixel, tag
        cell[:] = 49152, 0, 1
    elif slot[_COLOUR] == pixel:
        if confidence < 15:
            cell[2] = confidence + 1
    elif confidence >= 4:
        cell[2] = confidence >> 2
    else:
        slot[_COLOUR], slot[_TAG] = pixel, tag
        cell[2] = 1
