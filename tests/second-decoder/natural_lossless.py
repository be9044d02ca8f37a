"""Lossless natural tiles.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from errors import Malformed
from natural_tables import state_table

_LIMITS = (0, 1, 2, 3, 4, 6, 8, 11, 14, 18, 23, 30, 40, 55, 80)
_CONTEXT = [sum(limit < energy for limit in _LIMITS) for energy in range(82)]


class _Component:
    def __init__(self, start, first_context, width):
        self.state = 0
        self.tables = [state_table(first_context + i) for i in range(16)]
        self.above = [start] * width
        self.above_magnitudes = [0] * width
        self.row = self.magnitudes = None

    def begin_row(self):
        self.row = list(self.above)  # columns that are not coded take what is above
        self.magnitudes = list(self.above_magnitudes)

    def end_row(self):
        self.above, self.above_magnitudes = self.row, self.magnitudes

    def decode(self, reader, x, before):
        """The value at column x, kept in the row; returns its magnitude. `before`: magnitudes of the components before."""
        above, row, magnitudes = self.above, self.row, self.magnitudes
        above_magnitudes = self.above_magnitudes
        n, mn = above[x], above_magnitudes[x]
        if x:
            w, mw, nw, mnw = row[x - 1], magnitudes[x - 1], above[x - 1], above_magnitudes[x - 1]
        else:
            w, mw, nw, mnw = n, mn, n, mn
        if x + 1 < len(above):
            ne, mne = above[x + 1], above_magnitudes[x + 1]
        else:
            ne, mne = n, mn
        energy = (abs(w - nw) + abs(n - nw) + abs(ne - n) + 4 * (mw + mn + before) + 2 * (mnw + mne)) >> 2
        token, bits, base = self.tables[_CONTEXT[energy] if energy < 81 else 15][self.state]
        self.state = base + reader.read(bits)
        if token < 8:
            folded = token
        else:
            extra = 2 + ((token - 8) >> 1)
            folded = ((2 + (token & 1)) << extra) + reader.read(extra)
        prediction = w + n - nw
        if w < n:
            prediction = w if prediction < w else n if prediction > n else prediction
        else:
            prediction = n if prediction < n else w if prediction > w else prediction
        if folded & 1:
            magnitude = (folded + 1) >> 1
            row[x] = (prediction - magnitude) & 255
        else:
            magnitude = folded >> 1
            row[x] = (prediction + magnitude) & 255
        magnitudes[x] = magnitude
        return magnitude


def decode_lossless(reader, width, height, coded):
    """Rows of pixels of a tile, right where `coded` (by row and column of blocks) says so."""
    red, green, blue = reader.read(8), reader.read(8), reader.read(8)
    components = [_Component(green, 0, width), _Component((red - green + 128) & 255, 16, width),
                  _Component((blue - green + 128) & 255, 16, width)]
    for component in components:
        component.state = reader.read(10)
    first, second, third = components
    rows = []
    for y in range(height):
        columns = [x for x in range(width) if coded[y >> 3][x >> 3]]
        row = [0] * width
        rows.append(row)
        if not columns:
            continue
        for component in components:
            component.begin_row()
        for x in columns:
            magnitude = first.decode(reader, x, 0)
            magnitude += second.decode(reader, x, magnitude)
            third.decode(reader, x, magnitude)
            g = first.row[x]
            row[x] = ((second.row[x] + g - 128) & 255) << 16 | g << 8 | (third.row[x] + g - 128) & 255
        for component in components:
            component.end_row()
        reader.check()
    if any(component.state for component in components):
        raise Malformed("a lossless tile does not end in state 0")
    return rows
