#!/usr/bin/env bash
# Disturbs training runs and looks whether anything is lost: kill -9 at random moments, two processes on one folder, a full disk,
# a folder that cannot be written, and the order of write, flush, rename and directory flush as strace sees it.
#
#   samples/CharLanguageModel/kill-and-resume.sh [ROUNDS [OPTION...]]
#
# ROUNDS is 50 if left out; options, for example --threads 1, go to every run. A round is one kill at a random moment and the
# resumption after it; every tenth has a second process on the same folder too. Runs are resumed until they are done, and their
# last checkpoint compared by SHA-256 with that of a run which was never stopped. Half of them draw random windows, half carry the
# state on. Exit code 0 if nothing was lost.
set -u
rounds=${1:-50}
options=("${@:2}")
cd "$(dirname "$0")" || exit 1
dotnet build -c Release -v quiet -nologo || exit 1
program="dotnet bin/Release/net10.0/CharLanguageModel.dll"
work=$(mktemp -d)
tmpfs=""
trap '[ -n "$tmpfs" ] && umount "$tmpfs"; rm -rf "$work"' EXIT
export DOTNET_TieredPGO=0
for ((i = 0; i < 400; i++)); do echo "the $i cats of $((i * 7 % 31)) dogs"; done > "$work/text"

train() { # FOLDER WINDOWS [OPTION...]
    exec $program train --data "$work/text" --model rnn --hidden 16 --embedding 8 --dropout 0.1 --batch 4 --sequence 16 \
        --iterations 6000 --checkpoint-every 25 --eval-every 500 --length 1 --windows "$2" --out "$1" "${@:3}" "${options[@]}"
}

last_hash() { # FOLDER
    sha256sum < "$(ls "$1"/checkpoint-*.safetensors | tail -n 1)" | cut -c 1-64
}

milliseconds() { date +%s%3N; }

failures=0
failed() { # WHAT LOG
    failures=$((failures + 1))
    echo "FAILED: $1"
    [ -e "${2:-}" ] && tail -n 5 "$2"
}

declare -A expected
for windows in random stream; do
    start=$(milliseconds)
    (train "$work/$windows" $windows > "$work/log" 2>&1) || { failed "the run never stopped" "$work/log"; exit 1; }
    expected[$windows]=$(last_hash "$work/$windows")
    took=$(($(milliseconds) - start))
    echo "never stopped, $windows windows: ${expected[$windows]} in $took ms"
done

# Kills, at moments within a run's first two thirds, so that most come while it works.
run=0 runs=0 kills=0 refused=0 folder=""
for ((round = 1; round <= rounds; round++)); do
    if [ -z "$folder" ]; then
        run=$((run + 1)) folder=$work/run$run resume=""
        windows=$([ $((run % 2)) = 0 ] && echo random || echo stream)
    fi
    (train "$folder" $windows $resume > "$folder.log" 2>&1) &
    pid=$!
    delay=$((RANDOM * took / 49152))
    if [ $((round % 10)) = 0 ]; then
        # A second process, as soon as the first one holds the folder.
        for ((i = 0; i < 400; i++)); do
            grep -qs "process $pid" "$folder/.lock-holder" && break
            kill -0 $pid 2> /dev/null || break
            sleep 0.02
        done
        (train "$folder" $windows --resume > "$folder.second" 2>&1)
        code=$?
        if kill -0 $pid 2> /dev/null; then
            if [ $code = 1 ] && grep -q "is in use by another run (process $pid, since" "$folder.second"; then
                refused=$((refused + 1))
            else
                failed "round $round: the second process ended with $code" "$folder.second"
            fi
        fi
    else
        sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
    fi
    if kill -9 $pid 2> /dev/null; then
        kills=$((kills + 1))
    else
        took=$((took * 3 / 4)) # the machine is less busy than it was: kill earlier
    fi
    wait $pid 2> /dev/null
    code=$?
    [ -e "$folder/metrics.jsonl" ] && resume=--resume # a kill may come before the run has begun
    if [ $code != 0 ] && [ $code != 137 ]; then
        failed "round $round: the run ended with $code" "$folder.log"
        folder=""
        continue
    fi
    # Every eighth round the run goes on to its end, as does the last one.
    if [ $code != 0 ] && [ $((round % 8)) = 0 -o $round = "$rounds" ]; then
        (train "$folder" $windows $resume > "$folder.log" 2>&1)
        code=$?
        [ $code = 0 ] || failed "round $round: the resumption ended with $code" "$folder.log"
    fi
    if [ $code = 0 ]; then
        runs=$((runs + 1))
        hash=$(last_hash "$folder")
        [ "$hash" = "${expected[$windows]}" ] || failed "run $run, $windows windows: $hash differs"
        ls -A "$folder" | grep -q unfinished && failed "run $run left unfinished files"
        rm -rf "$folder" "$folder.log" "$folder.second"
        folder=""
    fi
