# What the tests need of the machine: packages, and a place for files. Sourced by eng/test.sh.

readonly packages=(
    xvfb xserver-xephyr xterm xdotool xclip xsel x11-apps x11-utils x11-xserver-utils x11-xkb-utils xkb-data xauth
    libx11-6 libxext6 libxtst6 libxdamage1 libxfixes3 libxrandr2 libxi6 libxft2 fontconfig xfonts-base fonts-dejavu-core fonts-ipafont-gothic
    openbox trayer dbus-daemon openssl procps
    gcc libc6-dev zlib1g-dev python3
)

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
