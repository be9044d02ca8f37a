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
those of Core and of the Windows package under Wine (eng/wine.sh), the second picture decoder (Python), the fuzz engine's self-test, and every fuzz target with 1000000 executions (the picture's to the end, the others as far as the time allows).
Needs the .NET SDK of global.json. Usually less than 25 minutes.
  --quick   20000 fuzz executions; leaves out the tests of trait Category=Slow (packing twice, and others that take long)
Logs: artifacts/test-logs. The last line is "N passed, N failed, N skipped"; exit code 0 only when nothing failed and something passed.
HELP
        [ "${1:-}" = --help ] && exit 0 || exit 2
        ;;
esac

# Seconds: what can be cut short (fuzz) ends within the first; the second is for what hangs. A slow machine may take longer than the first.
readonly usual=1440 budget=2700 logs="$PWD/artifacts/test-logs"
. eng/dotnet-environment.sh
# Measuring for code that will be hot costs a test run a sixth of its processor time: what is tested is over before.
export DOTNET_TieredPGO=0
. eng/test/commands.sh
. eng/test/results.sh
. eng/test/machine.sh
. eng/test/lanes.sh
rm -rf "$logs"
mkdir -p "$logs"
scratch="$(make_scratch)"

finish() {
    trap - EXIT INT TERM HUP
    [ -z "$running" ] || { kill -TERM "$running" 2>/dev/null; wait "$running" 2>/dev/null; }
    [ ${#lanes[@]} -eq 0 ] || kill -TERM "${lanes[@]}" 2>/dev/null
    sweep
    sweep quietly beside-
    rm -rf "$scratch"
    report && exit 0
    exit 1
}
trap finish EXIT
trap 'fail "interrupted"; finish' INT TERM HUP

install_packages
command -v dotnet >/dev/null || { fail "there is no dotnet; install the .NET SDK of global.json"; exit; }
lane prepare_wine

say "restore"
for attempt in 1 2 3; do
    step restore 240 dotnet restore RemoteAccess.sln --locked-mode -v m -nodeReuse:false && break
    [ "$attempt" -lt 3 ] || { show_log restore; fail "restore"; exit; }
    say "restore failed, once more"
done

say "build"
step build 480 dotnet build RemoteAccess.sln -c Release --no-restore -v m -nodeReuse:false -warnaserror -p:UseSharedCompilation=true || { show_log build; fail "build"; exit; }
sweep # the compiler

say "beside: publishing, Wine, the samples, fuzz"
lane publish_programs
lane test_on_wine
[ -n "$quick" ] || lane test_samples
lane compute

for project in tests/*.Tests/*.csproj; do
    name="$(basename "$project" .csproj)" apart=()
    case "$name" in
        RemoteAccess.Windows.Tests) continue ;;
        RemoteAccess.EndToEnd.Tests)
            # It packs and publishes too.
            await "${published[@]}"
            count_published
            apart=(-trait- Group=Office)
            ;;
    esac
    say "$name"
    step "$name" 1500 "tests/$name/bin/Release/net10.0/$name" -noColor -noLogo -longRunning 60 "${apart[@]}" ${quick:+-trait- Category=Slow}
    count_tests "$name" $?
    sweep tell
done

say "what is left of the lanes beside"
wait_for_lanes
count_lanes
