#!/usr/bin/env bash
# Compares codecs alone on the recorded frames and prints a table in Markdown: ours, zstd, lz4, zlib, libjpeg-turbo, x264, VP9.
#   benchmarks/peers/codecs.sh [SEQUENCE…] [--help]       of term office report web desktop video photo editor; default all, half an hour
# Installs packages, builds the tools and records the corpus as run.sh does. README.md says what the columns mean.
set -euo pipefail
cd "$(dirname "$0")"
if [ "${1:-}" = --help ]; then
    sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' codecs.sh
    exit 0
fi

sequences=("$@")
if [ ${#sequences[@]} -eq 0 ]; then sequences=(term office report web desktop video photo editor); fi
corpus=${XDG_CACHE_HOME:-$HOME/.cache}/remoteaccess/corpus
. ./prepare.sh "${sequences[@]}"

ours=
if grep -q '"--codec"' ../RemoteAccess.Benchmarks/Program.cs; then
    (cd ../.. && . eng/dotnet-environment.sh && dotnet build -c Release -v q benchmarks/RemoteAccess.Benchmarks) >&2
    ours=../RemoteAccess.Benchmarks/bin/Release/net10.0/RemoteAccess.Benchmarks
else
    echo "Ours is left out: this revision's RemoteAccess.Benchmarks has no --codec." >&2
fi

rows() { # SEQUENCE: sequence,codec,frames,mb,encode_ms,decode_ms,psnr_db
    if [ -n "$ours" ]; then bin/rsctool frames "$corpus/$1.rsc" | "$ours" --codec "$1"; fi
    bin/codecbench "$1" "$corpus/$1.rsc"
    python3 codecs_video.py "$1"
}

for sequence in "${sequences[@]}"; do
    [ -f "$corpus/$sequence.rsc" ] || { echo "There is no recording '$sequence'." >&2; exit 2; }
    echo "$sequence" >&2
    echo "### $sequence"
    echo
    echo "| codec | frames | MB | kB a frame | encode ms | decode ms | PSNR dB |"
    echo "|---|---|---|---|---|---|---|"
    rows "$sequence" | awk -F, '{ printf "| %s | %d | %s | %.2f | %s | %s | %s |\n", $2, $3, $4, $4 * 1000 / $3, $5, $6, $7; fflush() }'
    echo
done
