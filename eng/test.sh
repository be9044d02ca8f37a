#!/usr/bin/env bash
# The test command: builds everything once and runs every test. eng/test.sh --help tells the rest.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
exec </dev/null

quick=
case "${1:-}" in
    '') ;;
    --quick) quick=1 ;;
    *)
        cat <<'HELP'
usage: eng/test.sh [--quick]
Installs what the tests need (apt, when root or sudo without a password; otherwise says what is missing and goes on: the tests that
need it are skipped with a reason), restores in locked mode, builds Release with warnings as errors, runs every project tests/*.Tests,
those of Core and of the Windows package under Wine (eng/wine.sh), the second picture decoder (Python), the fuzz engine's self-test, and every fuzz target with 1000000 executions. Needs the .NET SDK of global.json. Usually less than 25 minutes.
  --quick   20000 fuzz executions; leaves out the tests of trait Category=Slow (packing twice, and others that take long)
Logs: artifacts/test-logs. The last line is "N passed, N failed, N skipped"; exit code 0 only when nothing failed and something passed.
HELP
        [ "${1:-}" = --help ] && exit 0 || exit 2
        ;;
esac

# Seconds: what can be cut short (fuzz) ends within the first; the second is for what hangs. A slow machine may take longer than the first.
readonly usual=1440 budget=2700 packages=(
    xvfb xserver-xephyr xterm xdotool xclip xsel x11-apps x11-utils x11-xserver-utils x11-xkb-utils xkb-data xauth
    libx11-6 libxext6 libxtst6 libxdamage1 libxfixes3 libxrandr2 libxi6 libxft2 fontconfig xfonts-base fonts-dejavu-core fonts-ipafont-gothic
    openbox trayer dbus-daemon openssl procps
    gcc libc6-dev zlib1g-dev python3
)
readonly logs="$PWD/artifacts/test-logs"
. eng/dotnet-environment.sh
# Measuring for code that will be hot costs a test run a sixth of its processor time: what is tested is over before.
export DOTNET_TieredPGO=0
rm -rf "$logs"
mkdir -p "$logs"

# Where tests keep their files: in memory when there is room and programs can be run from there, because they flush thousands of small files one by one.
make_scratch() {
    local memory
    if [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -ge 4000000 ] && [ "$(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo)" -ge 8000000 ] &&
        memory="$(mktemp -d /dev/shm/ra-test.XXXXXX)"; then
        cp "$(type -P true)" "$memory/runs" && "$memory/runs" && rm "$memory/runs" && echo "$memory" && return
        rm -rf "$memory"
    fi 2>/dev/null
    mktemp -d /tmp/ra-test.XXXXXX
}
scratch="$(make_scratch)"
mark="$$.$(date +%s)"
passed=0 failed=0 skipped=0 running= fetching= publishing= computing= windows= samples=
skips=() failures=()

say() { printf '[%4ds] %s\n' "$SECONDS" "$*"; }

fail() {
    failed=$((failed + ${2:-1}))
    failures+=("$1")
    say "FAILED: $1"
}

# Runs a step with a time limit, in a process group of its own, its output in a log: step LOG SECONDS COMMAND...
step() {
    local log="$logs/$1.log" limit=$2
    shift 2
    [ "$limit" -le $((budget - SECONDS)) ] || limit=$((budget - SECONDS))
    [ "$limit" -ge 5 ] || { echo "no time left" >"$log"; return 124; }
    env -u DISPLAY -u WAYLAND_DISPLAY -u XAUTHORITY LANG=C.UTF-8 LC_ALL=C.UTF-8 \
        REMOTEACCESS_TEST_RUN="$mark" SharedCompilationId="ra-$$" TMPDIR="$scratch" timeout --kill-after=15 "$limit" "$@" >"$log" 2>&1 &
    running=$!
    { wait "$running"; } 2>/dev/null
    local code=$?
    running=
    return "$code"
}

# One test at a time (eng/wine.sh tells why). Not there: what is Unix only, and what --quick leaves out here; the longest make fewer rounds there (Wine.Or).
on_wine=(-noColor -noLogo -longRunning 60 -parallel none -trait- Category=Slow -trait- Platform=Unix)

# Runs a command beside the others until the run's time is up, its output in a log and its exit code in a file: aside LOG COMMAND...
aside() {
    local log=$1 limit=$((budget - SECONDS))
    shift
    [ "$limit" -ge 5 ] || { echo "no time left" >"$logs/$log.log"; echo 124 >"$scratch/$log.code"; return; }
    env -u DISPLAY -u WAYLAND_DISPLAY -u XAUTHORITY LANG=C.UTF-8 LC_ALL=C.UTF-8 REMOTEACCESS_TEST_RUN="beside-$mark" SharedCompilationId="ra-$$" TMPDIR="$scratch" timeout --kill-after=15 "$limit" "$@" >"$logs/$log.log" 2>&1
    echo $? >"$scratch/$log.code"
}

code_of() { cat "$scratch/$1.code" 2>/dev/null || echo 125; }

# Beside the first tests: the programs for Windows, and the samples compiled before they run: each test starts some, and most of what one needs is the compiler's time.
publish_beside() {
    {
        local name quickly=(-v q -nodeReuse:false -p:UseSharedCompilation=true -p:RunAnalyzers=false)
        for name in RemoteAccess.Windows.Tests RemoteAccess.Core.Tests; do
            aside "$name-publish" dotnet publish "tests/$name" -c Release -r win-x64 --self-contained -o "$scratch/$name" "${quickly[@]}"
        done
        aside HelpdeskAgent-publish dotnet publish samples/HelpdeskAgent -c Release -r win-x64 -o "$scratch/windows-agent" -p:IcuForWine=true "${quickly[@]}"
        for name in HelpdeskAgent CommandLineViewer; do
            aside "$name-compiled" dotnet publish "samples/$name" -c Release -r "linux-$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x64)" --no-self-contained -p:PublishReadyToRun=true -o "$scratch/samples/$name" "${quickly[@]}"
        done
        # For Windows on ARM it is built only: nothing here runs it, and it needs no runtime from the feed that way.
        aside HelpdeskAgent-arm64 dotnet build samples/HelpdeskAgent -c Release -r win-arm64 -p:SelfContained=false -p:UseAppHost=false -p:EnableRuntimePackDownload=false --artifacts-path "$scratch/arm64" "${quickly[@]}"
    } &
    publishing=$!
}

# Runs a suite under Wine, which is Windows here: under_wine NAME [nice...]
under_wine() {
    local name=$1
    shift
    [ "$(code_of wine-prepare)$(code_of "$name-publish")" != 00 ] || aside "$name-wine" "$@" env WINE_SECONDS="$((budget - SECONDS - 20))" eng/wine.sh run "$scratch/$name" "$name.exe" "${on_wine[@]}"
}

# What only computes goes on beside tests that mostly wait, in what processor time these leave.
compute_beside() {
    local fuzz=tests/RemoteAccess.Fuzz/bin/Release/net10.0/RemoteAccess.Fuzz executions=1000000
    [ -z "$quick" ] || executions=20000
    {
        # First what must come to its end.
        under_wine RemoteAccess.Core.Tests nice -n 10
        if command -v python3 >/dev/null; then aside second-decoder nice -n 19 python3 -B tests/second-decoder/decode_vectors.py; fi
        aside fuzz-self-test nice -n 19 "$fuzz" --self-test
        # What comes from the network and is decoded at once is fuzzed to the end, the rest as long as the time allows.
        aside fuzz-picture nice -n 19 "$fuzz" --target picture --executions "$executions" --seed 20260101 --findings artifacts/fuzz
        # shellcheck disable=SC2046
        aside fuzz nice -n 19 "$fuzz" $("$fuzz" --list | grep -vx picture | sed 's/^/--target /') --executions "$executions" --minutes "$(awk "BEGIN { m = ($usual - $SECONDS) / 60; printf \"%.2f\", (m > 2 ? m : 2) }")" --jobs 2 --seed 20260101 --findings artifacts/fuzz
    } &
    computing=$!
}

# Waits for it and adds it up.
count_computing() {
    say "Core under Wine, second decoder, fuzz: what is left of them"
    { wait "$computing"; } 2>/dev/null
    computing=
    [ "$(code_of wine-prepare)" != 0 ] || count_tests RemoteAccess.Core.Tests-wine "$(code_of RemoteAccess.Core.Tests-wine)"
    if [ -e "$logs/second-decoder.log" ]; then
        count_line second-decoder "$(code_of second-decoder)"
    else
        skipped=$((skipped + 1)) skips+=("second decoder: there is no python3")
    fi
    count_line fuzz-self-test "$(code_of fuzz-self-test)"
    count_line fuzz-picture "$(code_of fuzz-picture)"
    count_line fuzz "$(code_of fuzz)"
}

# A machine whose feed has no compiler for that tests them as they were built, which takes longer.
use_compiled_samples() {
    if [ "$(code_of HelpdeskAgent-compiled)$(code_of CommandLineViewer-compiled)" = 00 ]; then
        export REMOTEACCESS_SAMPLES="$scratch/samples"
    else
        say "the samples are not compiled ahead of time: artifacts/test-logs/HelpdeskAgent-compiled.log"
    fi
}

# Samples as processes, one test after another, which mostly wait; those under Wine apart, with the Windows package.
samples_of=(tests/RemoteAccess.EndToEnd.Tests/bin/Release/net10.0/RemoteAccess.EndToEnd.Tests -noColor -noLogo -longRunning 60 -trait Group=Office)
samples_beside() {
    [ -z "$quick" ] || return
    aside RemoteAccess.EndToEnd.Tests-samples "${samples_of[@]}" -class- '*.Windows*' &
    samples=$!
}

wine_beside() {
    say "beside: RemoteAccess.Windows.Tests under Wine, and the samples there"
    under_wine RemoteAccess.Windows.Tests &
    windows=$!
    [ -z "$quick" ] || return
    aside RemoteAccess.EndToEnd.Tests-samples-wine "${samples_of[@]}" -class '*.Windows*' &
    samples+=" $!"
}

count_waiting() {
    local name
    say "Windows, the samples: what is left of them"
    { wait "$windows"; } 2>/dev/null
    windows=
    case "$(code_of wine-prepare)${REMOTEACCESS_WINE_REQUIRED:+required}" in
        0*) count_tests RemoteAccess.Windows.Tests-wine "$(code_of RemoteAccess.Windows.Tests-wine)" ;;
        3) skipped=$((skipped + 2)) skips+=("RemoteAccess.Windows.Tests and RemoteAccess.Core.Tests under Wine: $(tail -n 1 "$logs/wine-prepare.log")") ;;
        *) show_log wine-prepare; fail "eng/wine.sh prepare" ;;
    esac
    [ -n "$samples" ] || return
    { wait $samples; } 2>/dev/null
    samples=
    for name in RemoteAccess.EndToEnd.Tests-samples RemoteAccess.EndToEnd.Tests-samples-wine; do count_tests "$name" "$(code_of "$name")"; done
}

was_published() {
    [ "$(code_of "$1-publish")" != 0 ] || return 0
    show_log "$1-publish"
    fail "$1: publish for Windows"
    return 1
}

# What a customer downloads: the one program, ICU for Wine beside it left out.
weigh_agent() {
    local bytes most=$((25 * 1024 * 1024))
    was_published HelpdeskAgent || return
    export REMOTEACCESS_WINDOWS_AGENT="$scratch/windows-agent"
    bytes="$(stat -c %s "$REMOTEACCESS_WINDOWS_AGENT/remoteaccess-agent.exe" 2>/dev/null || echo 0)"
    say "HelpdeskAgent for Windows (win-x64, trimmed, one file): $bytes bytes, at most $most"
    if [ "$bytes" -gt 0 ] && [ "$bytes" -le "$most" ]; then
        passed=$((passed + 1))
    else
        fail "HelpdeskAgent for Windows: $bytes bytes, at most $most"
    fi
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

finish() {
    trap - EXIT INT TERM HUP
    [ -z "$running" ] || { kill -TERM "$running" 2>/dev/null; wait "$running" 2>/dev/null; }
    [ -z "$fetching$publishing$computing$windows$samples" ] || kill -TERM $fetching $publishing $computing $windows $samples 2>/dev/null
    sweep
    sweep quietly beside-
    rm -rf "$scratch"
    if [ ${#skips[@]} -gt 0 ]; then
        echo "Skipped, and why:"
        printf '  %s\n' "${skips[@]}"
    fi
    if [ ${#failures[@]} -gt 0 ]; then
        echo "Failed:"
        printf '  %s\n' "${failures[@]}"
        # Once more, because who reads only the end must see them.
        grep -hF -A 6 '[FAIL]' "$logs"/*.log 2>/dev/null | cut -c1-200 | head -n 80
    fi
    say "done"
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] && exit 0
    exit 1
}
trap finish EXIT
trap 'fail "interrupted"; finish' INT TERM HUP

show_log() {
    if [ "$(wc -l <"$logs/$1.log")" -le 300 ]; then
        cat "$logs/$1.log"
    else
        grep -F -A 25 '[FAIL]' "$logs/$1.log" | head -n 300
        echo ...
        tail -n 40 "$logs/$1.log"
    fi | cut -c1-300 | sed 's/^/    /'
}

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || echo "$package"
    done
    # .NET needs ICU; the package's name carries its version.
    if [ -z "${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-}" ] && ! dpkg-query -W -f '${Package}\n' 'libicu[0-9]*' 2>/dev/null | grep -q .; then
        apt-cache search --names-only '^libicu[0-9]+$' 2>/dev/null | sort | tail -n 1 | cut -d' ' -f1
    fi
}

install_packages() {
    local missing root=() package
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || {
        say "not a Debian system; tests that need one of these and do not find it are skipped: ${packages[*]}"
        return
    }
    missing="$(missing_packages | tr '\n' ' ')"
    [ -n "${missing// /}" ] || return
    if [ "$(id -u)" -ne 0 ]; then
        root=(sudo -n)
        sudo -n true 2>/dev/null || {
            say "missing: $missing"
            say "not root and no sudo without a password; install them with: sudo apt-get install --no-install-recommends $missing"
            return
        }
    fi
    say "installing: $missing"
    step apt-update 180 "${root[@]}" apt-get -q update
    missing="$(missing_packages | tr '\n' ' ')"
    # shellcheck disable=SC2086
    step apt-install 300 "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $missing ||
        for package in $missing; do
            step "apt-install-$package" 120 "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "$package"
        done
    missing="$(missing_packages | tr '\n' ' ')"
    [ -z "${missing// /}" ] || say "could not install: $missing(log: artifacts/test-logs/apt-install.log)"
}

number_after() { sed -nE "s/.*$2: ([0-9]+).*/\1/p" <<<"$1" | head -n 1; }

