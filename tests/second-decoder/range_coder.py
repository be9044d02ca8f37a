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
        """A bit by the adaptive bit table[index], which learns."""
        cell = table[index]
        bit = self.bit(cell[0])
        learn(cell, bit)
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


_RATES = [655360 // (10 * n + 16) for n in range(31)]


def learn(cell, bit):
    """Moves an adaptive bit, a list of its probability and how much it has learnt from, towards the bit."""
    z, n = cell[:2]
    cell[0] = z - (z * _RATES[n] >> 16) if bit else z + ((0x10000 - z) * _RATES[n] >> 16)
    cell[1] = min(n + 1, 30)


def adaptive_table(count):
    return [[0x8000, 0] for _ in range(count)]
