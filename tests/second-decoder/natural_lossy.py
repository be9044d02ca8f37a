"""Lossy natural tiles.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from errors import Malformed
from inverse_transform import samples
from natural_tables import ZIGZAG, factors, prefix_table

_PERCENT = (100, 50, 50, 20)  # by quality
_HALF_COLOUR = (True, True, False, False)


def _below(limits, value):
    return sum(limit < value for limit in limits)


_FIRST_LIST = [_below((0, 2, 5, 10, 18), activity) for activity in range(127)]
_ACTIVITY_LIST = [4 * _below((0, 3, 8, 16), activity) for activity in range(127)]
_BAND = [_below((0, 3, 10), k) for k in range(63)]


def _symbol(reader, index):
    entry = prefix_table(index)[reader.peek(12)]
    reader.at += entry & 255
    return entry >> 8


def _value(reader, size):
    if size == 0:
        return 0
    value = reader.read(size)
    return value if value >> (size - 1) else value - (1 << size) + 1


class _Component:
    """The blocks and samples of one component of a tile."""

    def __init__(self, reader, colour, percent, size):
        self.reader = reader
        self.colour = colour
        self.factors = factors(percent, colour)
        self.plane = [[0] * size for _ in range(size)]
        self.coded = {}  # by column and row: level at place 0 and number of others that are not 0

    def block(self, bx, by):
        left, upper = self.coded.get((bx - 1, by)), self.coded.get((bx, by - 1))
        if left and upper:
            prediction, activity = (left[0] + upper[0]) >> 1, left[1] + upper[1]
        elif left or upper:
            prediction, activity = (left or upper)[0], 2 * (left or upper)[1]
        else:
            prediction, activity = 0, 10
        reader, scale = self.reader, self.factors
        size = _symbol(reader, (6 if self.colour else 0) + _FIRST_LIST[activity])
        level = prediction + _value(reader, size)
        coefficients = [0] * 64
        coefficients[0] = _signed(level * scale[0])
        count = self._others(reader, scale, coefficients, 12 + (20 if self.colour else 0) + _ACTIVITY_LIST[activity])
        self.coded[bx, by] = level, count
        for y, row in enumerate(samples(coefficients), 8 * by):
            self.plane[y][8 * bx:8 * bx + 8] = row

    def _others(self, reader, scale, coefficients, lists):
        k = count = 0
        while k < 63:
            symbol = _symbol(reader, lists + _BAND[k])
            if symbol == 0:
                break
            if symbol == 0x0F:
                run, size = reader.read(6), reader.read(4)
                if not 1 <= size <= 11:
                    raise Malformed("a level has a size that is not allowed")
            else:
                run, size = symbol >> 4, symbol & 15
            k += run + 1
            if k > 63:
                raise Malformed("a level is outside its block")
            level = _value(reader, size)
            if level:
                count += 1
                coefficients[ZIGZAG[k]] = _signed(level * scale[k])
        return count


def _signed(number):
    return ((number + 0x80000000) & 0xFFFFFFFF) - 0x80000000


def _double(plane, macroblocks):
    """Colour in half resolution, made 64×64."""
    down = {}
    for mx, my in macroblocks:
        left = 8 * mx
        for y in range(16 * my, 16 * my + 16):
            n = y >> 1
            far = n + 1 if y & 1 else n - 1
            if far >> 3 != my and (mx, far >> 3) not in macroblocks:
                far = n
            down[mx, y] = [3 * a + b for a, b in zip(plane[n][left:left + 8], plane[far][left:left + 8])]
    full = [[0] * 64 for _ in range(64)]
    for (mx, y), row in down.items():
        before, after = down.get((mx - 1, y)), down.get((mx + 1, y))
        line = [before[7] if before else row[0], *row, after[0] if after else row[7]]
        out = []
        for x in range(1, 9):
            middle = 3 * line[x]
            out.append((middle + line[x - 1] + 8) >> 4)
            out.append((middle + line[x + 1] + 7) >> 4)
        full[y][16 * mx:16 * mx + 16] = out
    return full


def _held(value):
    return 0 if value < 0 else 255 if value > 255 else value


def _pixels(brightness, blue, red):
    """A row of pixels from rows of Y, Cb and Cr."""
    row = []
    for y, cb, cr in zip(brightness, blue, red):
        cb -= 128
        cr -= 128
        row.append(_held(y + cr + ((103 * cr + 128) >> 8)) << 16
                   | _held(y - cr - ((88 * cb - 73 * cr + 128) >> 8)) << 8
                   | _held(y + ((227 * cb + 64) >> 7)))
    return row


def decode_lossy(reader, width, height, quality, natural):
    """Rows of pixels of a tile; `natural` says which blocks are natural, by row and column."""
    half, percent = _HALF_COLOUR[quality], _PERCENT[quality]
    macroblocks = {(mx, my): None for my in range(4) for mx in range(4)
                   if any(natural[by][bx] for by in (2 * my, 2 * my + 1) for bx in (2 * mx, 2 * mx + 1))}
    components = [_Component(reader, False, percent, 64)]
    components += [_Component(reader, True, percent, 32 if half else 64) for _ in range(2)]
    for mx, my in macroblocks:
        for component in components:
            if half and component.colour:
                component.block(mx, my)
                continue
            for by in (2 * my, 2 * my + 1):
                for bx in (2 * mx, 2 * mx + 1):
                    if 8 * bx < width and 8 * by < height:
                        component.block(bx, by)
    reader.check()
    planes = [component.plane for component in components]
    if half:
        planes[1:] = [_double(plane, macroblocks) for plane in planes[1:]]
    rows = [[0] * width for _ in range(height)]
    for mx, my in macroblocks:
        area = slice(16 * mx, min(16 * mx + 16, width))
        for y in range(16 * my, min(16 * my + 16, height)):
            rows[y][area] = _pixels(*(plane[y][area] for plane in planes))
    return rows