done
echo "$rounds rounds: $kills kills, $refused second processes refused, $runs runs ended, all compared with the run never stopped"

# Ends in one line of error, with the older checkpoints whole: the newest loads, and the resumption ends with the same bits.
expect_failure() { # WHAT FOLDER LOG CODE
    [ "$4" = 1 ] || failed "$1: exit code $4" "$3"
    grep -q "could not be written\|cannot be written\|could not be read or written" "$3" || failed "$1: no word of it" "$3"
    grep -q "^   at " "$3" && failed "$1: a stack trace" "$3"
    ls -A "$2" | grep -q unfinished && failed "$1: unfinished files are left"
    return 0
}

# A full disk: files may not grow beyond a limit, which the metrics reach while checkpoints still fit.
# The runtime itself wants a large file for its code unless it may write to where it executes.
(export DOTNET_EnableWriteXorExecute=0; ulimit -f 24; trap '' XFSZ; train "$work/limit" random > "$work/log" 2> "$work/error")
expect_failure "a limit on files" "$work/limit" "$work/error" $?
(train "$work/limit" random --resume > "$work/log" 2>&1) || failed "the resumption after a limit on files" "$work/log"
[ "$(last_hash "$work/limit")" = "${expected[random]}" ] \
    && echo "a limit on the size of files: one line, and resumed to the same bits" \
    || failed "the resumption after a limit on files differs"
mkdir "$work/disk"
if mount -t tmpfs -o size=200k none "$work/disk" 2> /dev/null; then
    tmpfs=$work/disk
    (train "$work/disk/run" random > "$work/log" 2> "$work/error")
    expect_failure "a full disk" "$work/disk/run" "$work/error" $?
    mount -o remount,size=100m "$work/disk"
    (train "$work/disk/run" random --resume > "$work/log" 2>&1) || failed "the resumption after a full disk" "$work/log"
    [ "$(last_hash "$work/disk/run")" = "${expected[random]}" ] && echo "a full disk: one line, and resumed to the same bits" \
        || failed "the resumption after a full disk differs"
else
    echo "a full disk: skipped, since no file system can be mounted here"
fi

# A folder that cannot be written, as a user who may not.
mkdir "$work/read-only"
cp "$work/random"/*.safetensors "$work/random/metrics.jsonl" "$work/read-only"
chmod -R a-w "$work/read-only"
if ! touch "$work/read-only/probe" 2> /dev/null; then
    (train "$work/read-only" random --resume > "$work/log" 2> "$work/error")
    expect_failure "a read-only folder" "$work/read-only" "$work/error" $?
    $program generate --checkpoint "$work/read-only" --length 5 > /dev/null || failed "a model in a read-only folder"
    echo "a read-only folder: one line, and its model is read"
elif (mount --bind "$work/read-only" "$work/read-only" && mount -o remount,bind,ro "$work/read-only") 2> /dev/null; then
    (train "$work/read-only" random --resume > "$work/log" 2> "$work/error")
    expect_failure "a read-only folder" "$work/read-only" "$work/error" $?
    $program generate --checkpoint "$work/read-only" --length 5 > /dev/null || failed "a model in a read-only folder"
    umount "$work/read-only"
    echo "a read-only folder: one line, and its model is read"
else
    echo "a read-only folder: skipped, since this user may write everywhere"
fi
chmod -R u+w "$work/read-only"

# Each checkpoint: written, flushed, renamed, and then its folder flushed.
if command -v strace > /dev/null; then
    strace -f -y -e trace=fsync,fdatasync,rename,renameat,renameat2 -o "$work/trace" $program train --data "$work/text" \
        --model rnn --hidden 16 --embedding 8 --batch 4 --sequence 16 --iterations 60 --checkpoint-every 20 --eval-every 30 \
        --length 1 --out "$work/traced" > "$work/log" 2>&1 || failed "the run under strace" "$work/log"
    awk -v folder="$work/traced" '
        /sync\(/ && /\.unfinished>/ && !/= -1/ { match($0, /<[^>]*>/); flushed[substr($0, RSTART + 1, RLENGTH - 2)] = 1 }
        /rename/ && /\.unfinished"/ && !/= -1/ {
            split($0, part, "\""); renames++
            if (!(part[2] in flushed)) { print "renamed before it was flushed: " part[2]; bad++ }
            if (pending) { print "the folder was not flushed after a rename"; bad++ }
            pending = 1
        }
        /sync\(/ && index($0, "<" folder ">") && !/= -1/ { pending = 0 }
        END {
            if (pending) { print "the folder was not flushed after the last rename"; bad++ }
            print "strace: " renames " renames, each " (bad ? "NOT " : "") "after its flush and before that of its folder"
            exit bad > 0 || renames == 0
        }' "$work/trace" || failed "the order of flush and rename"
else
    echo "strace: not installed, so the order of flush and rename was not looked at"
fi

[ $failures = 0 ] && echo "nothing was lost"
[ $failures = 0 ]
