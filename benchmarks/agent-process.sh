#!/usr/bin/env bash
# Measures the agent as a process of its own: peak resident memory while its screen is watched, CPU time while nothing happens.
#   benchmarks/agent-process.sh [--quick] [AGENT]      prints rows of a Markdown table; needs the samples built with -c Release
#   benchmarks/agent-process.sh [--quick] --wine       the same of the agent for Windows under Wine, which it publishes
# AGENT is another build of the same program, as benchmarks/run.sh publishes one; default: what the build made.
# Memory is VmHWM of /proc/PID/status. CPU is utime + stime of /proc/PID/stat, in hundredths of a second, over the time between two looks.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/dotnet-environment.sh

watch_seconds=20 idle_seconds=60
if [ "${1:-}" = --quick ]; then
    watch_seconds=8 idle_seconds=15
    shift
fi

wine=
if [ "${1:-}" = --wine ]; then
    wine=yes
    shift
fi

agent_program=${1:-$PWD/samples/HelpdeskAgent/bin/Release/net10.0/remoteaccess-agent}
viewer_program=$PWD/samples/CommandLineViewer/bin/Release/net10.0/remoteaccess-viewer
for program in "$agent_program" "$viewer_program"; do
    [ -x "$program" ] || { echo "$program is missing: dotnet build -c Release samples/HelpdeskAgent samples/CommandLineViewer" >&2; exit 1; }
done

