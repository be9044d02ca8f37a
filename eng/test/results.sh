# Adding up what the runners say. Sourced by eng/test.sh.

passed=0 failed=0 skipped=0
skips=() failures=()

fail() {
    failed=$((failed + ${2:-1}))
    failures+=("$1")
    say "FAILED: $1"
}

skip() {
    skipped=$((skipped + ${2:-1}))
    skips+=("$1")
}

show_log() {
    if [ "$(wc -l <"$logs/$1.log")" -le 300 ]; then
        cat "$logs/$1.log"
    else
        grep -F -A 25 '[FAIL]' "$logs/$1.log" | head -n 300
        echo ...
        tail -n 40 "$logs/$1.log"
    fi | cut -c1-300 | sed 's/^/    /'
}

number_after() { sed -nE "s/.*$2: ([0-9]+).*/\1/p" <<<"$1" | head -n 1; }

# Adds up a runner of xunit: count_tests NAME EXIT-CODE
count_tests() {
    local name=$1 code=$2 summary total bad errors skip not_run
    summary="$(sed -n '/=== TEST EXECUTION SUMMARY ===/,$p' "$logs/$name.log" | grep -E 'Total: [0-9]+' | tail -n 1)"
    total="$(number_after "$summary" Total)" bad="$(number_after "$summary" Failed)" errors="$(number_after "$summary" Errors)"
    skip="$(number_after "$summary" Skipped)" not_run="$(number_after "$summary" 'Not Run')"
    bad=$((${bad:-0} + ${errors:-0}))
    if [ -z "$total" ]; then
        show_log "$name"
        fail "$name: no summary; exit code $code$([ "$code" -eq 124 ] || [ "$code" -eq 137 ] && echo ' (time limit)')"
        return
    fi
    passed=$((passed + total - ${bad:-0} - ${skip:-0} - ${not_run:-0}))
    skipped=$((skipped + ${skip:-0}))
    say "$name: ${summary##*Tests  }"
    while IFS= read -r line; do
        [ -z "$line" ] || skips+=("$line")
    done < <(grep -A 1 -E '\[SKIP\]$' "$logs/$name.log" | grep -v '^--$' | sed -E 's/^ +//' | sed -E '/\[SKIP\]$/{N;s/ ?\[SKIP\]\n/: /}')
    if [ "$bad" -gt 0 ]; then
        show_log "$name"
        fail "$name: $bad tests" "$bad"
    elif [ "$total" -eq 0 ]; then
        fail "$name: found no tests"
    elif [ "$code" -ne 0 ]; then
        show_log "$name"
        fail "$name: exit code $code although no test failed"
    fi
}

# Adds up a runner of ours, whose last line is "N passed, N failed, N skipped": count_line NAME EXIT-CODE
count_line() {
    local name=$1 code=$2 line p f s
    line="$(tail -n 1 "$logs/$name.log")"
    sed 's/^/    /' "$logs/$name.log" | tail -n 200
    if [[ ! "$line" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        fail "$name: no summary; exit code $code"
        return
    fi
    p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=${BASH_REMATCH[3]}
    passed=$((passed + p)) skipped=$((skipped + s))
    say "$name: $line"
    while IFS= read -r line; do
        [ -z "$line" ] || skips+=("fuzz $line")
    done < <(grep -A 1 -E '\[SKIP\]$' "$logs/$name.log" | grep -v '^--$' | sed -E '/\[SKIP\]$/{N;s/ ?\[SKIP\]\n */: /}')
    if [ "$f" -gt 0 ]; then
        fail "$name: $f" "$f"
    elif [ $((p + s)) -eq 0 ]; then
        fail "$name: found nothing to run"
    elif [ "$code" -ne 0 ]; then
        fail "$name: exit code $code although nothing failed"
    fi
}

# The last words, on whatever way the run ends.
report() {
    if [ ${#skips[@]} -gt 0 ]; then
        echo "Skipped, and why:"
        printf '  %s\n' "${skips[@]}"
    fi
    if [ ${#failures[@]} -gt 0 ]; then
        echo "Failed:"
        printf '  %s\n' "${failures[@]}"
        # Once more, because who reads only the end must see them.
        grep -hF -A 6 '[FAIL]' "$logs"/*.log 2>/dev/null | cut -c1-200 | head -n 80
    fi
    say "done"
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
