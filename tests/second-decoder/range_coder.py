"""The range decoder.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from errors import Malformed


class RangeDecoder:
    def __init__(self, payload):
        self.length = len(payload)
        self.data = bytes(payload) + b"\0\0\0\0"  # at most four zeros are read past the end
        self.code = int.from_bytes(self.data[:4], "big")
        self.at = 4
        self.range = 0xFFFFFFFF

    def bit(self, z):
        """A bit that is 0 with probability z / 2^16."""
        span = self.range
        bound = (span >> 16) * z
        if self.code < bound:
            span = bound
            bit = 0
        else:
            self.code -= bound
            span -= bound
            bit = 1
        while span < 0x1000000:
            if self.at >= len(self.data):
                raise Malformed("the arithmetic section is too short")
            self.code = self.code << 8 | self.data[self.at]
            self.at += 1
            span <<= 8
        self.range = span
        return bit

    def direct(self, count):
        value = 0
        for _ in range(count):
            value = value << 1 | self.bit(0x8000)
        return value

    def adaptive(self, table, index):
        """A bit by the 16-bit probability table[index], which learns."""
        z = table[index]
        bit = self.bit(z)
        table[index] = z - (z >> 5) if bit else z + ((0x10000 - z) >> 5)
        return bit

    def finish(self):
        """Demands that the payload ends exactly as the encoder ends it."""
        last = int.from_bytes(self.data[self.at - 4:self.at], "big")
        low = (last - self.code) & 0xFFFFFFFF
        taken, value = 4, low
        for k in range(4):
            mask = (1 << (32 - 8 * k)) - 1
            candidate = (low + mask) & ~mask & 0xFFFFFFFF
            if (candidate - low) & 0xFFFFFFFF < self.range:
                taken, value = k, candidate
                break
        if self.length != self.at - 4 + taken or value != last:
            raise Malformed("the arithmetic section does not end where it should")


def adaptive_table(count):
    return [0x8000] * count
