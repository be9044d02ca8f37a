#!/usr/bin/env python3
"""Video codecs through ffmpeg, one thread, on every changed frame as a whole; the columns of README.md, "Frames through a pipe".
Time is ffmpeg's CPU time less that of the same pipeline without an encoder (reading and the conversion of colours).
usage: codecs_video.py SEQUENCE…"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from place import CORPUS, HEIGHT, TOOLS, WIDTH, scratch

COMMON = ["-g", "9999", "-threads", "1"]
VP9 = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "0", "-tune-content", "screen"]
CODECS = {
    "x264-ultrafast-420-crf23": ("yuv420p", ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-crf", "23"]),
    "x264-ultrafast-444-crf23": ("yuv444p", ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-crf", "23"]),
    "vp9-realtime-420-crf32": ("yuv420p", [*VP9, "-b:v", "0", "-crf", "32"]),
    "vp9-realtime-420-4Mbit": ("yuv420p", [*VP9, "-b:v", "4M", "-minrate", "4M", "-maxrate", "4M", "-error-resilient", "1"]),
}
RAW = ["-f", "rawvideo", "-pix_fmt", "bgr0", "-video_size", f"{WIDTH}x{HEIGHT}", "-framerate", "30", "-i", "-"]
COMPARE = ("[0:v]select=not(mod(n\\,10)),settb=1/30,setpts=N,format=gbrp[a];[1:v]select=not(mod(n\\,10)),settb=1/30,setpts=N,format=gbrp[b];[a][b]psnr")


def timed(command, sequence=None):
    """CPU seconds of the command and what it wrote to standard error; the frames of the sequence are its standard input."""
    source = subprocess.Popen([TOOLS / "rsctool", "raw", CORPUS / f"{sequence}.rsc"], stdout=subprocess.PIPE) if sequence else None
    process = subprocess.Popen([str(part) for part in command], stdin=source.stdout if source else subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if source:
        source.stdout.close()
    said = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if source:
        source.wait()
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(map(str, command))}\n{said[-800:]}")
    return usage.ru_utime + usage.ru_stime, said


def main():
    for sequence in sys.argv[1:]:
        converting = {}
        for name, (pixels, encode) in CODECS.items():
            with tempfile.TemporaryDirectory(prefix="remoteaccess-codecs-", dir=scratch()) as folder:
                file = pathlib.Path(folder, "encoded.mkv")
                if pixels not in converting:
                    converting[pixels], _ = timed(["ffmpeg", "-v", "error", *RAW, "-pix_fmt", pixels, "-c:v", "wrapped_avframe", "-f", "null", "-"], sequence)
                spent, _ = timed(["ffmpeg", "-v", "error", "-y", *RAW, "-pix_fmt", pixels, *encode, *COMMON, file], sequence)
                listing = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "packet=size", "-of", "csv=p=0", file], stdout=subprocess.PIPE, text=True, check=True)
                sizes = [int(size) for size in listing.stdout.replace(",", "").split()]
                decoding, _ = timed(["ffmpeg", "-v", "error", "-threads", "1", "-i", file, "-f", "null", "-"])
                _, said = timed(["ffmpeg", "-v", "info", *RAW, "-i", file, "-lavfi", COMPARE, "-f", "null", "-"], sequence)
            psnr = re.search(r"average:([\d.]+|inf)", said).group(1)
            print(f"{sequence},{name},{len(sizes) - 1},{sum(sizes[1:]) / 1e6:.3f},{(spent - converting[pixels]) * 1000 / len(sizes):.2f},"
                  f"{decoding * 1000 / len(sizes):.2f},{99.0 if psnr == 'inf' else float(psnr):.1f}", flush=True)


if __name__ == "__main__":
    main()
