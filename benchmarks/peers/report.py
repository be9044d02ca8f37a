#!/usr/bin/env python3
"""The Markdown report of a matrix: the ratios that the goals are about, then every figure. Medians over the repetitions, (least–most).
usage: report.py ROWS.json"""
import json
import statistics
import sys

from measure import NETWORKS
from peers import PEERS
from place import SEQUENCES

ISSUE = ["term", "office", "web", "desktop", "video", "photo"]
# (what, figure, ours, the peer, most allowed per sequence), from the project's goals for the picture.
GOALS = [
    ("bytes per delivered frame, lossless, against its lossless mode", "bytes_per_frame", "ours-lossless", "x0vnc-lossless", (.02, .03, .06, .15, .75, .75)),
    ("bytes per delivered frame, default, against its default", "bytes_per_frame", "ours", "x0vnc", (.01, .02, .10, .20, .80, .60)),
    ("agent CPU while it plays, default", "agent_cpu_s", "ours", "x0vnc", (.5, .5, .5, .5, 1, 1)),
    ("latency p50, default", "lat_p50", "ours", "x0vnc", (.7, .7, .6, .8, 1, 1)),
    ("latency p95, default", "lat_p95", "ours", "x0vnc", (.7, .7, .6, .8, 1, 1)),
]
WAN_GOALS = {"term": (80, 20), "office": (80, 20), "web": (150, None)}      # p95 in ms, frames per second
COLUMNS = [
    ("delivered", "frames seen", "{:.0f}"), ("fps", "fps", "{:.1f}"), ("kb_per_frame", "kB a frame", "{:.2f}"), ("mb", "MB", "{:.2f}"),
    ("agent_cpu_s", "agent CPU s", "{:.2f}"), ("x_extra_s", "X CPU s more", "{:.2f}"), ("lat_p50", "p50 ms", "{:.0f}"), ("lat_p95", "p95 ms", "{:.0f}"),
    ("own_p50", "p50 ms of seen", "{:.0f}"), ("agent_rss_mb", "agent peak MB", "{:.0f}"), ("viewer_cpu_s", "viewer CPU s", "{:.2f}"),
    ("psnr_moving", "PSNR moving", "{:.1f}"), ("psnr_end", "PSNR end", "{:.1f}"), ("identical_pct", "identical %", "{:.2f}"), ("other_cores", "noise", "{:.2f}"),
]


