"""The cache of tiles.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from errors import Malformed


class TileCache:
    def __init__(self, bits):
        if bits > 12:
            raise Malformed("the cache is too large")
        self.capacity = 1 << bits if bits else 0
        self.tiles = []  # by slot: width, height, rows of pixels
        self.order = {}  # slots, the least recently used first

    def in_use(self):
        return bool(self.tiles)

    def use(self, slot):
        """The slot becomes the most recently used."""
        if slot not in self.order:
            raise Malformed("a cache slot is not in use")
        del self.order[slot]
        self.order[slot] = True

    def get(self, slot):
        return self.tiles[slot]

    def put(self, width, height, rows):
        if not self.capacity:
            return
        if len(self.tiles) < self.capacity:
            slot = len(self.tiles)
            self.tiles.append(None)
        else:
            slot = next(iter(self.order))
            del self.order[slot]
        self.tiles[slot] = (width, height, rows)
        self.order[slot] = True
