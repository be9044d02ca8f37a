#!/usr/bin/env bash
# Measures everything and prints one table in Markdown, to be kept in benchmarks/results (docs/benchmarks.md says what each row means).
#   benchmarks/run.sh [--quick]          a quarter of an hour; --quick, for a look only, five minutes
# Needs Xvfb, Xephyr, xterm, gcc or clang, and zlib1g-dev. The published agent is what `dotnet publish -r` makes: one native program.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/dotnet-environment.sh
quick=()
if [ "${1:-}" = --quick ]; then quick=(--quick); fi

program=benchmarks/RemoteAccess.Benchmarks/bin/Release/net10.0/RemoteAccess.Benchmarks
published=artifacts/published
{
    for project in benchmarks/RemoteAccess.Benchmarks samples/HelpdeskAgent samples/CommandLineViewer; do
        dotnet build -c Release -v q "$project"
    done
    dotnet publish samples/HelpdeskAgent -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" --artifacts-path "$published" -v q
} >&2

echo "Machine: $("$program" --machine); $(free -m | awk '/^Mem/ { print $2 }') MiB of memory; $(df -T "${TMPDIR:-/tmp}" | awk 'NR == 2 { print $2 }') under the temporary directory."
echo "Revision: $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src samples benchmarks || echo ' with changes'). Run: $(date -u +%Y-%m-%dT%H:%MZ) ${quick[*]}."
echo
echo "| what | goal | measured | | load average |"
echo "|---|---|---|---|---|"
"$program" --table "${quick[@]}"
benchmarks/agent-process.sh "${quick[@]}" | sed 's/^| agent, /| agent as built, /'
benchmarks/agent-process.sh "${quick[@]}" "$PWD/$(ls "$published"/publish/HelpdeskAgent/*/remoteaccess-agent)" | sed 's/^| agent, /| agent as published, /'
echo
echo "BenchmarkDotNet, in one process:"
echo
rm -rf BenchmarkDotNet.Artifacts/results
if [ ${#quick[@]} -gt 0 ]; then "$program" --filter '*' --iterationCount 3 --warmupCount 1 >&2; else "$program" --filter '*' >&2; fi
for table in BenchmarkDotNet.Artifacts/results/*.md; do
    sed -n '/^|/p' "$table"
    echo
done
