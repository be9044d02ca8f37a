# Sourced by run.sh and codecs.sh: the Debian packages, the C tools and the recorded corpus, each only if it is missing.
# usage: . prepare.sh SEQUENCE…      (in benchmarks/peers)

# What needs which: building the tools; recording real applications; the peers; the video codecs.
tool_packages=(build-essential libx11-dev libxext-dev libzstd-dev liblz4-dev zlib1g-dev libturbojpeg0-dev libvncserver-dev)
record_packages=(python3 faketime xvfb xdotool x11-utils x11-xserver-utils imagemagick mate-backgrounds xterm openbox pcmanfm feh chromium
    libreoffice-writer libreoffice-gtk3 mousepad adwaita-icon-theme fonts-dejavu-core fonts-liberation less)
peer_packages=(iproute2 tigervnc-scraping-server x11vnc freerdp2-shadow-x11 freerdp2-x11)
codec_packages=(ffmpeg)

install_packages() {
    local missing=() package
    for package in "${tool_packages[@]}" "${record_packages[@]}" "${peer_packages[@]}" "${codec_packages[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then return; fi
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            echo "Missing, and neither root nor sudo without a password is there to install: ${missing[*]}" >&2
            exit 1
        fi
        root=(sudo)
    fi
    echo "Installing ${missing[*]}" >&2
    "${root[@]}" apt-get update -q >&2
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}

record_missing() { # SEQUENCE…
    local absent=() sequence
    for sequence in "$@"; do
        [ -f "${XDG_CACHE_HOME:-$HOME/.cache}/remoteaccess/corpus/$sequence.rsc" ] || absent+=("$sequence")
    done
    if [ ${#absent[@]} -eq 0 ]; then return; fi
    echo "Recording ${absent[*]}: a minute each, once, kept outside the repository" >&2
    python3 assets.py >&2
    python3 record.py "${absent[@]}" >&2
}

install_packages
make -s >&2
record_missing "$@"
