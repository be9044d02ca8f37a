"""The tables of natural tiles: those of the page are parsed from its code blocks, those of ITU-T T.81 are written out.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

import re
from functools import lru_cache
from math import cos, pi, sqrt
from pathlib import Path

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "picture-natural.md").read_text(encoding="utf-8")
CODE_LISTS = re.findall(r'^"([^"]+)",$', _PAGE, re.MULTILINE)
FREQUENCIES = [[int(number) for number in line.split(",")]
               for line in re.findall(r"^\[([0-9, ]+)\],$", _PAGE, re.MULTILINE)]
if (len(CODE_LISTS), len(FREQUENCIES)) != (52, 23) or any(len(f) != 18 or sum(f) != 512 for f in FREQUENCIES):
    raise RuntimeError("the tables of the page cannot be read")

# ITU-T T.81, K.1 (brightness) and K.2 (colour), by vertical frequency and horizontal frequency.
_BRIGHTNESS = """
16 11 10 16 24 40 51 61
12 12 14 19 26 58 60 55
14 13 16 24 40 57 69 56
14 17 22 29 51 87 80 62
18 22 37 56 68 109 103 77
24 35 55 64 81 104 113 92
49 64 78 87 103 121 120 101
72 92 95 98 112 100 103 99"""
_COLOUR = """
17 18 24 47 99 99 99 99
18 21 26 66 99 99 99 99
24 26 56 99 99 99 99 99
47 66 99 99 99 99 99 99
99 99 99 99 99 99 99 99
99 99 99 99 99 99 99 99
99 99 99 99 99 99 99 99
99 99 99 99 99 99 99 99"""


def _zigzag():
    """The place in rows of eight (8 v + u) of each place of the order."""
    found = []
    for diagonal in range(15):
        line = [(diagonal - u, u) for u in range(8) if 0 <= diagonal - u < 8]  # from the lower left
        found += line if diagonal % 2 == 0 else line[::-1]
    return [8 * v + u for v, u in found]


ZIGZAG = _zigzag()


@lru_cache(maxsize=None)
def factors(percent, colour):
    """By place of the zigzag: what a level is multiplied by."""
    numbers = [int(text) for text in (_COLOUR if colour else _BRIGHTNESS).split()]
    scale = [1.0] + [sqrt(2) * cos(k * pi / 16) for k in range(1, 8)]
    found = []
    for place in ZIGZAG:
        step = max(1, (numbers[place] * percent + 50) // 100)
        found.append(round(32 * step * scale[place & 7] * scale[place >> 3]))
    return found


@lru_cache(maxsize=None)
def prefix_table(index):
    """By the next twelve bits: 256 · symbol + length of the code."""
    table, code, previous = [None] * 4096, 0, 0
    for length, group in enumerate(CODE_LISTS[index].split(), 1):
        code <<= length - previous
        previous = length
        if group == "-":
            continue
        for symbol in bytes.fromhex(group):
            first = code << (12 - length)
            count = 1 << (12 - length)
            table[first:first + count] = [256 * symbol + length] * count
            code += 1
    if len(table) != 4096 or None in table:
        raise RuntimeError("a code list is not complete")
    return table


@lru_cache(maxsize=None)
def state_table(context):
    """By state: the token, the number of bits and the base."""
    frequencies = FREQUENCIES[context]
    tokens, place = [0] * 512, 0
    for token, frequency in enumerate(frequencies):
        for _ in range(frequency):
            tokens[place] = token
            place = (place + 323) % 512
    counters, table = list(frequencies), []
    for token in tokens:
        x = counters[token]
        counters[token] = x + 1
        bits = 9 - (x.bit_length() - 1)
        table.append((token, bits, (x << bits) - 512))
    return table
