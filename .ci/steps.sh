# Sourced by the scripts beside it: counts tests and steps, and shows the end of the output of those that fail.
export CI=true DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en TESTINGPLATFORM_TELEMETRY_OPTOUT=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# Whatever hangs is ended, and has failed, after fifteen minutes.
dotnet() {
    timeout --kill-after=10 900 dotnet "$@"
}

# step NAME COMMAND...: counts once; shows the end of the output where it fails.
step() {
    local name=$1 start=$SECONDS
    shift
    if "$@" >"$scratch/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $name ($((SECONDS - start)) s)"
    else
        failed=$((failed + 1))
        echo "FAILED  $name ($((SECONDS - start)) s): $*"
        tail -n 60 "$scratch/log" | sed 's/^/        /'
        return 1
    fi
}

# tests NAME COMMAND...: counts the tests of the summary; a run without a summary, or that fails without a failed test, is a
# failure.
tests() {
    local name=$1 start=$SECONDS code succeeded wrong
    shift
    "$@" >"$scratch/log" 2>&1
    code=$?
    succeeded=$(awk '$1 == "succeeded:" { n += $2 } END { print n + 0 }' "$scratch/log")
    wrong=$(awk '$1 == "failed:" { n += $2 } END { print n + 0 }' "$scratch/log")
    if [ $code -ne 0 ] && [ "$wrong" -eq 0 ] || [ "$succeeded" -eq 0 ] && [ "$wrong" -eq 0 ]; then
        wrong=1
    fi
    passed=$((passed + succeeded)) failed=$((failed + wrong))
    if [ "$wrong" -eq 0 ]; then
        echo "ok      $name: $succeeded tests ($((SECONDS - start)) s)"
    else
        echo "FAILED  $name: $succeeded passed, $wrong failed, exit code $code ($((SECONDS - start)) s): $*"
        grep -E "^(failed|x|\[x\])|error|Error|Exception|Expected|at SeqCore" "$scratch/log" | head -n 60 | sed 's/^/        /'
        tail -n 12 "$scratch/log" | sed 's/^/        /'
        return 1
    fi
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}

suite() {
    dotnet SeqCore.Tests/bin/Release/net10.0/SeqCore.Tests.dll --no-ansi "$@"
}
