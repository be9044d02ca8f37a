#!/usr/bin/env bash
# CPU time a frame of capture, and of plan and encode: by X11, and by GDI under Wine, on the same screen in the same run; prints a table in Markdown.
#   benchmarks/screen-cost.sh [--quick]          three minutes; needs Xvfb, and Wine 9 or later (eng/wine.sh prepare)
# Both are the same build, compiled while they run (the framework's own code is compiled before), with the runtime's defaults.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/dotnet-environment.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/remoteaccess-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT
{
    eng/wine.sh prepare
    dotnet build benchmarks/RemoteAccess.Benchmarks -c Release -v q
    dotnet publish benchmarks/RemoteAccess.Benchmarks -c Release -r win-x64 --self-contained -o "$work/windows" -v q
} >&2
benchmarks/RemoteAccess.Benchmarks/bin/Release/net10.0/RemoteAccess.Benchmarks --screen-cost "$work/windows" "$@"
