#!/usr/bin/env python3
"""Records the corpus: real applications on an X server of their own, driven by xdotool, recorded by bin/rec.
usage: record.py [--assets DIR] [--out DIR] [--seconds S] [--fps F] [--slower N] [--priority N] [SEQUENCE…]
For all of them, this program included, time goes by N times slower (faketime): what an application draws in a second does not depend on
how fast or how busy the machine is that records."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from place import ASSETS, CORPUS, HERE, SEQUENCES, TOOLS
from session import Session

XTERM = ["xterm", "-fa", "DejaVu Sans Mono", "-fs", "11", "-bg", "#101418", "-fg", "#d8dee9", "+sb"]
TYPED = ("The remote session stayed responsive while the report was edited, and every change was visible at once. "
         "We measured how long a keystroke takes to reach the other side, and how much data it costs. ")
OFFICE_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion" oor:op="fuse"><value>7.4</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="LastTimeGetInvolvedShown" oor:op="fuse"><value>4000000000</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="LastTimeDonateShown" oor:op="fuse"><value>4000000000</value></prop></item>
</oor:items>"""
# Text with coloured fringes, as most Windows screens and many Linux ones show it.
SUBPIXEL_SETTINGS = "[Settings]\ngtk-xft-antialias=1\ngtk-xft-hinting=1\ngtk-xft-hintstyle=hintslight\ngtk-xft-rgba=rgb\n"
EDITOR_SETTINGS = """[org/xfce/mousepad/preferences/view]
font-name='DejaVu Sans Mono 11'
use-default-monospace-font=false
show-line-numbers=true
highlight-current-line=true
color-scheme='classic'
"""


