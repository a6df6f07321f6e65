#!/usr/bin/env bash
# Kills training runs (kill -9) at random moments, resumes each until it is done, and compares the SHA-256 of its last
# checkpoint with that of a run which was never stopped. Half of the runs draw random windows, half carry the state on.
#
#   samples/CharLanguageModel/kill-and-resume.sh [RUNS [OPTION...]]
#
# RUNS is 50 if left out; options, for example --threads 1, go to every run. Exit code 0 if all runs end with the same bits.
set -u
runs=${1:-50}
options=("${@:2}")
kills_per_run=3
cd "$(dirname "$0")" || exit 1
dotnet build -c Release -v quiet -nologo || exit 1
program="dotnet bin/Release/net10.0/CharLanguageModel.dll"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

train() { # FOLDER WINDOWS [--resume]
    exec $program train --dataset tunes --hidden 32 --embedding 16 --dropout 0.1 --batch 8 --sequence 32 --iterations 2000 \
        --checkpoint-every 20 --eval-every 400 --length 1 --windows "$2" --out "$1" "${@:3}" "${options[@]}" > "$1.log" 2>&1
}

last_hash() { # FOLDER
    sha256sum < "$(ls "$1"/checkpoint-*.safetensors | tail -n 1)" | cut -c 1-64
}

milliseconds() { date +%s%3N; }

failed() { # NAME
    echo "run $1 failed:"
    tail -n 5 "$work/$1.log"
    exit 1
}

declare -A expected
for windows in random stream; do
    start=$(milliseconds)
    (train "$work/$windows" $windows) || failed $windows
    expected[$windows]=$(last_hash "$work/$windows")
    took=$(($(milliseconds) - start))
    echo "never stopped, $windows windows: ${expected[$windows]} in $took ms"
done

passed=0 kills=0
for ((run = 1; run <= runs; run++)); do
    windows=$([ $((run % 2)) = 0 ] && echo random || echo stream)
    resume=""
    for ((stop = 1; ; stop++)); do
        (train "$work/run$run" $windows $resume) &
        pid=$!
        if [ $stop -le $kills_per_run ]; then
            delay=$((RANDOM * took / 65536)) # within the first half, so that most runs are still there to be killed
            sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
            kill -9 $pid 2> /dev/null && kills=$((kills + 1))
        fi
        wait $pid 2> /dev/null
        code=$?
        [ -e "$work/run$run/metrics.jsonl" ] && resume=--resume # a kill may come before the run has begun
        [ $code = 0 ] && break
        [ $code = 137 ] || failed "run$run"
    done
    hash=$(last_hash "$work/run$run")
    if [ "$hash" = "${expected[$windows]}" ]; then
        passed=$((passed + 1))
    else
        echo "run $run, $windows windows: $hash differs"
    fi
    rm -rf "$work/run$run"
done
echo "$passed of $runs runs, killed $kills times in all, ended with the bits of the run never stopped"
[ "$passed" = "$runs" ]
