"""The block map at the head of a frame.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from errors import Malformed
from range_coder import adaptive_table

SKIPPED, COPIED, CODED, OUTSIDE = 0, 1, 2, 3


class MapModel:
    """The probabilities, which live as long as the epoch."""

    def __init__(self):
        self.any_vector = adaptive_table(1)
        self.touched = adaptive_table(3)
        self.cached = adaptive_table(3)
        self.next_slot = adaptive_table(1)
        self.expected_slot = 0  # the last one named in this epoch, plus 1
        self.uniform = adaptive_table(1)
        self.skipped = adaptive_table(16)
        self.copied = adaptive_table(16)
        self.which = adaptive_table(5 * 4)
        self.tile_natural = adaptive_table(3)
        self.lossy = adaptive_table(3)
        self.all_natural = adaptive_table(1)
        self.block_natural = adaptive_table(3)


class Grid:
    """The sizes of the picture in pixels, blocks and tiles."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.blocks_x, self.blocks_y = (width + 7) // 8, (height + 7) // 8
        self.tiles_x, self.tiles_y = (width + 63) // 64, (height + 63) // 64

    def tile_blocks(self, tile):
        """The indices of the tile's blocks, row by row."""
        ty, tx = divmod(tile, self.tiles_x)
        return [by * self.blocks_x + bx
                for by in range(8 * ty, min(8 * ty + 8, self.blocks_y))
                for bx in range(8 * tx, min(8 * tx + 8, self.blocks_x))]

    def tile_area(self, tile):
        """x, y, width and height in pixels."""
        ty, tx = divmod(tile, self.tiles_x)
        return 64 * tx, 64 * ty, min(64, self.width - 64 * tx), min(64, self.height - 64 * ty)

    def block_area(self, block):
        by, bx = divmod(block, self.blocks_x)
        return 8 * bx, 8 * by, min(8, self.width - 8 * bx), min(8, self.height - 8 * by)


class BlockMap:
    """What a frame says of each block and tile."""

    def __init__(self, grid):
        blocks, tiles = grid.blocks_x * grid.blocks_y, grid.tiles_x * grid.tiles_y
        self.grid = grid
        self.vectors = []
        self.kind = bytearray(blocks)  # SKIPPED, COPIED, CODED (or in a cached tile)
        self.vector = [0] * blocks  # of copied blocks
        self.natural = bytearray(blocks)
        self.touched = bytearray(tiles)
        self.slot = [None] * tiles  # of cached tiles
        self.tile_natural = bytearray(tiles)
        self.lossy = bytearray(tiles)


def _signed16(value):
    return value - 65536 if value & 0x8000 else value


class MapReader:
    def __init__(self, grid, model, coder, cache):
        self.grid, self.model, self.coder, self.cache = grid, model, coder, cache
        self.map = BlockMap(grid)

    def read(self):
        coder, result = self.coder, self.map
        if coder.adaptive(self.model.any_vector, 0):
            for _ in range(coder.direct(2) + 1):
                dx = _signed16(coder.direct(16))
                result.vectors.append((dx, _signed16(coder.direct(16))))
        for tile in range(self.grid.tiles_x * self.grid.tiles_y):
            self._tile(tile)
        return result

    def _near_tiles(self, tile, holds):
        """How many of the left and upper tile."""
        count = 0
        if tile % self.grid.tiles_x and holds(tile - 1):
            count += 1
        if tile >= self.grid.tiles_x and holds(tile - self.grid.tiles_x):
            count += 1
        return count

    def _left(self, block):
        return block - 1 if block % self.grid.blocks_x else None

    def _above(self, block):
        return block - self.grid.blocks_x if block >= self.grid.blocks_x else None

    def _tile(self, tile):
        result, model, coder = self.map, self.model, self.coder
        if not coder.adaptive(model.touched, self._near_tiles(tile, lambda t: result.touched[t])):
            return
        result.touched[tile] = 1
        blocks = self.grid.tile_blocks(tile)
        if self.cache.in_use():
            if coder.adaptive(model.cached, self._near_tiles(tile, lambda t: result.slot[t] is not None)):
                result.slot[tile] = self._cached_slot()
                for block in blocks:
                    result.kind[block] = CODED
                return
        if coder.adaptive(model.uniform, 0):
            self._block(blocks[0])
            if result.kind[blocks[0]] == SKIPPED:
                raise Malformed("a uniform tile is skipped")
            for block in blocks[1:]:
                result.kind[block] = result.kind[blocks[0]]
                result.vector[block] = result.vector[blocks[0]]
        else:
            for block in blocks:
                self._block(block)
        coded = [block for block in blocks if result.kind[block] == CODED]
        if coded:
            self._natural(tile, coded)

    def _cached_slot(self):
        if self.coder.adaptive(self.model.next_slot, 0):
            slot = self.model.expected_slot
        else:
            slot = self.coder.direct(12)
        self.model.expected_slot = slot + 1
        self.cache.use(slot)
        return slot

    def _block(self, block):
        result, model, coder = self.map, self.model, self.coder
        left, above = self._left(block), self._above(block)
        context = (4 * (OUTSIDE if left is None else result.kind[left])
                   + (OUTSIDE if above is None else result.kind[above]))
        if coder.adaptive(model.skipped, context):
            return
        if result.vectors and coder.adaptive(model.copied, context):
            result.kind[block] = COPIED
            result.vector[block] = self._which(left, above)
        else:
            result.kind[block] = CODED

    def _which(self, left, above):
        result = self.map
        if len(result.vectors) < 2:
            return 0
        tree = 4
        if left is not None and result.kind[left] == COPIED:
            tree = result.vector[left]
        elif above is not None and result.kind[above] == COPIED:
            tree = result.vector[above]
        high = self.coder.adaptive(self.model.which, 4 * tree + 1)
        which = 2 * high + self.coder.adaptive(self.model.which, 4 * tree + 2 + high)
        if which >= len(result.vectors):
            raise Malformed("a block is copied by a vector that is not there")
        return which

    def _natural(self, tile, coded):
        result, model, coder = self.map, self.model, self.coder
        if not coder.adaptive(model.tile_natural, self._near_tiles(tile, lambda t: result.tile_natural[t])):
            return
        result.tile_natural[tile] = 1
        result.lossy[tile] = coder.adaptive(model.lossy, self._near_tiles(tile, lambda t: result.lossy[t]))
        if result.lossy[tile] or coder.adaptive(model.all_natural, 0):
            for block in coded:
                result.natural[block] = 1
            return
        for block in coded:
            left, above = self._left(block), self._above(block)
            context = ((left is not None and result.natural[left]) + (above is not None and result.natural[above]))
            result.natural[block] = coder.adaptive(model.block_natural, context)
