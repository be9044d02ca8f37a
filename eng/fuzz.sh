#!/usr/bin/env bash
# Fuzzes for some minutes: eng/fuzz.sh MINUTES [TARGET] [further options of RemoteAccess.Fuzz]
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2

usage() {
    echo "usage: eng/fuzz.sh MINUTES [TARGET] [options]"
    echo "Fuzzes every target, or TARGET, for MINUTES in all; prints the seed; on a finding writes the input, tells how to replay it, exits 1."
    echo "Options are those of the runner (--seed N, --jobs N, --executions N, --findings DIR); names of the targets:"
    echo "  dotnet run -c Release --project tests/RemoteAccess.Fuzz -- --list"
}

case "${1:-}" in
    '' | -h | --help) usage; [ -n "${1:-}" ] && exit 0 || exit 2 ;;
esac
minutes="$1"
shift
target=()
if [ -n "${1:-}" ] && [ "${1#--}" = "$1" ]; then
    target=(--target "$1")
    shift
fi

. eng/dotnet-environment.sh
findings=artifacts/fuzz
dotnet build -c Release -v q tests/RemoteAccess.Fuzz || exit 2
tests/RemoteAccess.Fuzz/bin/Release/net10.0/RemoteAccess.Fuzz \
    --minutes "$minutes" --jobs "$(nproc)" --findings "$findings" ${target[@]+"${target[@]}"} "$@"
code=$?
if [ "$code" -gt 2 ]; then
    echo "The runner died with code $code. What each target was executing then:"
    for file in "$findings"/*.current; do
        [ -e "$file" ] || continue
        name="$(basename "$file" .current)"
        echo "  replay: dotnet run -c Release --project tests/RemoteAccess.Fuzz -- --replay $file --target $name"
    done
    code=1
fi
exit "$code"
