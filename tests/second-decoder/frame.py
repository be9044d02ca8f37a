"""Messages and frames.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

import sys
from array import array

from bits import BitReader
from block_map import CODED, COPIED, Grid, MapModel, MapReader
from context_coder import ContextModel, RunDecoder
from errors import Malformed
from header import read_header
from natural_lossless import decode_lossless
from natural_lossy import decode_lossy
from range_coder import RangeDecoder
from tile_cache import TileCache


class Picture:
    """The pixels (0x00RRGGBB) and which blocks are inexact."""

    def __init__(self, width, height):
        self.grid = Grid(width, height)
        self.width, self.height = width, height
        self.pixels = array("I", bytes(4 * width * height))
        self.inexact = bytearray(b"\1" * (self.grid.blocks_x * self.grid.blocks_y))

    def rows(self, x, y, width, height):
        return [self.pixels[at:at + width]
                for at in range(y * self.width + x, (y + height) * self.width + x, self.width)]

    def put(self, x, y, rows):
        at = y * self.width + x
        for row in rows:
            self.pixels[at:at + len(row)] = row
            at += self.width

    def context_row(self, y, start, end):
        """Pixels as contexts read them: 0 outside the picture and in inexact blocks."""
        if y < 0:
            return [0] * (end - start)
        first, last = max(start, 0), min(end, self.width)
        base = y * self.width
        row = self.pixels[base + first:base + last].tolist() if last > first else []
        row = [0] * (first - start) + row + [0] * (end - max(last, first))
        blocks = (y >> 3) * self.grid.blocks_x
        for block in range(first >> 3, (last + 7) >> 3):
            if self.inexact[blocks + block]:
                for x in range(max(8 * block, first), min(8 * block + 8, last)):
                    row[x - start] = 0
        return row

    def to_bytes(self):
        """Rows from the top, bytes B G R 0."""
        pixels = self.pixels
        if pixels.itemsize != 4:
            raise RuntimeError("an array of I does not have 32 bits here")
        if sys.byteorder == "big":
            pixels = array("I", pixels)
            pixels.byteswap()
        return pixels.tobytes()


class Decoder:
    """Decodes the messages of one session."""

    def __init__(self):
        self.picture = None
        self.sequence = 0
        self.epoch = None
        self.capture_time = self.inputs = 0
        self.map = None  # of the frame whose parts are being read
        self.quality = 0
        self.next_row = 0  # of tiles

    def decode(self, message):
        """Decodes a message; returns the picture after the last part of a frame, else None."""
        header, arithmetic, bits = read_header(message)
        coder = RangeDecoder(arithmetic)
        self._begin(header, coder)
        grid = self.picture.grid
        whole = header.first and header.last
        rows = grid.tiles_y if whole else header.tile_rows
        end = self.next_row + rows
        if rows < 1 or end > grid.tiles_y or header.last != (end == grid.tiles_y):
            raise Malformed("the parts are not the picture")
        reader = BitReader(bits)
        for tile_row in range(self.next_row, end):
            self._natural_row(tile_row, reader)
            self._context_row_of_tiles(tile_row, coder)
        coder.finish()
        reader.finish()
        self.next_row = end
        if not header.last:
            return None
        self._fill_cache()
        self.map = None
        return self.picture

    def _begin(self, header, coder):
        if not header.first:
            if (self.map is None or header.epoch != self.epoch or header.sequence != self.sequence
                    or header.quality != self.quality):
                raise Malformed("a part without its frame")
            return
        if self.map is not None:
            raise Malformed("a frame begins before the last has ended")
        if header.new_epoch:
            if header.sequence <= self.sequence or self.epoch is not None and header.epoch <= self.epoch:
                raise Malformed("an epoch begins that is not new")
            self.picture = Picture(header.width, header.height)
            self.map_model = MapModel()
            self.context_model = ContextModel()
            self.cache = TileCache(header.cache_bits)
            self.capture_time = self.inputs = 0
        elif self.picture is None or header.sequence != self.sequence + 1 or header.epoch != self.epoch:
            raise Malformed("a frame is not the next one")
        self.sequence, self.epoch, self.quality = header.sequence, header.epoch, header.quality
        self.capture_time = (self.capture_time + header.time_since) & (1 << 48) - 1
        self.inputs = (self.inputs + header.inputs_since) & 0xFFFF
        self.next_row = 0
        self.map = MapReader(self.picture.grid, self.map_model, coder, self.cache).read()
        sources = self._copied_sources()
        self._change_states()
        for x, y, pixels in sources:
            self.picture.put(x, y, pixels)
        self._show_cached()

    def _copied_sources(self):
        """The pixels of copied blocks and, kept for the states, whether their source is inexact."""
        picture, grid = self.picture, self.picture.grid
        found, self.copies_inexact = [], {}
        for block, kind in enumerate(self.map.kind):
            if kind != COPIED:
                continue
            x, y, width, height = grid.block_area(block)
            dx, dy = self.map.vectors[self.map.vector[block]]
            sx, sy = x + dx, y + dy
            if sx < 0 or sy < 0 or sx + width > picture.width or sy + height > picture.height:
                raise Malformed("a copy's source is outside the picture")
            found.append((x, y, picture.rows(sx, sy, width, height)))
            self.copies_inexact[block] = any(
                picture.inexact[by * grid.blocks_x + bx]
                for by in range(sy >> 3, ((sy + height - 1) >> 3) + 1)
                for bx in range(sx >> 3, ((sx + width - 1) >> 3) + 1))
        return found

    def _change_states(self):
        grid, inexact = self.picture.grid, self.picture.inexact
        for tile in range(grid.tiles_x * grid.tiles_y):
            lossy = self.map.lossy[tile]
            for block in grid.tile_blocks(tile):
                kind = self.map.kind[block]
                if kind == COPIED:
                    inexact[block] = self.copies_inexact[block]
                elif kind == CODED:
                    inexact[block] = lossy and self.map.natural[block]

    def _show_cached(self):
        grid = self.picture.grid
        for tile, slot in enumerate(self.map.slot):
            if slot is None:
                continue
            x, y, width, height = grid.tile_area(tile)
            cached_width, cached_height, rows = self.cache.get(slot)
            if (cached_width, cached_height) != (width, height):
                raise Malformed("a cached tile has another size than its place")
            self.picture.put(x, y, rows)

    def _natural_row(self, tile_row, reader):
        grid = self.picture.grid
        for tile in range(tile_row * grid.tiles_x, (tile_row + 1) * grid.tiles_x):
            if not self.map.tile_natural[tile]:
                continue
            x, y, width, height = grid.tile_area(tile)
            coded = [[False] * 8 for _ in range(8)]  # by row and column of blocks
            blocks = [block for block in grid.tile_blocks(tile) if self.map.natural[block]]
            for block in blocks:
                by, bx = divmod(block, grid.blocks_x)
                coded[by & 7][bx & 7] = True
            if self.map.lossy[tile]:
                rows = decode_lossy(reader, width, height, self.quality, coded)
            else:
                rows = decode_lossless(reader, width, height, coded)
            for block in blocks:
                bx, by, block_width, block_height = grid.block_area(block)
                self.picture.put(bx, by, [array("I", row[bx - x:bx - x + block_width])
                                          for row in rows[by - y:by - y + block_height]])

    def _context_row_of_tiles(self, tile_row, coder):
        grid, picture = self.picture.grid, self.picture
        for by in range(8 * tile_row, min(8 * tile_row + 8, grid.blocks_y)):
            runs = self._runs(by)
            if not runs:
                continue
            for y in range(8 * by, min(8 * by + 8, picture.height)):
                for start, end in runs:
                    run = RunDecoder(self.context_model, coder, picture.context_row(y, start - 3, start),
                                     picture.context_row(y - 1, start - 3, end + 3),
                                     picture.context_row(y - 2, start - 3, end + 3))
                    base = y * picture.width
                    picture.pixels[base + start:base + end] = array("I", run.decode())

    def _runs(self, by):
        """Start and end of the runs of neighbouring context-coded blocks."""
        grid, found, start = self.picture.grid, [], None
        for bx in range(grid.blocks_x + 1):
            block = by * grid.blocks_x + bx
            coded = False
            if bx < grid.blocks_x:
                coded = (self.map.kind[block] == CODED and not self.map.natural[block]
                         and self.map.slot[(by >> 3) * grid.tiles_x + (bx >> 3)] is None)
            if coded and start is None:
                start = 8 * bx
            elif not coded and start is not None:
                found.append((start, min(8 * bx, grid.width)))
                start = None
        return found

    def _fill_cache(self):
        grid = self.picture.grid
        for tile, slot in enumerate(self.map.slot):
            if slot is not None or self.map.lossy[tile]:
                continue
            blocks = grid.tile_blocks(tile)
            if (sum(self.map.kind[block] == CODED for block in blocks) >= 24
                    and not any(self.picture.inexact[block] for block in blocks)):
                x, y, width, height = grid.tile_area(tile)
                self.cache.put(width, height, self.picture.rows(x, y, width, height))