class Screen:
    """The screen that is recorded, and the hand that drives it."""

    def __init__(self, session, options, home):
        self.session, self.options, self.assets, self.home = session, options, options.assets, home
        _, display = session.screen()
        self.environment = dict(os.environ, DISPLAY=display, LANG="C.UTF-8", GDK_BACKEND="x11", NO_AT_BRIDGE="1", SAL_USE_VCLPLUGIN="gtk3",
                                LIBGL_ALWAYS_SOFTWARE="1", XDG_CONFIG_HOME=str(home / "config"))
        self.environment.pop("WAYLAND_DISPLAY", None)

    def background(self, colour="#2c3e50", photo=None):
        self.start("openbox", "--sm-disable")
        time.sleep(0.5)
        command = ["feh", "--no-fehbg", "--bg-fill", photo] if photo else ["xsetroot", "-solid", colour]
        subprocess.run(list(map(str, command)), env=self.environment, check=True)

    def start(self, *command, **environment):
        self.session.start(list(command), env=dict(self.environment, **environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def do(self, *words):
        return subprocess.run(["xdotool", *map(str, words)], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout.strip()

    def window(self, pattern, by="--name", seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.do("search", "--onlyvisible", by, pattern).split()
            if found:
                return found[-1]
            time.sleep(0.2)
        raise SystemExit(f"the window '{pattern}' did not appear")

    def repeat(self, until, pause, *words):
        while time.monotonic() < until:
            self.do(*words)
            time.sleep(pause)

    def type_until(self, until, delay, text=TYPED):
        at = 0
        while time.monotonic() < until:
            self.do("type", "--delay", delay, text[at:at + 12])
            at = (at + 12) % len(text)

    def drag(self, x, y, corners, steps, pause=0.022):
        """Openbox moves a window with Alt and the first button, with all its pixels."""
        self.do("mousemove", x, y, "keydown", "alt")
        time.sleep(0.05)
        self.do("mousedown", 1)
        for to_x, to_y in corners:
            for step in range(1, steps + 1):
                self.do("mousemove", int(x + (to_x - x) * step / steps), int(y + (to_y - y) * step / steps))
                time.sleep(pause)
            x, y = to_x, to_y
        self.do("mouseup", 1, "keyup", "alt")


def term(screen):
    screen.background()
    (screen.home / "rc").write_text("PS1='\\[\\e[32m\\]user@host\\[\\e[0m\\]:\\w$ '; alias ls='ls --color=auto'; cd /usr/include\n")
    slow = screen.home / "slow"
    slow.write_text(f"#!/bin/bash\nhead -70 {screen.assets}/log.txt | while IFS= read -r line; do echo \"$line\"; sleep 0.03; done\n")
    slow.chmod(0o755)
    reading = screen.home / "play.c"
    shutil.copy(HERE / "src/play.c", reading)
    screen.start(*XTERM, "-geometry", "190x52+60+40", "-e", "bash", "--rcfile", screen.home / "rc", "-i", PATH=f"{screen.home}:{os.environ['PATH']}", source=str(reading))
    window = screen.window("xterm", "--class")
    time.sleep(1)
    screen.do("windowactivate", window, "mousemove", 900, 500)

    def drive(end):
        screen.do("type", "--delay", 70, "ls -la /usr/include | head -40")
        screen.do("key", "Return")
        time.sleep(0.5)
        screen.do("type", "--delay", 40, "slow")
        screen.do("key", "Return")
        time.sleep(2.3)
        screen.do("type", "--delay", 40, "less $source")
        screen.do("key", "Return")
        time.sleep(0.3)
        screen.repeat(time.monotonic() + 0.6, 0.05, "key", "Down")
        screen.repeat(time.monotonic() + 1.5, 0.3, "key", "space")
        screen.do("key", "q")
        screen.type_until(end, 70, "echo " + TYPED)
    return drive


def office(screen):
    """The document links to photos; none is beside it, so Writer shows their frames empty."""
    return writer(screen, [])


def report(screen):
    """The same work in the same document with its photos."""
    return writer(screen, ["photos"])


def writer(screen, beside):
    screen.background()
    profile = screen.home / "office"
    (profile / "user").mkdir(parents=True)
    (profile / "user/registrymodifications.xcu").write_text(OFFICE_SETTINGS)
    document = screen.home / "report.odt"
    shutil.copy(screen.assets / "doc.odt", document)
    for folder in beside:
        shutil.copytree(screen.assets / folder, screen.home / folder)
    screen.start("soffice", f"-env:UserInstallation=file://{profile}", "--norestore", "--nologo", "--nofirststartwizard", "--writer", document)
    window = screen.window("report.odt")
    time.sleep(3)
    screen.do("windowsize", window, 1700, 980, "windowmove", window, 90, 30, "windowactivate", window)
    time.sleep(2)
    screen.do("mousemove", 900, 600, "click", 1)
    time.sleep(0.5)

    def drive(end):
        screen.type_until(end - 5.5, 55)
        screen.repeat(end - 3.2, 0.11, "click", 5)
        screen.repeat(end - 1.2, 0.4, "key", "Next")
        screen.repeat(end, 0.09, "click", 4)
    return drive


def web(screen):
    screen.background()
    screen.start("chromium", "--no-sandbox", "--test-type", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                 "--disable-sync", "--no-default-browser-check", "--password-store=basic", "--disable-default-apps", "--disable-features=Translate,MediaRouter",
                 "--disable-dev-shm-usage", f"--user-data-dir={screen.home}/chromium", "--window-position=60,20", "--window-size=1800,1030", f"file://{screen.assets}/page.html")
    window = screen.window("Corpus page")
    time.sleep(4)
    screen.do("windowactivate", window, "mousemove", 900, 650)
    time.sleep(0.5)

    def drive(end):
        screen.repeat(end - 6, 0.12, "click", 5)
        time.sleep(0.8)
        screen.repeat(end - 3.5, 0.55, "key", "Next")
        screen.repeat(end - 0.8, 0.08, "click", 4)
    return drive


def desktop(screen):
    screen.background(photo=screen.assets / "photos/p02.jpg")
    pictures = screen.home / "pictures"
    pictures.mkdir()
    shown = sorted((screen.assets / "photos").glob("t*.jpg"))
    for picture in shown:
        shutil.copy(picture, pictures)
    screen.start("pcmanfm", "--no-desktop", pictures)
    files = screen.window("pictures")
    screen.start(*XTERM, "-T", "logterm", "-geometry", "100x30+950+80", "-e", "bash", "-c", f"head -200 {screen.assets}/log.txt; sleep 999")
    terminal = screen.window("logterm")
    screen.start("feh", "--no-fehbg", "--title", "photoview", "-g", "700x440+1150+560", "--scale-down", shown[7 % len(shown)])
    photo_window = screen.window("photoview")
    screen.do("windowsize", files, 820, 560, "windowmove", files, 80, 120)
    time.sleep(2.5)

    def drive(end):
        screen.drag(1150, 200, [(700, 300), (1350, 180)], 32)
        screen.drag(300, 500, [(900, 620), (600, 350)], 32)
        screen.drag(1500, 800, [(500, 700), (1350, 600)], 32)
        screen.do("windowactivate", files)
        for view in ("ctrl+2", "ctrl+1", "ctrl+4"):
            screen.do("key", view)
            time.sleep(0.5)
        for window in (terminal, photo_window):
            screen.do("windowactivate", window)
            time.sleep(0.3)
        screen.drag(1350, 600, [(1500, 800)], 16)
    return drive


def video(screen):
    screen.background(photo=sorted((screen.assets / "photos").glob("p*.jpg"))[-1])
    screen.start(*XTERM, "-T", "logterm", "-geometry", "80x40+30+60", "-e", "bash", "-c", f"head -60 {screen.assets}/log.txt; sleep 999")
    screen.window("logterm")
    screen.start("ffplay", "-v", "error", "-an", "-loop", "0", "-window_title", "movieplayer", "-left", "820", "-top", "200", screen.assets / "movie.mp4",
                 SDL_VIDEODRIVER="x11", SDL_RENDER_DRIVER="software", SDL_AUDIODRIVER="dummy")
    screen.window("movieplayer")
    screen.do("mousemove", 300, 900)
    time.sleep(1)
    return lambda end: None


def photo(screen):
    screen.background("#000000")
    screen.start("feh", "--no-fehbg", "-F", "--title", "photoview", "--zoom", "100", "--sort", "name", *sorted((screen.assets / "photos").glob("p*.jpg")))
    screen.window("photoview")
    screen.do("mousemove", 960, 540)
    time.sleep(1.5)

    def drive(end):
        while time.monotonic() < end - 1.4:
            screen.do("key", "Right")
            time.sleep(0.55)
            screen.do("mousemove", 1100, 640, "mousedown", 1)       # feh pans by dragging
            for step in range(14):
                screen.do("mousemove", 1100 - step * 14, 640 - step * 8)
                time.sleep(0.03)
            screen.do("mouseup", 1)
            time.sleep(0.3)
    return drive


def editor(screen):
    screen.background("#7a8a99")
    config = screen.home / "config"
    (config / "gtk-3.0").mkdir(parents=True)
    (config / "gtk-3.0/settings.ini").write_text(SUBPIXEL_SETTINGS)
    (config / "glib-2.0/settings").mkdir(parents=True)
    (config / "glib-2.0/settings/keyfile").write_text(EDITOR_SETTINGS)
    source = screen.home / "tools.c"
    source.write_text("\n".join(path.read_text() for path in sorted((HERE / "src").glob("*.c"))))
    screen.start("mousepad", "--disable-server", source, GSETTINGS_BACKEND="keyfile")
    window = screen.window("tools.c")
    time.sleep(1)
    screen.do("windowsize", window, 1500, 960, "windowmove", window, 120, 40, "windowactivate", window)
    time.sleep(1)
    screen.do("mousemove", 900, 500, "click", 1)
    time.sleep(0.3)

    def drive(end):
        screen.do("key", "End", "Return")
        screen.do("type", "--delay", 70, "for (int row = 0; row < height; row++)")
        screen.do("key", "Return")
        screen.do("type", "--delay", 70, "sum += weight[row] * sample[row];")
        time.sleep(0.2)
        screen.repeat(end - 3.2, 0.12, "click", 5)
        screen.repeat(end - 2.0, 0.35, "key", "Next")
        screen.repeat(end - 1.0, 0.06, "key", "shift+Up")
        screen.repeat(end, 0.1, "click", 4)
    return drive


SCENES = {"term": term, "office": office, "report": report, "web": web, "desktop": desktop, "video": video, "photo": photo, "editor": editor}


def record(name, options):
    session = Session(options.priority)
    with tempfile.TemporaryDirectory(prefix="remoteaccess-record-") as home:
        try:
            screen = Screen(session, options, pathlib.Path(home))
            drive = SCENES[name](screen)
            unfinished = options.out / f"{name}.part"
            recorder = session.start([TOOLS / "rec", unfinished, options.seconds, options.fps], env=screen.environment)
            hand = threading.Thread(target=drive, args=(time.monotonic() + options.seconds,), daemon=True)
            hand.start()
            if recorder.wait():
                raise SystemExit(f"{name}: the recorder failed")
            hand.join(5)
            unfinished.rename(options.out / f"{name}.rsc")
        finally:
            session.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *SEQUENCES], default=[], metavar="SEQUENCE")
    parser.add_argument("--assets", type=pathlib.Path, default=ASSETS)
    parser.add_argument("--out", type=pathlib.Path, default=CORPUS)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--fps", type=float, default=30)
    parser.add_argument("--slower", type=float, default=4)
    parser.add_argument("--priority", type=int, default=0)
    options = parser.parse_args()
    if options.slower != 1 and "FAKETIME" not in os.environ:
        os.execvp("faketime", ["faketime", "-f", f"+0 x{1 / options.slower:.6f}", sys.executable, *sys.argv])
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names or SEQUENCES:
        print("recording", name, flush=True)
        record(name, options)


if __name__ == "__main__":
    main()