def spread(values, form):
    if not values:
        return "–"
    middle = form.format(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({form.format(min(values))}–{form.format(max(values))})"


class Rows:
    def __init__(self, rows):
        self.rows = [dict(row) for row in rows if "error" not in row]
        self.errors = [row for row in rows if "error" in row]
        for row in self.rows:
            if "bytes" in row:
                row["kb_per_frame"], row["mb"] = row["bytes_per_frame"] / 1e3, row["bytes"] / 1e6
            alone = self.values(row["network"], row["sequence"], "none", "x_cpu_s") or self.values("loopback", row["sequence"], "none", "x_cpu_s")
            if alone:
                row["x_extra_s"] = row["x_cpu_s"] - statistics.median(alone)

    def values(self, network, sequence, peer, figure):
        return [row[figure] for row in self.of(network, sequence, peer) if row.get(figure) == row.get(figure) and figure in row]

    def of(self, network, sequence, peer=None):
        return [row for row in self.rows if row["network"] == network and row["sequence"] == sequence and peer in (None, row["peer"])]

    def ratios(self, network, sequence, figure, ours, peer):
        """Ours to the peer of the same repetition: the two stood next to each other in time."""
        theirs = {row["repetition"]: row.get(figure) for row in self.of(network, sequence, peer)}
        pairs = [(row.get(figure), theirs.get(row["repetition"])) for row in self.of(network, sequence, ours)]
        return [own / other for own, other in pairs if own is not None and other]

    def sequences(self, network):
        there = {row["sequence"] for row in self.rows if row["network"] == network}
        return [name for name in SEQUENCES if name in there]


def ratio_table(rows, network):
    names = rows.sequences(network)
    yield "| ours to x0vncserver | " + " | ".join(names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for what, figure, ours, peer, goals in GOALS:
        measured, verdicts = [], []
        for name in names:
            ratios = rows.ratios(network, name, figure, ours, peer)
            measured.append(spread(ratios, "{:.3f}"))
            goal = goals[ISSUE.index(name)] if name in ISSUE else None
            verdicts.append("" if goal is None or not ratios else f"≤ {goal} {'reached' if statistics.median(ratios) <= goal else 'MISSED'}")
        yield f"| {what} | " + " | ".join(measured) + " |"
        if network == "loopback":
            yield "| goal | " + " | ".join(verdicts) + " |"


def picture_table(rows, network):
    """What is right or wrong by itself, without a peer."""
    names = rows.sequences(network)
    yield "| ours, default | " + " | ".join(names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    ends = [rows.values(network, name, "ours", "psnr_end") for name in names]
    yield "| PSNR 2 s after the last change, least (99 = bit-identical) | " + " | ".join(f"{min(v):.1f} {'reached' if min(v) >= 99 else 'MISSED'}" if v else "–" for v in ends) + " |"
    yield "| PSNR while it moves: ours / x0vncserver default, dB | " + " | ".join(
        f"{spread(rows.values(network, name, 'ours', 'psnr_moving'), '{:.1f}')} / {spread(rows.values(network, name, 'x0vnc', 'psnr_moving'), '{:.1f}')}" for name in names) + " |"
    if network == "wan":
        cells = []
        for name in names:
            p95, fps = rows.values(network, name, "ours", "lat_p95"), rows.values(network, name, "ours", "fps")
            if name not in WAN_GOALS or not p95:
                cells.append("")
                continue
            most, least = WAN_GOALS[name]
            possible = statistics.median([row["frames"] / row["duration_s"] for row in rows.of(network, name, "ours")])
            good = statistics.median(p95) <= most and (least is None or statistics.median(fps) >= min(least, possible * .95))
            cells.append(f"{statistics.median(p95):.0f} ms, {statistics.median(fps):.1f} of {possible:.1f} fps; ≤ {most} ms{f', ≥ {least} fps or 95 % of those played' if least else ''} {'reached' if good else 'MISSED'}")
        yield "| p95, frames a second seen of those played | " + " | ".join(cells) + " |"


def figure_tables(rows, network):
    for name in rows.sequences(network):
        some = rows.of(network, name)[0]
        yield ""
        yield f"#### {name}, {NETWORKS[network].name}: {some['frames']} changed frames in {some['duration_s']:.1f} s (at most {some['frames'] / some['duration_s']:.1f} fps)"
        yield ""
        yield "| | " + " | ".join(title for _, title, _ in COLUMNS) + " |"
        yield "|---" * (len(COLUMNS) + 1) + "|"
        for peer in [peer for peer in PEERS if peer != "none" and rows.of(network, name, peer)]:
            yield f"| {peer} | " + " | ".join(spread(rows.values(network, name, peer, figure), form) for figure, _, form in COLUMNS) + " |"


def render(rows, notes=()):
    rows = Rows(rows)
    for network in NETWORKS:
        if not rows.sequences(network):
            continue
        yield f"### {NETWORKS[network].name}: ratios"
        yield ""
        yield from ratio_table(rows, network)
        yield ""
        yield from picture_table(rows, network)
        yield ""
    yield "Ratios are medians over the repetitions, with the least and the most in parentheses; each is of one repetition, in which the peers ran one after"
    yield "the other in changing order. **Ours is encrypted and padded, the VNC peers are neither** (FreeRDP uses TLS): its bytes carry that, theirs do not."
    yield "Who drops frames sends fewer bytes: read bytes per delivered frame next to fps. Noise is how many cores others kept busy meanwhile; above 0.3"
    yield "latency and CPU are not better than ±30 %."
    yield ""
    for peer in PEERS:
        if any(row["peer"] == peer for row in rows.rows):
            yield f"- **{peer}**: {PEERS[peer].about}"
    for note in notes:
        yield f"- {note}"
    for row in rows.errors:
        yield f"- **failed**: {row['peer']}, {row['sequence']}, {row['network']}, repetition {row['repetition'] + 1}: {row['error']}"
    for network in NETWORKS:
        yield from figure_tables(rows, network)


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print("\n".join(render(**json.load(file))))
