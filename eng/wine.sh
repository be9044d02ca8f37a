#!/usr/bin/env bash
# Runs a Windows program under Wine 9 or later. eng/wine.sh --help tells the rest.
set -euo pipefail

cache="${XDG_CACHE_HOME:-$HOME/.cache}/remoteaccess/wine"
root="$cache/trixie"
readonly least=9 inside=(wine wine64 libwine xdotool x11-apps x11-utils x11-xserver-utils fonts-dejavu-core fonts-ipafont-gothic)

help() {
    cat <<'HELP'
usage: eng/wine.sh prepare            what is needed to run: installs it, or says what is missing (exit code 3)
       eng/wine.sh run FOLDER PROGRAM [ARGUMENT...]
Runs FOLDER/PROGRAM (a Windows program) on the display in $DISPLAY, or on an Xvfb of its own, in a fresh Wine prefix, for $WINE_SECONDS (600)
at most; its exit code is the program's, 124 when the time ended. The program sees FOLDER as the current directory.
$WINE_BESIDE is a command for the same prefix, words with blanks between, started before it: WINE_BESIDE="notepad.exe notes.txt".
$WINE_AS_IS, set to anything, leaves .NET's collector and compiler as the program has them: for measuring.
Where the system's Wine is older than 9 (Debian 12), Wine comes from Debian 13 in a folder of its own under ~/.cache/remoteaccess/wine
(3 GB, once; root needed), entered by chroot in a private mount namespace: nothing stays mounted.
HELP
}

missing() { echo "Wine: $*" >&2; exit 3; }

version() { "$@" --version 2>/dev/null | sed -nE 's/^wine-([0-9]+).*/\1/p'; }

# Sets `enter`: empty where the system's own Wine will do, else the folder to enter.
find_wine() {
    local own
    own="$(version wine)" || own=
    if [ "${own:-0}" -ge "$least" ]; then
        enter=
    elif [ -e "$cache/complete" ]; then
        [ "$(id -u)" -eq 0 ] || missing "only root can enter $root"
        enter=$root
    else
        return 1
    fi
}

prepare() {
    find_wine && return
    [ "$(id -u)" -eq 0 ] || missing "version $least or later is not installed, and only root can install it"
    command -v apt-get >/dev/null || missing "version $least or later is not installed, and this is not a Debian system"
    export DEBIAN_FRONTEND=noninteractive
    local candidate
    candidate="$(apt-cache policy wine 2>/dev/null | sed -nE 's/^ *Candidate: ([0-9]+).*/\1/p')"
    if [ "${candidate:-0}" -ge "$least" ]; then
        apt-get -q -y install --no-install-recommends -o DPkg::Lock::Timeout=300 "${inside[@]}"
    else
        mkdir -p "$cache"
        exec 9>"$cache/lock"
        flock 9
        find_wine && return
        apt-get -q -y install --no-install-recommends -o DPkg::Lock::Timeout=300 debootstrap
        rm -rf "$root"
        debootstrap --variant=minbase --include=ca-certificates trixie "$root"
        cp /etc/hosts /etc/resolv.conf "$root/etc/"
        chroot "$root" sh -c "apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends ${inside[*]} && apt-get clean"
        touch "$cache/complete"
    fi
    find_wine || missing "it was installed and is not found"
}

# Inside: a prefix of its own, and nothing of it left at the end. The first run keeps an archive of the prefix that this Wine makes, before anything ran in it; the others begin with that, which
# takes three seconds for fourteen. What is set for .NET is for Wine only:
# - ICU beside the program, and its cultures: Windows has its own, Wine has none (eng/test.props).
# - Collections are rare (a large first generation, which takes arrays of up to 32 MB too) and AVX is off: Wine 10 loses registers of a thread
#   that another one's collection stops, upper halves first. A whole run of the Core tests, two at once, then ends in a wrong pixel or an access
#   violation somewhere, in code that is safe. Code is compiled once: exchanging it stops threads too.
# - The service of COM is started first: when a screen reader and the prompt it reads were the first to need it, on a busy machine, both waited for ever.
readonly script='
export HOME=/tmp WINEDEBUG=${WINEDEBUG:--all} WINEDLLOVERRIDES="winedbg.exe=d" WINEPREFIX="${WINE_PREFIX_TO_MAKE:-/tmp/remoteaccess-wine}"
export DOTNET_SYSTEM_GLOBALIZATION_APPLOCALICU=62 DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY=false
[ -n "${WINE_AS_IS:-}" ] || export DOTNET_EnableAVX=0 DOTNET_TieredCompilation=0 DOTNET_gcConcurrent=0 DOTNET_GCgen0size=80000000 DOTNET_GCLOHThreshold=2000000 DOTNET_GCRegionSize=8000000
made=$1/prefix-$(wine --version | tr -dc A-Za-z0-9.-).tar; limit=$2; folder=$3; program=$4; shift 4
mkdir -p "$WINEPREFIX"
if ! tar -xf "$made" -C "$WINEPREFIX" 2>/dev/null; then
    wineboot -i >/dev/null 2>&1; wineserver -w
    part=$(mktemp "$made.XXXXXX") && tar -cf "$part" -C "$WINEPREFIX" . 2>/dev/null && mv "$part" "$made" || rm -f "$part"