# Adds up a runner of xunit: count_tests NAME EXIT-CODE
count_tests() {
    local name=$1 code=$2 summary total bad errors skip not_run
    summary="$(sed -n '/=== TEST EXECUTION SUMMARY ===/,$p' "$logs/$name.log" | grep -E 'Total: [0-9]+' | tail -n 1)"
    total="$(number_after "$summary" Total)" bad="$(number_after "$summary" Failed)" errors="$(number_after "$summary" Errors)"
    skip="$(number_after "$summary" Skipped)" not_run="$(number_after "$summary" 'Not Run')"
    bad=$((${bad:-0} + ${errors:-0}))
    if [ -z "$total" ]; then
        show_log "$name"
        fail "$name: no summary; exit code $code$([ "$code" -eq 124 ] || [ "$code" -eq 137 ] && echo ' (time limit)')"
        return
    fi
    passed=$((passed + total - ${bad:-0} - ${skip:-0} - ${not_run:-0}))
    skipped=$((skipped + ${skip:-0}))
    say "$name: ${summary##*Tests  }"
    while IFS= read -r line; do
        [ -z "$line" ] || skips+=("$line")
    done < <(grep -A 1 -E '\[SKIP\]$' "$logs/$name.log" | grep -v '^--$' | sed -E 's/^ +//' | sed -E '/\[SKIP\]$/{N;s/ ?\[SKIP\]\n/: /}')
    if [ "$bad" -gt 0 ]; then
        show_log "$name"
        fail "$name: $bad tests" "$bad"
    elif [ "$total" -eq 0 ]; then
        fail "$name: found no tests"
    elif [ "$code" -ne 0 ]; then
        show_log "$name"
        fail "$name: exit code $code although no test failed"
    fi
}

