# What runs beside the suites that test.sh runs one after another: each lane does one thing at a time, and they wait for each other by the exit codes of what they need. Sourced by eng/test.sh.

readonly quickly=(-v q -nodeReuse:false -p:UseSharedCompilation=true -p:RunAnalyzers=false)

# One test at a time (eng/wine.sh tells why). Not there: what is Unix only, and what --quick leaves out here; the longest make fewer rounds there (Wine.Or).
readonly on_wine=(-noColor -noLogo -longRunning 60 -parallel none -trait- Category=Slow -trait- Platform=Unix)

# Samples as processes, which mostly wait.
readonly samples=(tests/RemoteAccess.EndToEnd.Tests/bin/Release/net10.0/RemoteAccess.EndToEnd.Tests -noColor -noLogo -longRunning 60 -trait Group=Office)

# Three gigabytes when it is not there yet.
prepare_wine() { aside wine-prepare nice -n 10 timeout --kill-after=15 600 eng/wine.sh prepare; }

# One publish at a time: they share what is built. First what the others wait for longest.
published=(RemoteAccess.Windows.Tests-publish HelpdeskAgent-publish RemoteAccess.Core.Tests-publish HelpdeskAgent-arm64)
[ -n "$quick" ] || published+=(HelpdeskAgent-native CommandLineViewer-native)
publish_programs() {
    local name
    aside RemoteAccess.Windows.Tests-publish dotnet publish tests/RemoteAccess.Windows.Tests -c Release -r win-x64 --self-contained -o "$scratch/RemoteAccess.Windows.Tests" "${quickly[@]}"
    # The samples as they go to a customer: each test starts some, and as they are built they would be compiled each time.
    for name in HelpdeskAgent CommandLineViewer; do
        [ -n "$quick" ] || aside "$name-native" dotnet publish "samples/$name" -c Release -r "linux-$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x64)" -o "$scratch/samples/$name" "${quickly[@]}"
    done
    aside HelpdeskAgent-publish dotnet publish samples/HelpdeskAgent -c Release -r win-x64 -o "$scratch/windows-agent" -p:IcuForWine=true "${quickly[@]}"
    aside RemoteAccess.Core.Tests-publish dotnet publish tests/RemoteAccess.Core.Tests -c Release -r win-x64 --self-contained -o "$scratch/RemoteAccess.Core.Tests" "${quickly[@]}"
    # For Windows on ARM it is built only: nothing here runs it, and it needs no runtime from the feed that way.
    aside HelpdeskAgent-arm64 dotnet build samples/HelpdeskAgent -c Release -r win-arm64 -p:SelfContained=false -p:UseAppHost=false -p:EnableRuntimePackDownload=false "${quickly[@]}"
}

test_on_wine() {
    local name
    for name in RemoteAccess.Windows.Tests RemoteAccess.Core.Tests; do
        await wine-prepare "$name-publish"
        [ "$(code_of wine-prepare)$(code_of "$name-publish")" != 00 ] || aside "$name-wine" env WINE_SECONDS="$((budget - SECONDS - 20))" eng/wine.sh run "$scratch/$name" "$name.exe" "${on_wine[@]}"
    done
}

# A machine whose feed has no compiler for native programs tests the samples as they were built, which takes longer.
test_samples() {
    await HelpdeskAgent-native CommandLineViewer-native
    if [ "$(code_of HelpdeskAgent-native)$(code_of CommandLineViewer-native)" = 00 ]; then
        export REMOTEACCESS_SAMPLES="$scratch/samples"
    else
        say "the samples are not native programs: artifacts/test-logs/HelpdeskAgent-native.log"
    fi
    aside RemoteAccess.EndToEnd.Tests-samples "${samples[@]}" -class- '*.Windows*'
    await wine-prepare HelpdeskAgent-publish
    [ "$(code_of HelpdeskAgent-publish)" != 0 ] || export REMOTEACCESS_WINDOWS_AGENT="$scratch/windows-agent"
    aside RemoteAccess.EndToEnd.Tests-samples-wine "${samples[@]}" -class '*.Windows*'
}

# What only computes has the processor time that the others leave.
compute() {
    local fuzz=tests/RemoteAccess.Fuzz/bin/Release/net10.0/RemoteAccess.Fuzz executions=1000000
    [ -z "$quick" ] || executions=20000
    if command -v python3 >/dev/null; then aside second-decoder nice -n 19 python3 -B tests/second-decoder/decode_vectors.py; fi
    aside fuzz-self-test nice -n 19 "$fuzz" --self-test
    # What comes from the network and is decoded at once is fuzzed to the end, the rest as long as the time allows.
    aside fuzz-picture nice -n 19 "$fuzz" --target picture --executions "$executions" --seed 20260101 --findings artifacts/fuzz
    # shellcheck disable=SC2046
    aside fuzz nice -n 19 "$fuzz" $("$fuzz" --list | grep -vx picture | sed 's/^/--target /') --executions "$executions" --minutes "$(awk "BEGIN { m = ($usual - $SECONDS) / 60; printf \"%.2f\", (m > 2 ? m : 2) }")" --jobs 2 --seed 20260101 --findings artifacts/fuzz
}

# What was published, and what a customer downloads of it: the one program for Windows, ICU for Wine beside it left out.
count_published() {
    local name bytes most=$((25 * 1024 * 1024))
    for name in RemoteAccess.Windows.Tests-publish RemoteAccess.Core.Tests-publish HelpdeskAgent-publish HelpdeskAgent-arm64; do
        [ "$(code_of "$name")" = 0 ] || { show_log "$name"; fail "$name"; }
    done
    [ "$(code_of HelpdeskAgent-publish)" = 0 ] || return
    bytes="$(stat -c %s "$scratch/windows-agent/remoteaccess-agent.exe" 2>/dev/null || echo 0)"
    say "HelpdeskAgent for Windows (win-x64, trimmed, one file): $bytes bytes, at most $most"
    if [ "$bytes" -gt 0 ] && [ "$bytes" -le "$most" ]; then
        passed=$((passed + 1))
    else
        fail "HelpdeskAgent for Windows: $bytes bytes, at most $most"
    fi
}

count_lanes() {
    local name
    case "$(code_of wine-prepare)${REMOTEACCESS_WINE_REQUIRED:+required}" in
        0*) for name in RemoteAccess.Windows.Tests RemoteAccess.Core.Tests; do count_tests "$name-wine" "$(code_of "$name-wine")"; done ;;
        3) skip "RemoteAccess.Windows.Tests and RemoteAccess.Core.Tests under Wine: $(tail -n 1 "$logs/wine-prepare.log")" 2 ;;
        *) show_log wine-prepare; fail "eng/wine.sh prepare" ;;
    esac
    if [ -z "$quick" ]; then
        for name in RemoteAccess.EndToEnd.Tests-samples RemoteAccess.EndToEnd.Tests-samples-wine; do count_tests "$name" "$(code_of "$name")"; done
    fi
    if [ -e "$logs/second-decoder.log" ]; then
        count_line second-decoder "$(code_of second-decoder)"
    else
        skip "second decoder: there is no python3"
    fi
    for name in fuzz-self-test fuzz-picture fuzz; do count_line "$name" "$(code_of "$name")"; done
}
