"""The bit stream of natural tiles.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from errors import Malformed


class BitReader:
    """A byte's highest bit comes first. Past the end are zeros, which check() refuses."""

    def __init__(self, payload):
        self.length = 8 * len(payload)
        self.data = bytes(payload) + bytes(8)
        self.at = 0

    def peek(self, count):
        """At most 24 bits, without going on."""
        byte = self.at >> 3
        return (int.from_bytes(self.data[byte:byte + 4].ljust(4, b"\0"), "big")
                >> (32 - count - (self.at & 7)) & ((1 << count) - 1))

    def read(self, count):
        value = self.peek(count)
        self.at += count
        return value

    def check(self):
        if self.at > self.length:
            raise Malformed("the natural section is too short")

    def finish(self):
        self.check()
        rest = self.length - self.at
        if rest >= 8 or self.read(rest):
            raise Malformed("the natural section is too long or its padding is not zero")
