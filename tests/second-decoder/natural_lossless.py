"""Lossless natural tiles.

Written for format 5 from docs/picture-context-coder.md and picture-natural.md, by who wrote those pages and the project's source too.
"""

from errors import Malformed
from natural_tables import state_table

_LIMITS = (0, 2, 4, 7, 12, 25, 100)
_CONTEXTS = len(_LIMITS) + 1


class _Component:
    def __init__(self, number, start, columns):
        self.first_context = _CONTEXTS if number else 0
        self.values = [start] * columns
        self.magnitudes = [0] * columns
        self.residuals = [0] * columns

    def read(self, reader, columns, states, before):
        """A row's residuals. `before`: the components whose row is read."""
        kept, last = self.magnitudes, len(self.magnitudes) - 1
        contexts = []
        for x in columns:
            here = kept[x] + sum(other.magnitudes[x] for other in before)
            energy = kept[max(x - 1, 0)] + kept[min(x + 1, last)] + 2 * here
            contexts.append(self.first_context + sum(limit < energy for limit in _LIMITS))
        for x, context in zip(columns, contexts):
            token, bits, base = state_table(context)[states[x & 3]]
            states[x & 3] = base + reader.read(bits)
            folded = token
            if token >= 8:
                extra = 2 + ((token - 8) >> 1)
                folded = ((2 + (token & 1)) << extra) + reader.read(extra)
            self.residuals[x] = -((folded + 1) >> 1) if folded & 1 else folded >> 1
        for x in columns:
            self.magnitudes[x] = abs(self.residuals[x])

    def predict(self, columns):
        above, row = self.values, list(self.values)
        for x in columns:
            n = above[x]
            w, nw = (row[x - 1], above[x - 1]) if x else (n, n)
            row[x] = (sorted((w, n, w + n - nw))[1] + self.residuals[x]) & 255
        self.values = row


def decode_lossless(reader, width, height, coded):
    """Rows of pixels of a tile, right where `coded` (by row and column of blocks) says so."""
    red, green, blue = reader.read(8), reader.read(8), reader.read(8)
    states = [reader.read(9) for _ in range(4)]
    w = (width + 7) & ~7
    components = [_Component(number, start, w)
                  for number, start in enumerate((green, (red - green + 128) & 255, (blue - green + 128) & 255))]
    rows = []
    for y in range(height):
        columns = [x for x in range(w) if coded[y >> 3][x >> 3]]
        row = [0] * width
        rows.append(row)
        if not columns:
            continue
        for number, component in enumerate(components):
            component.read(reader, columns, states, components[:number])
        for component in components:
            component.predict(columns)
        for x in columns:
            if x < width:
                g, r, b = (component.values[x] for component in components)
                row[x] = ((r + g - 128) & 255) << 16 | g << 8 | (b + g - 128) & 255
        reader.check()
    if any(states):
        raise Malformed("a lossless tile does not end in states 0")
    return rows
