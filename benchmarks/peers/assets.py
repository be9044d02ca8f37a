#!/usr/bin/env python3
"""Makes what the recorded applications show: photos, a web page, a document, a log, a movie. Seeded; an existing file is kept.
usage: assets.py [--free] [--out DIR]
Photos are Debian's mate-backgrounds (GPL) and words its licence texts: fine for a recording that stays on the machine. --free uses only
content that may be committed anywhere: public domain photos from the package python3-skimage, and words of this project's documents."""
import argparse
import glob
import html
import pathlib
import random
import subprocess

from place import ASSETS, REPOSITORY

PAGE_STYLE = """body{font:16px/1.5 'Liberation Sans',sans-serif;margin:0;color:#222;background:#fff}
header{background:linear-gradient(100deg,#1b4f9c,#6a2fb5 60%,#d3456b);color:#fff;padding:60px 12%}
main{display:grid;grid-template-columns:3fr 1fr;gap:40px;padding:20px 12%}
img{max-width:100%;border-radius:8px;box-shadow:0 4px 14px #0005}
.card{background:linear-gradient(#f4f7fb,#dde6f2);border:1px solid #c6d2e3;border-radius:10px;padding:14px;margin:0 0 18px}
pre{background:#1e1e2e;color:#cdd6f4;padding:14px;border-radius:6px;font:13px/1.45 'DejaVu Sans Mono',monospace}
b{color:#7a1fa2}table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:5px 9px}tr:nth-child(even){background:#eef3fa}
.hero{height:260px;background:radial-gradient(circle at 30% 40%,#ffd36b,#ff7f50 40%,#512da8)}"""
# Public domain or CC0, as the README of the package's data says.
FREE_PHOTOS = ["astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "hubble_deep_field.jpg", "retina.jpg"]


def run(*command):
    subprocess.run([str(part) for part in command], check=True)


class Writer:
    def __init__(self, words, seed):
        self.random = random.Random(seed)
        self.words = words

    def text(self, count):
        at = self.random.randrange(0, len(self.words) - count)
        return html.escape(" ".join(self.words[at:at + count]), quote=False)


def words_of(paths):
    return [word for path in paths if path.exists() for word in path.read_text(errors="replace").split()]


def make_photos(sources, folder, whole):
    """p*.jpg fill a screen and more, t*.jpg stand in a page. whole: the source is large enough to be scaled down to a screen."""
    folder.mkdir(exist_ok=True)
    for number, source in enumerate(sources):
        large, small = folder / f"p{number:02d}.jpg", folder / f"t{number:02d}.jpg"
        if not large.exists() and whole:
            run("convert", source, "-resize", "2400x1350^", "-gravity", "center", "-extent", "2400x1350", "-quality", "92", large)
        if not large.exists():          # small photos keep their own sharpness: a wall of them
            others = [sources[(number + step) % len(sources)] for step in range(12)]
            run("montage", *others, "-resize", "600x450^", "-gravity", "center", "-extent", "600x450", "-tile", "4x3", "-geometry", "+0+0", "-quality", "92", large)
        if not small.exists():
            run("convert", source, "-resize", "640x400^", "-gravity", "center", "-extent", "640x400", "-quality", "85", small)


def make_page(out, writer, photos):
    draw = writer.random
    parts = [f"<!doctype html><meta charset=utf-8><title>Corpus page</title><style>{PAGE_STYLE}</style><header><h1>Screen corpus page</h1><p>{writer.text(30)}</p></header><main><article>"]
    for section in range(14):
        parts.append(f"<h2>{section + 1}. {writer.text(6)}</h2><p>{writer.text(90)}</p>")
        if section % 3 == 0:
            parts.append(f"<img src=photos/t{section % photos:02d}.jpg><p><i>{writer.text(12)}</i></p>")
        elif section % 3 == 1:
            lines = [f"for (int i{j} = {draw.randrange(99)}; i{j} &lt; {draw.randrange(999)}; i{j}++) total += table[{draw.randrange(64)}]; /* {writer.text(4)} */" for j in range(9)]
            parts.append("<pre>" + "\n".join(lines) + "</pre>")
        else:
            head = "".join(f"<th>{writer.text(1)}</th>" for _ in range(6))
            body = "".join("<tr>" + "".join(f"<td>{draw.random() * 1000:.2f}</td>" for _ in range(6)) + "</tr>" for _ in range(9))
            parts.append(f"<table><tr>{head}</tr>{body}</table>")
        if section % 5 == 4:
            parts.append("<div class=hero></div>")
        parts.append(f"<p>{writer.text(110)}</p>")
    cards = "".join(f"<div class=card><h3>{writer.text(3)}</h3><img src=photos/t{(i * 3 + 1) % photos:02d}.jpg><p>{writer.text(35)}</p></div>" for i in range(10))
    (out / "page.html").write_text("".join(parts) + f"</article><aside>{cards}</aside></main>")


def make_document(out, writer, photos):
    if (out / "doc.odt").exists():
        return
    parts = ["<html><meta charset=utf-8><body style='font-family:Liberation Serif'><h1>Quarterly report</h1>"]
    for section in range(12):
        parts.append(f"<h2>{writer.text(5)}</h2><p>{writer.text(120)}</p><p><b>{writer.text(10)}</b> {writer.text(60)} <i>{writer.text(12)}</i></p>")
        if section % 4 == 1:
            parts.append(f"<p><img src='photos/t{section % photos:02d}.jpg' width=480 height=300></p>")
        if section % 4 == 3:
            parts.append("<table border=1>" + "".join("<tr>" + "".join(f"<td>{writer.random.randrange(10**5)}</td>" for _ in range(5)) + "</tr>" for _ in range(7)) + "</table>")
    (out / "doc.html").write_text("".join(parts) + "</body></html>")
    run("timeout", "120", "soffice", f"-env:UserInstallation=file://{out}/office-profile", "--headless", "--convert-to", "odt:writer8", "--outdir", out,
        "--infilter=HTML (StarWriter)", out / "doc.html")


def make_log(out, writer):
    draw = writer.random
    lines = [f"2024-06-07T12:{i // 60 % 60:02d}:{i % 60:02d}.{draw.randrange(1000):03d}Z \x1b[3{draw.choice('12346')}m{draw.choice(['INFO ', 'WARN ', 'DEBUG', 'ERROR'])}\x1b[0m "
             f"[worker-{draw.randrange(16)}] {' '.join(draw.choices(writer.words, k=draw.randrange(5, 16)))}\n" for i in range(4000)]
    (out / "log.txt").write_text("".join(lines))


def make_movie(out, photos):
    """Slow pans over photos, a fractal and a test pattern, compressed as a real clip is."""
    if (out / "movie.mp4").exists():
        return
    encode = ["-c:v", "libx264", "-crf", "20"]
    parts = []
    for number in (0, 2, 4):
        picture = out / "photos" / f"p{min(number, photos - 1):02d}.jpg"
        pan = "zoompan=z='1+0.004*on':x='(iw-iw/zoom)*(on/72)':y='(ih-ih/zoom)/2':d=72:s=960x540:fps=24,noise=alls=4:allf=t,format=yuv420p"
        parts.append(["-loop", "1", "-i", picture, "-t", "3", "-r", "24", "-vf", pan])
    parts.insert(2, ["-f", "lavfi", "-i", "mandelbrot=s=960x540:r=24", "-t", "3", "-pix_fmt", "yuv420p"])
    parts.append(["-f", "lavfi", "-i", "testsrc2=s=960x540:r=24", "-t", "2", "-pix_fmt", "yuv420p"])
    names = [out / f"part{number}.mp4" for number in range(len(parts))]
    for part, name in zip(parts, names):
        run("ffmpeg", "-v", "error", "-y", *part, *encode, name)
    (out / "parts.txt").write_text("".join(f"file '{name}'\n" for name in names))
    run("ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", out / "parts.txt", "-c", "copy", out / "movie.mp4")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--free", action="store_true")
    parser.add_argument("--out", type=pathlib.Path, default=ASSETS)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.free:
        folder = pathlib.Path("/usr/lib/python3/dist-packages/skimage/data")
        sources = [folder / name for name in FREE_PHOTOS if (folder / name).exists()]
        words = words_of(sorted((REPOSITORY / "docs").glob("*.md")))
    else:
        sources = sorted(glob.glob("/usr/share/backgrounds/mate/nature/*.jpg")) + glob.glob("/usr/share/backgrounds/mate/abstract/Elephants_3840x2160.jpg")
        words = words_of([pathlib.Path("/usr/share/common-licenses") / name for name in ("GPL-3", "Apache-2.0", "LGPL-3", "MPL-2.0")])
    if len(sources) < 4:
        raise SystemExit("Photos are missing: install " + ("python3-skimage" if options.free else "mate-backgrounds"))
    make_photos(sources, options.out / "photos", whole=not options.free)
    writer = Writer(words, 20240607)
    make_page(options.out, writer, len(sources))
    make_document(options.out, writer, len(sources))
    make_log(options.out, writer)
    make_movie(options.out, len(sources))
    print("what the applications show is in", options.out)


if __name__ == "__main__":
    main()
