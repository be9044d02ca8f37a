"""One run: one peer shows one sequence to one viewer over one network. `measure` returns a row of figures."""
import bisect
import csv
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

from peers import PEERS
from place import CORPUS, TOOLS, scratch
from session import Session, cpu_seconds, free_port, is_listening, machine_cpu_seconds, peak_megabytes, read_line

SNAPSHOT_EVERY = 20
REST = 1.2      # between the first picture and the play: start-up is over
DRAIN = 2.0     # after the last frame: what was put off is counted too


@dataclasses.dataclass(frozen=True)
class Network:
    name: str
    delay_ms: float = 0.0
    mbit: float = 0.0

    @property
    def shaped(self):
        return self.delay_ms > 0 or self.mbit > 0


NETWORKS = {"loopback": Network("loopback"), "wan": Network("20 Mbit/s, 25 ms each way", 25, 20)}


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def start_agent(session, peer, names, environment, folder):
    with open(folder / "agent.err", "wb") as errors:
        agent = session.start(peer.agent.format(**names), env=environment, stdout=subprocess.DEVNULL, stderr=errors)
    for _ in range(1200):       # Wine takes a while to start
        if agent.poll() is not None:
            raise RuntimeError("the agent ended: " + (folder / "agent.err").read_text(errors="replace")[-400:])
        if is_listening(names["port"]):
            return agent
        time.sleep(0.05)
    raise RuntimeError("the agent does not listen")


def start_relay(session, network, names):
    names["cport"] = free_port()
    relay = session.start([TOOLS / "netshim", names["cport"], "127.0.0.1", names["port"], "--delay-ms", network.delay_ms, "--mbit", network.mbit],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    read_line(relay, 5, "LISTENING")
    return relay


def measure(sequence, name, network, ours, priority=0):
    """ours: the paths that our commands need (peers.py)."""
    peer = PEERS[name]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="remoteaccess-peers-", dir=scratch()))
    session = Session(priority)
    try:
        return run(session, folder, sequence, name, peer, network, ours)
    finally:
        session.stop()
        subprocess.run(["rm", "-rf", folder], check=True)


def run(session, folder, sequence, name, peer, network, ours):
    server, display = session.screen()
    environment = dict(os.environ, DISPLAY=display)
    player = session.start([TOOLS / "play", CORPUS / f"{sequence}.rsc", folder / "play.csv"],
                           env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    read_line(player, 60, "READY")
    port = free_port()
    names = dict(ours, display=display, port=port, cport=port, csv=folder / "view.csv", snap=folder / "snap-", every=SNAPSHOT_EVERY, home=folder)
    agent = viewer = relay = None
    at_ready = 0
    row = dict(sequence=sequence, peer=name, network=network.name)
    if peer.agent:
        agent = start_agent(session, peer, names, environment, folder)
        if network.shaped:
            relay = start_relay(session, network, names)
        begin = time.monotonic()
        with open(folder / "viewer.err", "wb") as errors:
            viewer = session.start(peer.viewer.format(**names), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, bufsize=0)
        try:
            at_ready = int((read_line(viewer, 60, "READY").split() + ["0"])[1])
        except RuntimeError as problem:
            raise RuntimeError(f"viewer: {problem}; {(folder / 'viewer.err').read_text(errors='replace')[-300:]}") from None
        row["connect_s"] = time.monotonic() - begin
        time.sleep(REST)

    watched = dict(agent=agent, x=server, viewer=viewer, player=player)
    before = {what: cpu_seconds(process) for what, process in watched.items()}
    busy, begin = machine_cpu_seconds(), time.monotonic()
    player.stdin.write(b"\n")
    done = read_line(player, 300, "DONE").split()
    time.sleep(DRAIN + network.delay_ms * 4 / 1000 + (3 if network.mbit else 0))
    used = {what: cpu_seconds(process) - before[what] for what, process in watched.items()}
    elapsed = time.monotonic() - begin
    with open(folder / "play.csv") as file:
        played = {int(line["id"]): int(line["t_start_ns"]) for line in csv.DictReader(file)}
    row.update({f"{what}_cpu_s": seconds for what, seconds in used.items()})
    row.update(frames=len(played), duration_s=float(done[done.index("duration") + 1]), late=int(done[3]),
               other_cores=(machine_cpu_seconds() - busy - sum(used.values())) / elapsed)
    if agent:
        row["agent_rss_mb"] = peak_megabytes(agent)
        collect(row, folder, sequence, played, viewer, relay, at_ready)
    return row


def collect(row, folder, sequence, played, viewer, relay, at_ready):
    viewer.stdin.write(b"\n")
    viewer.stdin.close()
    result = json.loads(read_line(viewer, 40, "{"))
    viewer.wait(20)
    if result.get("dead"):
        raise RuntimeError("the connection broke: " + (folder / "viewer.err").read_text(errors="replace")[-300:])
    if relay:
        relay.stdin.close()
        row["relay_up_bytes"], row["relay_down_bytes"] = map(int, read_line(relay, 5, "BYTES").split()[1:])
    with open(folder / "view.csv") as file:
        seen = [(int(line["id"]), int(line["t_seen_ns"])) for line in csv.DictReader(file) if int(line["id"]) > 0]
    ids = [number for number, _ in seen]
    latencies = {}
    for number, start in played.items():        # until something at least as new is visible
        at = bisect.bisect_left(ids, number)
        if at < len(ids):
            latencies[number] = (seen[at][1] - start) / 1e6
    latency = list(latencies.values())
    # A p95 is a handful of frames: which, says where to look.
    row["slowest_ms"] = {number: round(latencies[number], 1) for number in sorted(latencies, key=latencies.get, reverse=True)[:12]}
    received = result["bytes_rx"] - at_ready
    row.update(bytes=received, delivered=len(ids), bytes_per_frame=received / len(ids) if ids else float("nan"), fps=len(ids) / row["duration_s"],
               lost=len(played) - len(latency), lat_p50=percentile(latency, .5), lat_p95=percentile(latency, .95), lat_max=max(latency, default=float("nan")),
               own_p50=percentile([(at - played[number]) / 1e6 for number, at in seen if number in played], .5), first_bytes=at_ready)
    moving = []
    for snapshot in sorted(folder.glob("snap-*.bgrx")):
        number = snapshot.name[5:-5]
        found = subprocess.run([TOOLS / "rsctool", "psnr", CORPUS / f"{sequence}.rsc", str(len(played)) if number == "final" else number, snapshot],
                               stdout=subprocess.PIPE, text=True, check=True).stdout.strip().split(",")
        if number == "final":
            row["psnr_end"], row["identical_pct"] = float(found[0]), float(found[2])
        else:
            moving.append(float(found[0]))
    if moving:
        row["psnr_moving"], row["snapshots"] = statistics.mean(moving), len(moving)
