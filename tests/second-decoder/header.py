"""The head of a message and its sections.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from errors import Malformed

FIRST, LAST, NEW_EPOCH, NATURAL, VIDEO, RESERVED = 1, 2, 4, 8, 64, 128


class Unsupported(Exception):
    """A video section: there is no decoder for it here."""


class _Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise Malformed("the message is too short")
        part = self.data[self.at:self.at + count]
        self.at += count
        return part

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def varint(self, bits):
        value = 0
        for shift in range(0, bits, 7):
            byte = self.number(1)
            value |= (byte & 127) << shift
            if byte < 128:
                if shift and not byte or value >= 1 << bits:
                    raise Malformed("a number in more bytes or bits than it may have")
                return value
        raise Malformed("a number in more bytes than it may have")


class Header:
    pass


def read_header(message):
    """The header, the arithmetic section and the natural section."""
    cursor, header = _Cursor(message), Header()
    flags = cursor.number(1)
    header.first, header.last = bool(flags & FIRST), bool(flags & LAST)
    header.new_epoch = bool(flags & NEW_EPOCH)
    header.quality = flags >> 4 & 3
    if flags & RESERVED or flags & (NEW_EPOCH | VIDEO) and not header.first:
        raise Malformed("the flags break a rule")
    if header.new_epoch and cursor.number(1) != 7:
        raise Malformed("another version")
    header.epoch, header.sequence = cursor.varint(32), cursor.varint(32)
    if header.first:
        header.time_since, header.inputs_since = cursor.varint(48), cursor.varint(16)
    if header.new_epoch:
        header.width, header.height, header.cache_bits = cursor.number(2), cursor.number(2), cursor.number(1)
        if not (1 <= header.width <= 32768 and 1 <= header.height <= 32768
                and header.width * header.height <= 1 << 25):
            raise Malformed("the picture has a size that is not allowed")
        if header.cache_bits > 12:
            raise Malformed("the cache is too large")
    if not (header.first and header.last):
        header.tile_rows = cursor.varint(16)
    arithmetic_length = cursor.varint(24) if flags & NATURAL else None
    if flags & VIDEO:
        raise Unsupported("video")
    rest = len(message) - cursor.at
    arithmetic = cursor.take(rest if arithmetic_length is None else arithmetic_length)
    return header, arithmetic, cursor.take(len(message) - cursor.at)
