#!/usr/bin/env bash
# Compares the product with its peers on the same recorded frames, and prints a report in Markdown with ratios and their noise.
#   benchmarks/peers/run.sh [--quick] [--reps N] [--seqs A,B] [--peers A,B] [--networks A,B] [--priority N] [--help]
#   --quick       for a look: one repetition, term, web and photo, without x11vnc, FreeRDP and the agent as built; a quarter of an hour
#   --reps N      repetitions, 3 by default; the noise is read from them
#   --seqs        of term,office,report,web,desktop,video,photo,editor (all)
#   --peers       of peers.py's list; none,ours,ours-lossless,ours-built,x0vnc,x0vnc-lossless,x11vnc,freerdp
#   --networks    of loopback,wan (both): wan is 20 Mbit/s with 25 ms each way
#   --priority N  scheduling priority of everything that is started, as nice(1) counts; below 0 needs root
# Debian 12 or later. Installs the packages it needs as root or with sudo, builds the C tools and the samples, records the corpus from real
# applications if it is absent (~/.cache/remoteaccess/corpus; two recordings cannot be compared, keep it), makes a grant in a temporary
# directory. A whole run takes two hours. What it starts it ends by number; Ctrl+C too.
set -euo pipefail
cd "$(dirname "$0")"

quick= reps= seqs= peers= networks=loopback,wan priority=0
while [ $# -gt 0 ]; do
    case $1 in
        --quick) quick=yes; shift; continue ;;
        --help) sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' run.sh; exit 0 ;;
        --reps | --seqs | --peers | --networks | --priority)
            if [ $# -lt 2 ]; then echo "$1 needs a value" >&2; exit 2; fi
            declare "${1#--}=$2" ;;
        *) echo "What is $1? See --help." >&2; exit 2 ;;
    esac
    shift 2
done
if [ -n "$quick" ]; then
    : "${reps:=1}" "${seqs:=term,web,photo}" "${peers:=none,ours,ours-lossless,x0vnc,x0vnc-lossless}"
fi
: "${reps:=3}" "${seqs:=term,office,report,web,desktop,video,photo,editor}" "${peers:=none,ours,ours-lossless,ours-built,x0vnc,x0vnc-lossless,x11vnc,freerdp}"

IFS=, read -ra sequences <<<"$seqs"
. ./prepare.sh "${sequences[@]}"

cd ../..
. eng/dotnet-environment.sh
published=artifacts/published
{
    echo "Building the samples"
    dotnet build -c Release -v q samples/HelpdeskAgent
    for sample in HelpdeskAgent CommandLineViewer; do
        dotnet publish "samples/$sample" -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" --artifacts-path "$published" -v q
    done
} >&2
viewer=$PWD/$(ls "$published"/publish/CommandLineViewer/*/remoteaccess-viewer)
built=$PWD/samples/HelpdeskAgent/bin/Release/net10.0/remoteaccess-agent
published=$PWD/$(ls "$published"/publish/HelpdeskAgent/*/remoteaccess-agent)

work=$(mktemp -d "${TMPDIR:-/tmp}/remoteaccess-peers-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
"$viewer" tenant init --out "$work/tenant" >/dev/null
"$published" grant --state "$work/state" --on-site --sign-with "$work/tenant" --consented-by "Nobody (benchmark)" \
    --statement "A benchmark may watch this screen." --nickname "Benchmark:Screen:Nobody" --out "$work/grant.pem" >"$work/grant.log" 2>&1
grep -Eo '^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$' "$work/grant.log" >"$work/code"
case ,$peers, in
    *,ours-wine,*)
        eng/wine.sh prepare >&2
        dotnet publish samples/HelpdeskAgent -c Release -r win-x64 -p:IcuForWine=true -o "$work/windows" -v q >&2
        cp -a "$work/state" "$work/windows/state"
        ;;
esac

notes=()
case ,$peers, in
    *,ours-lossless,*)
        if ! "$viewer" probe --help | grep -q -- --lossless; then
            peers=$(sed 's/,ours-lossless,/,/; s/^,//; s/,$//' <<<",$peers,")
            notes+=(--note "**ours-lossless** did not run: this revision's viewer has no \`probe --lossless\`")
            echo "This viewer has no probe --lossless: ours-lossless is left out" >&2
        fi
        ;;
esac

version() { dpkg-query -W -f '${Package} ${Version}, ' "$@" | sed 's/, $//'; }
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
echo "Machine: $processor, $(nproc) logical processors, $(free -m | awk '/^Mem/ { print $2 }') MiB; $(. /etc/os-release; echo "$PRETTY_NAME"); .NET $(dotnet --version) SDK."
echo "Peers: $(version tigervnc-scraping-server x11vnc freerdp2-shadow-x11)."
echo "Revision: $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src samples benchmarks || echo ' with changes'). Run: $(date -u +%Y-%m-%dT%H:%MZ), ${quick:+quick, }$reps repetition(s), load average before $(cut -d' ' -f1 /proc/loadavg)."
echo "Corpus: $(cd "${XDG_CACHE_HOME:-$HOME/.cache}/remoteaccess/corpus" && for s in "${sequences[@]}"; do echo "$s $(sha256sum "$s.rsc" | cut -c1-12)"; done | paste -sd, | sed 's/,/, /g') (SHA-256)."
echo
python3 benchmarks/peers/matrix.py --reps "$reps" --seqs "$seqs" --peers "$peers" --networks "$networks" --priority "$priority" "${notes[@]}" \
    --path-ours "$work" --path-published "$published" --path-built "$built" --path-viewer "$viewer" &
matrix=$!
trap 'kill "$matrix" 2>/dev/null || true; wait "$matrix" || true; exit 130' INT TERM
wait "$matrix"
