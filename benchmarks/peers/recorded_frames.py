#!/usr/bin/env python3
"""Cuts the small corpus of the tests out of recordings: a few bursts of consecutive frames of a part of the screen.
usage: recorded_frames.py DIR_OF_RSC OUT_DIR [SEQUENCE…]
    assets.py --free --out DIR; record.py --assets DIR --out DIR; recorded_frames.py DIR ../../tests/vectors/picture/recorded
Needs python3-numpy, python3-brotli, and python3-skimage for the photos. Prints, for the test, count and SHA-256 of all frames.

A file is one Brotli stream of, little endian: "RAFRAMES", u16 width, u16 height, u16 tile (64), u16 count; then each frame: u32 time in µs
since the first, u16 n, n × u16 tile number (row by row, ascending), and the pixels of these tiles in this order, rows top first, B, G, R.
The first frame has every tile, each other one the tiles that differ from the frame before."""
import hashlib
import pathlib
import struct
import subprocess
import sys

import brotli
import numpy

from place import SEQUENCES, TOOLS

TILE = 64
# sequence: (x, y, width, height), bursts of (where in the recording, 0 to 1; how many frames in which this part changes)
CUTS = {
    "term": ((60, 645, 640, 400), [(.12, 7), (.35, 4), (.60, 7), (.95, 6)]),
    "report": ((560, 560, 640, 400), [(.06, 8), (.86, 10), (.96, 6)]),
    "web": ((640, 380, 640, 400), [(.05, 12), (.50, 4), (.75, 8)]),
    "desktop": ((700, 250, 640, 400), [(.08, 8), (.35, 6), (.60, 6), (.78, 4)]),
    "video": ((660, 300, 384, 256), [(.05, 8), (.45, 8), (.80, 8)]),
    "photo": ((800, 400, 384, 256), [(.10, 8), (.45, 8), (.80, 8)]),
    "editor": ((110, 300, 640, 400), [(.05, 7), (.45, 7), (.70, 6), (.92, 4)]),
}


def frames_of(path, x, y, width, height):
    """(µs, pixels of the part) of each frame in which the part changes."""
    with subprocess.Popen([TOOLS / "rsctool", "frames", path], stdout=subprocess.PIPE) as tool:
        _, screen_width, screen_height, count = tool.stdout.readline().split()
        shape = int(screen_height), int(screen_width), 4
        last = None
        for _ in range(int(count)):
            (time,) = struct.unpack("<Q", tool.stdout.read(8))
            screen = numpy.frombuffer(tool.stdout.read(shape[0] * shape[1] * 4), numpy.uint8).reshape(shape)
            part = screen[y:y + height, x:x + width, :3].copy()
            if last is None or (part != last).any():
                yield time, part
            last = part


def chosen(frames, bursts):
    for where, length in bursts:
        first = min(int(where * len(frames)), len(frames) - length)
        yield from frames[first:first + length]


def pack(frames):
    height, width, _ = frames[0][1].shape
    out = [b"RAFRAMES", struct.pack("<4H", width, height, TILE, len(frames))]
    across = (width + TILE - 1) // TILE
    last = None
    for time, picture in frames:
        tiles = []
        for number in range(across * ((height + TILE - 1) // TILE)):
            top, left = number // across * TILE, number % across * TILE
            area = (slice(top, top + TILE), slice(left, left + TILE))
            if last is None or (picture[area] != last[area]).any():
                tiles.append((number, picture[area]))
        out.append(struct.pack(f"<IH{len(tiles)}H", time - frames[0][0], len(tiles), *(number for number, _ in tiles)))
        out += [pixels.tobytes() for _, pixels in tiles]
        last = picture
    return b"".join(out)


def main():
    source, target = map(pathlib.Path, sys.argv[1:3])
    target.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[3:] or SEQUENCES:
        part, bursts = CUTS[name]
        frames = list(chosen(list(frames_of(source / f"{name}.rsc", *part)), bursts))
        digest = hashlib.sha256()
        for _, picture in frames:
            digest.update(picture.tobytes())
        packed = pack(frames)
        (target / f"{name}.frames").write_bytes(brotli.compress(packed, quality=11, lgwin=24))
        print(f"{name}: {part[2]}x{part[3]}, {len(frames)} frames, {len(packed)} bytes, {(target / f'{name}.frames').stat().st_size} packed, {digest.hexdigest()}", flush=True)


if __name__ == "__main__":
    main()
