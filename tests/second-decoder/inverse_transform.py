"""The inverse transform of lossy tiles.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
Sums are left to grow: they are brought back to 32 bits where that matters, before a shift.
"""

_HALF, _MASK = 0x80000000, 0xFFFFFFFF
_NONE = (0,) * 8


def _step(i0, i1, i2, i3, i4, i5, i6, i7):
    e0 = i0 + i4
    e1 = i0 - i4
    e3 = i2 + i6
    e2 = ((((i2 - i6) * 2896 + _HALF) & _MASK) - _HALF >> 11) - e3
    p0 = e0 + e3
    p3 = e0 - e3
    p1 = e1 + e2
    p2 = e1 - e2
    s = i5 + i3
    d = i5 - i3
    t = i1 + i7
    w = i1 - i7
    z = (((d + w) * 3784 + _HALF) & _MASK) - _HALF >> 11
    q7 = t + s
    q6 = z - (((d * 5352 + _HALF) & _MASK) - _HALF >> 11) - q7
    q5 = ((((t - s) * 2896 + _HALF) & _MASK) - _HALF >> 11) - q6
    q4 = (((w * 2217 + _HALF) & _MASK) - _HALF >> 11) - z + q5
    return p0 + q7, p1 + q6, p2 + q5, p3 - q4, p3 + q4, p2 - q5, p1 - q6, p0 - q7


def _sample(o):
    value = ((o + 32896 + _HALF) & _MASK) - _HALF >> 8
    return 0 if value < 0 else 255 if value > 255 else value


def samples(coefficients):
    """Eight rows of eight samples from 64 coefficients (8 v + u)."""
    if not any(coefficients[1:]):
        return [[_sample(coefficients[0])] * 8] * 8
    rows = []
    for v in range(0, 64, 8):
        row = coefficients[v:v + 8]
        rows.append(_step(*row) if any(row) else _NONE)
    columns = [_step(*column) for column in zip(*rows)]
    return [[_sample(o) for o in row] for row in zip(*columns)]
