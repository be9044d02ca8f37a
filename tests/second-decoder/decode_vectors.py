"""Decodes the picture streams of tests/vectors/picture and compares the hash of every frame.

Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone, without a look at the project's source.

    decode_vectors.py [NAME …]
"""

import hashlib
import sys
from pathlib import Path

from errors import Malformed
from frame import Decoder
from header import Unsupported

VECTORS = Path(__file__).resolve().parent.parent / "vectors" / "picture"


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


def main(names):
    paths = [VECTORS / f"{name}.stream" for name in names] or sorted(VECTORS.glob("*.stream"))
    counts = {"PASS": 0, "FAIL": 0, "SKIP": 0}
    for path in paths:
        result, text = decode(path)
        counts[result] += 1
        print(f"{path.stem}: {text} [{result}]", flush=True)
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped")
    return 1 if counts["FAIL"] or not counts["PASS"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
