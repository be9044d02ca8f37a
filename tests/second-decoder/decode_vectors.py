"""Decodes the picture streams of tests/vectors/picture and the tiles of natural_tiles.json, and compares the hash of every frame and tile.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.

    decode_vectors.py [NAME …]     streams by name, natural_tiles; everything without
"""

import hashlib
import json
import sys
from pathlib import Path

from bits import BitReader
from errors import Malformed
from frame import Decoder
from header import Unsupported
from natural_lossless import decode_lossless
from natural_lossy import decode_lossy

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
STREAMS = VECTORS / "picture"
TILES = "natural_tiles"
QUALITIES = ("Q50_420", "Q75_420", "Q75_444", "Q90_444")


def messages(data):
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at:at + 4], "big")
        if at + 4 + length > len(data):
            raise Malformed("the stream ends inside a message")
        yield data[at + 4:at + 4 + length]
        at += 4 + length


def decode(path):
    """The result, PASS, FAIL or SKIP, and what to say."""
    hashes = path.with_suffix(".sha256").read_text().split()
    decoder, frame = Decoder(), 0
    try:
        for message in messages(path.read_bytes()):
            picture = decoder.decode(message)
            if picture is None:
                continue
            frame += 1
            if frame > len(hashes) or hashlib.sha256(picture.to_bytes()).hexdigest() != hashes[frame - 1]:
                return "FAIL", f"frame {frame} differs"
    except Unsupported as reason:
        return "SKIP", f"frame {frame + 1} has {reason}"
    except Malformed as reason:
        return "FAIL", f"frame {frame + 1} is malformed: {reason}"
    if frame != len(hashes) or decoder.map is not None:
        return "FAIL", f"{frame} frames instead of {len(hashes)}"
    return "PASS", f"{frame} frames"


def decode_tile(tile):
    """The hash of a natural tile; what is not coded is black."""
    reader = BitReader(bytes.fromhex(tile["bits"]))
    width, height, mask = tile["width"], tile["height"], int(tile["coded"], 16)
    if tile["kind"] == "lossy":
        coded = [[mask >> (row // 2 * 4 + column // 2) & 1 for column in range(8)] for row in range(8)]
        rows = decode_lossy(reader, width, height, QUALITIES.index(tile["quality"]), coded)
    else:
        coded = [[mask >> (row * 8 + column) & 1 for column in range(8)] for row in range(8)]
        rows = decode_lossless(reader, width, height, coded)
    reader.finish()
    return hashlib.sha256(b"".join(pixel.to_bytes(4, "little") for row in rows for pixel in row)).hexdigest()


def decode_tiles():
    tiles = json.loads((VECTORS / f"{TILES}.json").read_text(encoding="utf-8"))["tiles"]
    for at, tile in enumerate(tiles, 1):
        try:
            if decode_tile(tile) != tile["sha256"]:
                return "FAIL", f"tile {at} differs"
        except Malformed as reason:
            return "FAIL", f"tile {at} is malformed: {reason}"
    return ("PASS" if tiles else "FAIL"), f"{len(tiles)} tiles"


def main(names):
    counts = {"PASS": 0, "FAIL": 0, "SKIP": 0}
    for name in names or [*sorted(path.stem for path in STREAMS.glob("*.stream")), TILES]:
        result, text = decode_tiles() if name == TILES else decode(STREAMS / f"{name}.stream")
        counts[result] += 1
        print(f"{name}: {text} [{result}]", flush=True)
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped")
    return 1 if counts["FAIL"] or not counts["PASS"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
