# Running commands, one after another and beside. Sourced by eng/test.sh.

running= lanes=()
readonly mark="$$.$(date +%s)"

say() { printf '[%4ds] %s\n' "$SECONDS" "$*"; }

# A command in the environment that everything has here; by the mark its processes are found when they are to end: as_part_of MARK COMMAND...
as_part_of() {
    local of=$1
    shift
    env -u DISPLAY -u WAYLAND_DISPLAY -u XAUTHORITY LANG=C.UTF-8 LC_ALL=C.UTF-8 REMOTEACCESS_TEST_RUN="$of" SharedCompilationId="ra-$$" TMPDIR="$scratch" "$@"
}

# Runs a step with a time limit, in a process group of its own, its output in a log: step LOG SECONDS COMMAND...
step() {
    local log="$logs/$1.log" limit=$2
    shift 2
    [ "$limit" -le $((budget - SECONDS)) ] || limit=$((budget - SECONDS))
    [ "$limit" -ge 5 ] || { echo "no time left" >"$log"; return 124; }
    as_part_of "$mark" timeout --kill-after=15 "$limit" "$@" >"$log" 2>&1 &
    running=$!
    { wait "$running"; } 2>/dev/null
    local code=$?
    running=
    return "$code"
}

# A function whose commands run beside everything else: lane FUNCTION
lane() {
    "$1" &
    lanes+=("$!")
}

wait_for_lanes() {
    { wait "${lanes[@]}"; } 2>/dev/null
    lanes=()
}

# In a lane: a command until the run's time is up, its output in a log and its exit code in a file: aside LOG COMMAND...
aside() {
    local log=$1 limit=$((budget - SECONDS)) code=124
    shift
    if [ "$limit" -ge 5 ]; then
        as_part_of "beside-$mark" timeout --kill-after=15 "$limit" "$@" >"$logs/$log.log" 2>&1
        code=$?
    else
        echo "no time left" >"$logs/$log.log"
    fi
    echo "$code" >"$scratch/$log.code.part"
    mv "$scratch/$log.code.part" "$scratch/$log.code"
}

code_of() { cat "$scratch/$1.code" 2>/dev/null || echo 125; }

# Waits until another lane has run these: await LOG...
await() {
    local log
    for log in "$@"; do
        until [ -e "$scratch/$log.code" ] || [ "$SECONDS" -ge "$budget" ]; do sleep 1; done
    done
}

# Ends, by process id, what this run started and what still runs: only such processes carry the mark in their environment.
sweep() {
    local signal pids pid
    for signal in TERM KILL; do
        pids="$(grep -lsaF "REMOTEACCESS_TEST_RUN=${2:-}$mark" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3)"
        [ -n "$pids" ] || return 0
        for pid in $pids; do
            [ "$signal" = TERM ] && [ "${1:-}" = tell ] && say "left running, ending it: $pid $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c1-100)"
            kill "-$signal" "$pid" 2>/dev/null
        done
        sleep 1
    done
}
