"""Lossless natural tiles.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from errors import Malformed
from natural_tables import state_table

_LIMITS = (0, 2, 4, 8, 14, 28, 72)
_BELOW = [sum(limit < energy for limit in _LIMITS) for energy in range(_LIMITS[-1] + 2)]  # above all limits: the last


def _residual(folded):
    return -(folded + 1 >> 1) if folded & 1 else folded >> 1


class _Tile:
    """The states, and of each component the values and magnitudes kept, one a column."""

    def __init__(self, reader, columns):
        self.reader = reader
        red, green, blue = (reader.read(8) for _ in range(3))
        self.states = [reader.read(9) for _ in range(4)]
        self.values = [[value] * columns for value in (green, red - green + 128 & 255, blue - green + 128 & 255)]
        self.magnitudes = [[0] * columns for _ in range(3)]
        self.older = [[0] * columns for _ in range(3)]

    def row(self, columns):
        """Reads a row: residuals of all components, of which the values are made."""
        green, *others = [self._residuals(component, columns) for component in range(3)]
        self._change_values(0, columns, green)
        for component, residuals in enumerate(others, 1):
            self._change_values(component, columns, [-residual if first < 0 else residual for first, residual in zip(green, residuals)])

    def _residuals(self, component, columns):
        above, older = self.magnitudes[component], self.older[component]
        before = self.magnitudes[component - 1] if component else None
        last = len(above) - 1
        summed = [sum(magnitudes) for magnitudes in zip(*self.magnitudes[:component + 1])]
        found, kept = [], list(above)
        for x in columns:
            energy = above[max(x - 1, 0)] + above[min(x + 1, last)] + older[x] + 2 * summed[x]
            context = _BELOW[min(energy, len(_BELOW) - 1)]
            if before:
                context += 15 if before[x] else 8
            residual = self._symbol(context, x & 3)
            found.append(residual)
            kept[x] = abs(residual)
        self.older[component], self.magnitudes[component] = above, kept
        return found

    def _symbol(self, context, number):
        """A residual, by the state of this number."""
        reader = self.reader
        token, bits, base = state_table(context)[self.states[number]]
        self.states[number] = base + reader.read(bits)
        if token < 8:
            return _residual(token)
        size = 2 + (token - 8) // 2
        return _residual(((2 + (token & 1)) << size) + reader.read(size))

    def _change_values(self, component, columns, residuals):
        above = self.values[component]
        row = list(above)
        for x, residual in zip(columns, residuals):
            north = above[x]
            west, northwest = (row[x - 1], above[x - 1]) if x else (north, north)
            row[x] = sorted((west, north, west + north - northwest))[1] + residual & 255
        self.values[component] = row

    def pixels(self, width):
        """The row of values as pixels."""
        return [(first + green - 128 & 255) << 16 | green << 8 | (second + green - 128 & 255)
                for green, first, second in zip(*(values[:width] for values in self.values))]


def decode_lossless(reader, width, height, coded):
    """Rows of pixels of a tile; `coded` says which blocks are, by row and column. What is not coded is black."""
    rows = [[0] * width for _ in range(height)]
    blocks_x, blocks_y = (width + 7) // 8, (height + 7) // 8
    blocks = [[bx for bx in range(blocks_x) if coded[by][bx]] for by in range(blocks_y)]
    if not any(blocks):
        return rows
    tile = _Tile(reader, 8 * blocks_x)
    for y in range(height):
        columns = [x for bx in blocks[y >> 3] for x in range(8 * bx, 8 * bx + 8)]
        if not columns:
            continue
        tile.row(columns)
        pixels = tile.pixels(width)
        for bx in blocks[y >> 3]:
            rows[y][8 * bx:8 * bx + 8] = pixels[8 * bx:8 * bx + 8]
    reader.check()
    if any(tile.states):
        raise Malformed("a lossless tile does not end where its encoder began")
    return rows
