#!/usr/bin/env python3
"""Makes a viewer with a window meet the contract: runs it full screen on an X server of its own, where bin/xprobe reads the stamps.

Bytes are what the kernel says the sockets to --port received.
usage: gui_viewer.py --port P --csv FILE --snap PREFIX --command "xfreerdp …"
"""
import argparse
import json
import os
import re
import signal
import subprocess
import sys

from place import HEIGHT, TOOLS, WIDTH
from session import Session, read_line

parser = argparse.ArgumentParser()
for name in ("--port", "--csv", "--snap", "--command"):
    parser.add_argument(name, required=True)
options = parser.parse_args()


def received():
    listing = subprocess.run(["ss", "-tinH", "dport", "=", ":" + options.port], stdout=subprocess.PIPE, text=True, check=True).stdout
    return sum(map(int, re.findall(r"bytes_received:(\d+)", listing)))


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))       # so that the finally clause runs
session = Session(apart=False)
try:
    _, display = session.screen()
    environment = dict(os.environ, DISPLAY=display)
    session.start(options.command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    probe = session.start([TOOLS / "xprobe", options.csv, WIDTH, HEIGHT, "--poll-us", 2000, "--snap-prefix", options.snap],
                          env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    read_line(probe, 50, "READY")
    print("READY", received(), flush=True)
    sys.stdin.readline()
    total = received()
    probe.stdin.close()
    result = json.loads(read_line(probe, 20, "{"))
    result["bytes_rx"] = total
    print(json.dumps(result), flush=True)
finally:
    session.stop()
