#!/usr/bin/env python3
"""Every peer, sequence and network, alternately and repeatedly; progress on standard error, the report on standard output.
Called by run.sh, which prepares what it needs."""
import argparse
import json
import random
import signal
import sys
import time

from measure import NETWORKS, measure
from peers import DEFAULT, PEERS
from place import RESULTS, SEQUENCES
from report import render


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--seqs", default=",".join(SEQUENCES))
    parser.add_argument("--peers", default=",".join(DEFAULT))
    parser.add_argument("--networks", default=",".join(NETWORKS))
    parser.add_argument("--priority", type=int, default=0)
    parser.add_argument("--save", default=str(RESULTS / time.strftime("%Y%m%d-%H%M%S.json", time.gmtime())))
    parser.add_argument("--note", action="append", default=[])
    for path in ("ours", "published", "built", "viewer"):
        parser.add_argument(f"--path-{path}", required=True)
    options = parser.parse_args()
    for value, known in ((options.seqs, SEQUENCES), (options.peers, PEERS), (options.networks, NETWORKS)):
        for name in value.split(","):
            if name not in known:
                parser.error(f"'{name}' is not one of {', '.join(known)}")
    return options


def schedule(options):
    """The order of the peers changes with every sequence and repetition, by a fixed seed."""
    for repetition in range(options.reps):
        for network in options.networks.split(","):
            for sequence in options.seqs.split(","):
                order = [peer for peer in options.peers.split(",") if peer != "none" or network == "loopback"]
                random.Random(f"{repetition} {network} {sequence}").shuffle(order)
                for peer in order:
                    yield repetition, network, sequence, peer


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))       # so that the finally clauses run
    ours = dict(ours=options.path_ours, published=options.path_published, built=options.path_built, viewer=options.path_viewer)
    plan, rows, begin = list(schedule(options)), [], time.monotonic()
    for number, (repetition, network, sequence, peer) in enumerate(plan, 1):
        try:
            row = measure(sequence, peer, NETWORKS[network], ours, options.priority)
            outcome = ("" if peer == "none" else f"{row['delivered']} of {row['frames']} frames, {row['bytes'] / 1e6:.2f} MB, agent {row['agent_cpu_s']:.2f} s, "
                       f"p50 {row['lat_p50']:.0f} ms, p95 {row['lat_p95']:.0f} ms, ") + f"noise {row['other_cores']:.2f}"
        except (RuntimeError, OSError) as problem:
            row = dict(error=str(problem)[:300])
            outcome = "FAILED: " + row["error"]
        row.update(repetition=repetition, network=network, sequence=sequence, peer=peer)
        rows.append(row)
        left = (time.monotonic() - begin) / number * (len(plan) - number) / 60
        say(f"[{number}/{len(plan)}, {left:.0f} min left] {sequence}, {network}, {peer}: {outcome}")
        RESULTS.mkdir(parents=True, exist_ok=True)
        with open(options.save, "w") as file:
            json.dump(dict(rows=rows, notes=options.note), file, indent=0)
    say(f"every row: {options.save}")
    print("\n".join(render(rows, options.note)))
    return 1 if any("error" in row for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