fi
wine net start rpcss >/dev/null 2>&1 || true
cd "$folder"
# shellcheck disable=SC2086
[ -z "${WINE_BESIDE:-}" ] || wine $WINE_BESIDE </dev/null >/dev/null 2>&1 &
code=0; timeout --kill-after=10 "$limit" wine "./$program" "$@" </dev/null || code=$?
wineserver -k || true; wineserver -w || true
rm -rf "$WINEPREFIX"
exit "$code"
'

# unshare does not hear TERM while it waits, and what it started dies with it; elsewhere the group is ended, and its server leaves when nobody is there.
stop() {
    trap - EXIT INT TERM HUP
    [ -z "$inner" ] || kill -KILL -- "${group:-}$inner" 2>/dev/null || true
    [ -z "$inner" ] || wait "$inner" 2>/dev/null || true
    [ -z "$prefix" ] || rm -rf "$prefix"
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
}

# Its number comes through a file that is gone at once.
start_x_server() {
    command -v Xvfb >/dev/null || { echo "DISPLAY is not set and there is no Xvfb: install the package xvfb" >&2; exit 2; }
    local number tries
    number="$(mktemp)"
    Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$number" >/dev/null 2>&1 &
    server=$!
    for tries in $(seq 200); do
        [ ! -s "$number" ] || break
        kill -0 "$server" 2>/dev/null || break
        sleep 0.05
    done
    DISPLAY=":$(cat "$number")"
    rm -f "$number"
    [ "$DISPLAY" != : ] || { echo "Xvfb does not start" >&2; exit 2; }
    export DISPLAY
}

run() {
    local folder program limit="${WINE_SECONDS:-600}" code=0
    folder="$(cd "$1" && pwd)" program=$2
    shift 2
    [ -f "$folder/$program" ] || { echo "there is no $folder/$program" >&2; exit 2; }
    find_wine || missing "version $least or later is not there: eng/wine.sh prepare"
    trap stop EXIT
    trap 'stop; exit 130' INT TERM HUP
    [ -n "${DISPLAY:-}" ] || start_x_server
    if [ -z "$enter" ]; then
        mkdir -p "$cache"
        prefix="$(mktemp -d /tmp/remoteaccess-wine.XXXXXX)"
        group=-
        WINE_PREFIX_TO_MAKE="$prefix" setsid bash -c "$script" wine "$cache" "$limit" "$folder" "$program" "$@" &
    else
        mkdir -p "$root/run/work" "$root/var/cache/remoteaccess"
        # shellcheck disable=SC2016
        unshare --mount --pid --fork --kill-child bash -c '
            set -e
            root=$1 folder=$2; shift 2
            mount -t proc proc "$root/proc"
            mount --rbind /dev "$root/dev"
            mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
            mkdir "$root/tmp/.X11-unix"
            mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
            mount --bind "$folder" "$root/run/work"
            exec env -u TMPDIR chroot "$root" bash -c "$@"
        ' enter "$root" "$folder" "$script" wine /var/cache/remoteaccess "$limit" /run/work "$program" "$@" &
    fi
    inner=$!
    wait "$inner" || code=$?
    inner=
    exit "$code"
}

enter= inner= server= prefix=
case "${1:-}" in
    prepare) prepare ;;
    run) [ $# -ge 3 ] || { help >&2; exit 2; }; shift; run "$@" ;;
    --help) help ;;
    *) help >&2; exit 2 ;;
esac