work=$(mktemp -d "${TMPDIR:-/tmp}/remoteaccess-bench-XXXXXX")
started=()
cleanup() {
    for ((i = ${#started[@]} - 1; i >= 0; i--)); do
        kill "${started[i]}" 2>/dev/null || true
        wait "${started[i]}" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT

load() { cut -d' ' -f1 /proc/loadavg; }
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
peak_mb() { awk '/^VmHWM/ { printf "%.1f", $2 * 1024 / 1e6 }' "/proc/$1/status"; }
row() { printf '| %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$4" "$5"; }

# wait_for FILE PATTERN: at most 30 s
wait_for() {
    for _ in $(seq 300); do
        if grep -q "$2" "$1" 2>/dev/null; then return; fi
        sleep 0.1
    done
    echo "Nothing like '$2' in $1:" >&2
    cat "$1" >&2
    exit 1
}

# idle_cpu PID SECONDS: percent of one core
idle_cpu() {
    local before after from to
    before=$(ticks "$1") from=$(date +%s%N)
    sleep "$2"
    after=$(ticks "$1") to=$(date +%s%N)
    awk -v t=$((after - before)) -v ns=$((to - from)) -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.2f", 100 * (t / hz) / (ns / 1e9) }'
}

goal() { awk -v got="$1" -v most="$2" 'BEGIN { print (got <= most) ? "reached" : "MISSED" }'; }

open_probe() { # NAME: a viewer that watches until its standard input ends
    mkfifo "$work/$1.in"
    "$viewer_program" probe --grant "$work/grant.pem" --sign-with "$work/tenant" --technician Benchmark --code-from "$work/code" \
        --connect "$address" --csv "$work/$1.csv" <"$work/$1.in" >"$work/$1.log" 2>&1 &
    probe=$!
    started+=("$probe")
    exec 9>"$work/$1.in"
    wait_for "$work/$1.log" '^READY'
}

close_probe() {
    echo >&9
    exec 9>&-
    wait "$probe"
    unset 'started[-1]'
}

start_agent() { # ARGUMENTS...
    "$agent_program" run --state "$work/state" "$@" --listen 127.0.0.1:0 >"$work/agent.log" 2>&1 &
    agent=$!
    started+=("$agent")
    wait_for "$work/agent.log" '^LISTENING'
}

# What is measured is the agent's own process, without Wine's.
start_agent_under_wine() { # ARGUMENTS...
    DISPLAY=$display WINE_AS_IS=yes WINE_SECONDS=900 eng/wine.sh run "$work/windows" remoteaccess-agent.exe run --state state "$@" --listen 127.0.0.1:0 >"$work/agent.log" 2>&1 &
    runner=$!
    started+=("$runner")
    wait_for "$work/agent.log" '^LISTENING'
    agent=$(pgrep -f '^\./remoteaccess-agent\.exe run|^[A-Z]:.*remoteaccess-agent\.exe run' | head -n 1)
    [ -n "$agent" ] || { echo "The agent's process is not found" >&2; exit 1; }
}

measure() { # NAME ARGUMENTS...
    local name=$1 cpu before mb updates
    shift
    if [ "$name" = Wine ]; then start_agent_under_wine "$@"; else start_agent "$@"; fi
    address=$(awk '/^LISTENING/ { print $2 }' "$work/agent.log" | tr -d '\r')

    sleep 3
    before=$(load) cpu=$(idle_cpu "$agent" "$idle_seconds")
    row "agent, $name: idle CPU, no session, $idle_seconds s" "≤ 0.5 % of a core" "$cpu %" "$(goal "$cpu" 0.5)" "$before … $(load)"
    row "agent, $name: peak memory before any session" "" "$(peak_mb "$agent") MB" "" "$(load)"

    open_probe "$name-still"
    sleep 3
    before=$(load) cpu=$(idle_cpu "$agent" "$idle_seconds")
    if [ "$name" = virtual ]; then
        row "agent, $name: CPU, session open, the desktop's clock drawn and sent once a second, $idle_seconds s" "" "$cpu %" "" "$before … $(load)"
    else
        row "agent, $name: idle CPU, session open and still, $idle_seconds s" "≤ 0.5 % of a core" "$cpu %" "$(goal "$cpu" 0.5)" "$before … $(load)"
    fi
    close_probe

    before=$(load)
    open_probe "$name-busy"
    "make_busy_$name"
    sleep "$watch_seconds"
    mb=$(peak_mb "$agent")
    kill "$busy" 2>/dev/null || true
    wait "$busy" 2>/dev/null || true
    unset 'started[-1]'
    close_probe
    updates=$(sed -n 's/.*"updates": \([0-9]*\).*/\1/p' "$work/$name-busy.log")
    row "agent, $name: peak memory, 1080p watched for $watch_seconds s ($updates pictures)" "≤ 80 MB" "$mb MB" "$(goal "$mb" 80)" "$before … $(load)"

    if [ "$name" = Wine ]; then
        kill "$runner"
        wait "$runner" 2>/dev/null || true
    else
        kill "$agent"
        wait "$agent"
        grep -q '^STOPPED' "$work/agent.log"
    fi
    unset 'started[-1]'
}

# Scrolling text over most of the screen.
make_busy_X11() {
    DISPLAY=$display xterm -geometry 310x80+0+0 -e sh -c 'while :; do seq 1 100000; done' >/dev/null 2>&1 &
    busy=$!
    started+=("$busy")
}

make_busy_Wine() { make_busy_X11; }

# A second technician who types without end; the drawn desktop changes only where somebody acts.
make_busy_virtual() {
    (
        typing=
        trap '[ -z "$typing" ] || kill "$typing" 2>/dev/null; exit 0' TERM
        while :; do
            "$viewer_program" type "$(head -c 2000 /dev/zero | tr '\0' x)" --grant "$work/grant.pem" --sign-with "$work/tenant" --technician Typist \
                --code-from "$work/code" --connect "$address" >/dev/null 2>&1 &
            typing=$!
            wait "$typing"
        done
    ) &
    busy=$!
    started+=("$busy")
}

"$viewer_program" tenant init --out "$work/tenant" >/dev/null
"$agent_program" grant --state "$work/state" --on-site --sign-with "$work/tenant" --consented-by "Nobody (benchmark)" \
    --statement "A benchmark may watch this screen." --nickname "Benchmark:Screen:Nobody" --out "$work/grant.pem" >"$work/grant.log" 2>&1
grep -Eo '^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$' "$work/grant.log" >"$work/code"

mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1920x1080x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
started+=("$!")
display=:$(head -n 1 "$work/display")

# Nobody sits before this Xvfb, and what is measured is the agent alone.
if [ -n "$wine" ]; then
    eng/wine.sh prepare >&2
    dotnet publish samples/HelpdeskAgent -c Release -r win-x64 -p:IcuForWine=true -o "$work/windows" -v q >&2
    cp -a "$work/state" "$work/windows/state"
    measure Wine --surface none
    exit
fi
measure X11 --display "$display" --surface none
measure virtual --virtual 1920x1080
