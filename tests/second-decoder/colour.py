"""Colours and literals of the context coder.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.
"""

from cells import MASK, Region, hash2, mixed, new_cells, new_sets, plain

_CLASS = [0 if d == 0 else sum(d >= limit for limit in (3, 6, 12, 24, 48, 96)) + 1 for d in range(766)]


def difference(a, b):
    return (abs((a >> 16) - (b >> 16)) + abs((a >> 8 & 255) - (b >> 8 & 255)) + abs((a & 255) - (b & 255)))


def _gradient_channel(w, n, nw):
    value = w + n - nw
    return 0 if value < 0 else 255 if value > 255 else value


def gradient(w, n, nw):
    """W + N - NW, each channel held to 0 … 255."""
    return (_gradient_channel(w >> 16, n >> 16, nw >> 16) << 16
            | _gradient_channel(w >> 8 & 255, n >> 8 & 255, nw >> 8 & 255) << 8
            | _gradient_channel(w & 255, n & 255, nw & 255))


def _median(w, n, nw):
    """The median of w, n and w + n - nw."""
    low, high = (w, n) if w < n else (n, w)
    value = w + n - nw
    return low if value < low else high if value > high else value


class ColourModel:
    def __init__(self):
        self.recent = [0] * (1 << 13)  # P
        self.pattern_cells = new_cells(8 * 32 * 6)
        self.dictionary = [0] * (1 << 10)
        self.kind_cells = new_cells(40)
        self.flatness_cells = new_cells(512)
        self.known_sets = new_sets(2)
        self.guesses = [[0, 0, 0] for _ in range(1 << 14)]  # place, trust, tag
        self.trust_cells = new_cells(128)
        self.node_cells = new_cells(2048)
        self.place_sets = new_sets(20)
        self.candidate_sets = new_sets(4)
        self.region = Region(14)  # L
        self.literal_sets = new_sets(48)

    def decode(self, coder, w, n, ne, nw, kind, pattern, excluded, c1, c2, c3):
        """A colour; `excluded` is a list of those it is not (and is added to)."""
        at = hash2(hash2(0, w), n) >> 19
        candidates = w, n, ne, nw, self.recent[at], gradient(w, n, nw)
        colour = self._candidate(coder, candidates, kind, pattern, excluded, c1)
        if colour is None:
            colour = self._rare(coder, w, n, ne, nw, kind, 1 if kind == 1 else 0, (c1, c2, c3))
        self.recent[at] = colour
        return colour

    def _candidate(self, coder, candidates, kind, pattern, excluded, c1):
        after = 1 if kind == 1 else 0
        for i, candidate in enumerate(candidates):
            if candidate in excluded:
                continue
            cell = self.pattern_cells[8 * (32 * i + pattern) + min(kind, 4)]
            if i < 2:
                yes = mixed(coder, self.candidate_sets[2 * i + after], cell, self.region.find(hash2(300 + i, c1), 1))
            else:
                yes = plain(coder, cell)
            if yes:
                return candidate
            excluded.append(candidate)
        return None

    def _rare(self, coder, w, n, ne, nw, kind, after, contexts):
        left, above = difference(w, nw), difference(n, nw)
        flat = 64 * _CLASS[left] + 8 * _CLASS[above] + _CLASS[difference(n, ne)]
        held = mixed(coder, self.known_sets[after], self.kind_cells[kind], self.flatness_cells[flat])
        guesses = self._look_up(after, contexts)
        if held:
            context = hash2(200, contexts[1]) if after else hash2(201, w)
            place = self._place(coder, after, guesses, context)
            colour = self.dictionary[place]
        else:
            colour = self._literal(coder, w, n, nw, 8 * _CLASS[(left + above) // 2] + (flat & 7))
            place = (colour * 0x9E3779B1 & MASK) >> 22
            self.dictionary[place] = colour
        for guess in guesses:
            if guess[1] > 0 and guess[0] == place:
                guess[1] = min(guess[1] + 1, 15)
            elif guess[1] > 3:
                guess[1] = 1 + (guess[1] >> 2)
            else:
                guess[0], guess[1] = place, 1
        return colour

    def _look_up(self, after, contexts):
        found = []
        for q, context in enumerate(contexts):
            x = hash2(100 + 2 * q + after, context)
            guess = self.guesses[x >> 18]
            if guess[2] != x & 255:
                guess[:] = 0, 0, x & 255
            found.append(guess)
        return found

    def _place(self, coder, after, guesses, context):
        asked = []
        for q, (place, trust, _) in enumerate(guesses):
            if trust > 0 and place not in asked:
                if plain(coder, self.trust_cells[64 * after + 16 * q + trust]):
                    return place
                asked.append(place)
        m = 1
        for i in range(9, -1, -1):
            m = 2 * m + mixed(coder, self.place_sets[10 * after + i], self.node_cells[1024 * after + m],
                              self.region.find(context, m))
        return m & 1023

    def _literal(self, coder, w, n, nw, s):
        w_g, n_g = w >> 8 & 255, n >> 8 & 255
        g = self._residual(coder, 0, hash2(51, s), hash2(70, 256 * w_g + n_g))
        second = hash2(g, s)
        r = self._residual(coder, 1, hash2(52, s), hash2(71, second))
        b = self._residual(coder, 2, hash2(53, s), hash2(72, second))
        green = (_median(w_g, n_g, nw >> 8 & 255) + g) & 255
        red = (_median(w >> 16, n >> 16, nw >> 16) + g + r) & 255
        blue = (_median(w & 255, n & 255, nw & 255) + g + b) & 255
        return red << 16 | green << 8 | blue

    def _residual(self, coder, channel, one, two):
        find, sets = self.region.find, self.literal_sets
        size = 0
        while size < 8 and mixed(coder, sets[16 * channel + size], find(one, size), find(two, size)):
            size += 1
        m = 1
        for i in range(size - 1, -1, -1):
            node = 16 + 256 * size + m
            m = 2 * m + mixed(coder, sets[16 * channel + 8 + size - 1 - i], find(one, node), find(two, node))
        folded = (m - 1) & 255
        return (-(folded + 1) // 2 if folded & 1 else folded // 2) & 255