# Adds up a runner of ours, whose last line is "N passed, N failed, N skipped": count_line NAME EXIT-CODE
count_line() {
    local name=$1 code=$2 line p f s
    line="$(tail -n 1 "$logs/$name.log")"
    sed 's/^/    /' "$logs/$name.log" | tail -n 200
    if [[ ! "$line" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        fail "$name: no summary; exit code $code"
        return
    fi
    p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=${BASH_REMATCH[3]}
    passed=$((passed + p)) skipped=$((skipped + s))
    say "$name: $line"
    while IFS= read -r line; do
        [ -z "$line" ] || skips+=("fuzz $line")
    done < <(grep -A 1 -E '\[SKIP\]$' "$logs/$name.log" | grep -v '^--$' | sed -E '/\[SKIP\]$/{N;s/ ?\[SKIP\]\n */: /}')
    if [ "$f" -gt 0 ]; then
        fail "$name: $f" "$f"
    elif [ $((p + s)) -eq 0 ]; then
        fail "$name: found nothing to run"
    elif [ "$code" -ne 0 ]; then
        fail "$name: exit code $code although nothing failed"
    fi
}

install_packages
command -v dotnet >/dev/null || { fail "there is no dotnet; install the .NET SDK of global.json"; exit; }

# Wine is fetched while the rest is built and run; three gigabytes when it is not there yet.
{
    env REMOTEACCESS_TEST_RUN="beside-$mark" nice -n 10 timeout --kill-after=15 600 eng/wine.sh prepare >"$logs/wine-prepare.log" 2>&1
    echo $? >"$scratch/wine-prepare.code"
} &
fetching=$!

say "restore"
for attempt in 1 2 3; do
    step restore 240 dotnet restore RemoteAccess.sln --locked-mode -v m -nodeReuse:false && break
    [ "$attempt" -lt 3 ] || { show_log restore; fail "restore"; exit; }
    say "restore failed, once more"
done

say "build"
step build 480 dotnet build RemoteAccess.sln -c Release --no-restore -v m -nodeReuse:false -warnaserror -p:UseSharedCompilation=true || { show_log build; fail "build"; exit; }

sweep # the compiler
publish_beside

for project in tests/*.Tests/*.csproj; do
    name="$(basename "$project" .csproj)"
    case "$name" in
        RemoteAccess.Windows.Tests) continue ;;
        RemoteAccess.EndToEnd.Tests)
            { wait "$publishing" "$fetching"; } 2>/dev/null
            publishing= fetching=
            for published in RemoteAccess.Windows.Tests RemoteAccess.Core.Tests; do was_published "$published"; done
            weigh_agent
            [ "$(code_of HelpdeskAgent-arm64)" = 0 ] || { show_log HelpdeskAgent-arm64; fail "HelpdeskAgent: build for Windows on ARM"; }
            use_compiled_samples
            samples_beside
            compute_beside
            ;;
    esac
    apart=()
    [ "$name" != RemoteAccess.EndToEnd.Tests ] || apart=(-trait- Group=Office)
    say "$name"
    step "$name" 1500 "tests/$name/bin/Release/net10.0/$name" -noColor -noLogo -longRunning 60 "${apart[@]}" ${quick:+-trait- Category=Slow}
    count_tests "$name" $?
    sweep tell
    [ "$name" != RemoteAccess.EndToEnd.Tests ] || wine_beside
done

count_waiting
count_computing
