#!/usr/bin/env bash
# Takes SeqCore to a machine with a GPU that has no .NET, and measures it there beside PyTorch.
#
#   samples/Benchmarks/gpu-machine.sh pack FOLDER      here: a self-contained folder for linux-x64, below 60 MB, with this script in it
#   FOLDER/gpu-machine.sh run [OPTION...]              there: parts of it, or all, into one Markdown file
#
#   --device cuda|cuda:N|opencl   what is measured (default cuda)
#   --only PART,...               of: selftest tests workloads bandwidth products plans nanogpt training processor suite (default all)
#   --minutes N                   time for the parts, which share it by their weights below (default 8; all of them want 27). What a part
#                                 leaves goes to those after it.
#   --out FILE                    the results: a new file, so that several runs have a name each (default gpu-results.md in the current folder)
#   --python PYTHON               a Python that has PyTorch (default python3)
#   --torch-bench FILE            the program that times PyTorch on the same workloads; without it, or without PyTorch, SeqCore alone is timed
#   --tiny                        the smallest sizes of everything: a trial of this script
#
# SEQCORE_DATA names the folder that has tinyshakespeare/input.txt; nanogpt needs it.
# Exit code 0: every part ran and passed. 1: some part failed, or there was no time for it; the results say which.
set -u -o pipefail
export LC_ALL=C DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1

fail() {
    echo "gpu-machine.sh: $*" >&2
    exit 2
}

pack() {
    [ $# = 1 ] || fail "pack takes one folder."
    local here most=60000000 size app build
    here=$(cd "$(dirname "$0")" && pwd)
    [ ! -e "$1" ] || fail "$1 exists already."
    mkdir -p "$1" || exit 1
    build=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$build'" EXIT

    # The test program refers to all samples, so that its folder holds them too.
    dotnet publish "$here/../../SeqCore.Tests" -c Release -r linux-x64 --self-contained -o "$1" --artifacts-path "$build" -p:PublishTrimmed=true \
        -p:SeqCoreGpu=true -p:CustomAfterMicrosoftCommonTargets="$here/gpu-machine.targets" -v quiet -nologo -nodeReuse:false || exit 1
    rm -rf "$1/amd64" "$1"/*.pdb
    for app in SeqCore.Benchmarks CharLanguageModel; do
        cp "$1/SeqCore.Tests.deps.json" "$1/$app.deps.json"
    done
    cp "$0" "$1/gpu-machine.sh" && chmod +x "$1/gpu-machine.sh" || exit 1
    size=$(du -sb "$1" | cut -f 1)
    echo "$1: $size bytes"
    [ "$size" -lt $most ] || fail "that is more than $most bytes."
}

# --- On the machine with the GPU ------------------------------------------------------------------------------------------

# In their order, each with its weight: the seconds that it may want on a fast card, by estimate, the compilation of the kernels included.
parts="selftest:150 tests:150 workloads:240 bandwidth:90 products:55 plans:80 nanogpt:330 training:60 processor:150 suite:300"

# What is timed on the device: first what matters most.
device_names="matmul/1024 matmul/2048 matmul/4096 matmul/8192
lstm_fwdbwd/32x100x256x1024 lstm_fwdbwd/64x64x128x256 lstm_fwdbwd/16x256x64x128
gru_fwdbwd/32x100x256x1024 gru_fwdbwd/64x64x128x256 gru_fwdbwd/16x256x64x128
sdpa_fwdbwd_full/4x8x1024x64 sdpa_fwdbwd_causal/4x8x1024x64 sdpa_fwdbwd_full/1x8x4096x64 sdpa_fwdbwd_causal/1x8x4096x64
train_charlstm/32x128x65x128x512x2 train_charlstm/4x100x83x256x1024x1 train_gpt/8x256x65x384x6x6 train_gpt/12x64x65x128x4x4
softmax/4096x1024 layernorm/4096x1024 gelu/4096x1024 cross_entropy_fwdbwd/2048x8192 adam_step/10000000
matmul/128 matmul/256 matmul/512 matmul_nt/1x1024x4096 matmul_nt/32x1024x4096 matmul_nt/3200x256x4096 matmul_nt/768x3072x64
lstm_fwd/4x100x256x1024 lstm_fwdbwd/4x100x256x1024 lstm_fwd/32x100x256x1024 lstm_fwd/64x64x128x256 lstm_fwd/16x256x64x128
gru_fwd/32x100x256x1024 gru_fwd/64x64x128x256 gru_fwd/16x256x64x128
rnn_fwd/64x64x128x256 rnn_fwdbwd/64x64x128x256 rnn_fwd/16x256x64x128 rnn_fwdbwd/16x256x64x128
lstm_step/1x256x1024 lstm_step/1x64x128
sdpa_fwd_full/8x8x256x64 sdpa_fwdbwd_full/8x8x256x64 sdpa_fwd_full/4x8x1024x64 sdpa_fwd_full/1x8x4096x64
sdpa_fwd_causal/8x8x256x64 sdpa_fwdbwd_causal/8x8x256x64 sdpa_fwd_causal/4x8x1024x64 sdpa_fwd_causal/1x8x4096x64
generate_charlstm/200x83x256x1024x1 generate_gpt/200x65x384x6x6"
# Each moves several times what a second-level cache holds, most of them gigabytes; the first yardstick is for GPUs only.
bandwidth_yardsticks="copy_driver/268435456 copy/268435456"
bandwidth_names="softmax/32768x1024 softmax/262144x1024 layernorm/32768x1024 layernorm/262144x1024 gelu/262144x1024
cross_entropy_fwdbwd/16384x8192 cross_entropy_fwdbwd/32768x8192 cross_entropy_fwdbwd/4096x50304 cross_entropy_fwdbwd/4096x50257 adam_step/100000000"
processor_names="matmul/1024 matmul/2048 matmul_nt/3200x256x4096 lstm_fwdbwd/32x100x256x1024 lstm_fwdbwd/64x64x128x256
gru_fwdbwd/64x64x128x256 sdpa_fwdbwd_causal/4x8x1024x64 train_charlstm/32x128x65x128x512x2 train_gpt/8x256x65x384x6x6
train_gpt/12x64x65x128x4x4 softmax/4096x1024 layernorm/4096x1024 gelu/4096x1024 cross_entropy_fwdbwd/2048x8192 adam_step/10000000
generate_charlstm/200x83x256x1024x1 generate_gpt/200x65x384x6x6"
product_sizes="1024 2048 4096 8192"
plan_sizes="128 256 512 1024 2048 4096"
plan_multiprocessors=132
kernel_tests="*GpuTests"
suite_tests="--filter-not-namespace SeqCore.Tests.Packaging --filter-not-namespace SeqCore.Tests.Architecture --filter-not-namespace SeqCore.Tests.Samples"
training_of_lstm="--model lstm --embedding 128 --hidden 512 --layers 2 --batch 32 --sequence 128 --iterations 500"
training_of_gpt="--model gpt --layers 6 --heads 6 --embedding 384 --dropout 0.2 --batch 64 --sequence 256 --iterations 300"

# nanoGPT's train_shakespeare_char.py; the rate falls to a tenth, and Adam's first decay is 0.9. A step of the same model without dropout
# is timed beside PyTorch.
nanogpt_options="--model gpt --layers 6 --heads 6 --embedding 384 --dropout 0.2 --batch 64 --sequence 256 --iterations 5000
--learning-rate 0.001 --schedule cosine --warmup 100 --weight-decay 0.1 --beta2 0.99 --clip 1 --eval-every 250 --checkpoint-every 5000"
nanogpt_step=train_gpt/64x256x65x384x6x6

# The same, too small to say anything of speed.
make_tiny() {
    device_names="matmul/64 lstm_fwdbwd/2x3x8x16 sdpa_fwdbwd_causal/1x2x16x16 softmax/16x32 train_gpt/2x8x11x16x2x1"
    bandwidth_yardsticks="copy_driver/4096 copy/4096"
    bandwidth_names="softmax/16x32 layernorm/16x32 gelu/16x32 cross_entropy_fwdbwd/16x33 adam_step/4000"
    processor_names=$device_names
    product_sizes=64
    plan_sizes="256 512"
    plan_multiprocessors=1
    kernel_tests=SeqCore.Tests.Kernels.Gpu.FrameGpuTests
    suite_tests="--filter-class SeqCore.Tests.Tensors.TensorProductTests"
    training_of_lstm="--model lstm --embedding 16 --hidden 16 --batch 2 --sequence 16 --iterations 10 --length 20"
    training_of_gpt="--model gpt --embedding 16 --layers 1 --heads 2 --batch 2 --sequence 16 --iterations 10 --length 20"
    nanogpt_options="$training_of_gpt --dropout 0.2 --eval-every 4"
    nanogpt_step=train_gpt/2x16x65x16x2x1
}

left() {
    echo $((end - SECONDS))
}

# limited SECONDS COMMAND...: at most so long, and never longer than the time left.
limited() {
    local seconds=$1
    shift
    [ "$seconds" -le "$(left)" ] || seconds=$(left)
    [ "$seconds" -ge 1 ] || return 124
    timeout --kill-after=10 "$seconds" "$@"
}

# chosen NAME: whether that part is wanted.
chosen() {
    [[ ,${only:-$1}, == *",$1,"* ]]
}

# part NAME WEIGHT: runs the function of that name, for at most its share of the time left, and notes how it ended. What it prints goes
# into the results, and so does what it says on standard error.
part() {
    local name=$1 start=$SECONDS seconds code outcome
    seconds=$(($(left) * $2 / weights))
    weights=$((weights - $2))
    if [ "$(left)" -lt 5 ]; then
        outcome="left out: no time"
        failed=1
    else
        echo "$name ..." >&2
        "$name" $seconds >"$scratch/$name.md" 2>"$scratch/$name.log"
        code=$?
        case $code in
            0) outcome=passed ;;
            3) outcome="left out: $(tail -n 1 "$scratch/$name.log")" ;;
            124 | 137) outcome="cut off" failed=1 ;;
            *) outcome="FAILED ($code)" failed=1 ;;
        esac
    fi
    echo "$name: $outcome, $((SECONDS - start)) s" >&2
    echo "| $name | $outcome | $((SECONDS - start)) |" >>"$scratch/parts"
    case $outcome in
        FAILED*) tail -n 5 "$scratch/$name.log" >&2 ;;
    esac
    write_results
}

# rows FILE SECONDS "NAME..." COMMAND...: JSON lines of a program that takes names. With resume=yes, or after a crash, it goes on
# behind the name that it ended at.
rows() {
    local file=$1 until=$((SECONDS + $2)) names=$3 worst=0 code name
    shift 3
    : >"$file"
    while [ -n "$names" ]; do
        [ $SECONDS -lt $until ] || return 124
        # shellcheck disable=SC2086
        limited $((until - SECONDS)) "$@" $names >>"$file"
        code=$?
        [ $code != 0 ] || break
        [ $code != 124 ] && [ $code != 137 ] || return 124
        worst=$code
        [ "${resume:-no}" = yes ] || [ $code -gt 128 ] || break
        names=$(for name in $names; do grep -q "\"$name\"" "$file" || echo "$name"; done | tail -n +2)
    done
    return $worst
}

# JSON lines to "FIELD...", with - for what a line lacks.
fields() {
    awk -v names="$*" '
        function value(name, text) {
            if (!match($0, "\"" name "\": *\"?[^\",}]+")) return "-"
            text = substr($0, RSTART, RLENGTH)
            sub(/^"[a-z_]*": *"?/, "", text)
            return text
        }
        BEGIN { count = split(names, field, " ") }
        { for (i = 1; i <= count; i++) printf "%s%s", value(field[i]), (i < count ? " " : "\n") }'
}

# table OURS THEIRS [PEER]: both sides and the ratios; after a copy, also each GB/s as a share of the fastest copy's.
table() {
    fields name ms gflops gbs <"$1" >"$scratch/ours"
    fields name ms <"$2" >"$scratch/theirs"
    awk -v copy="$(awk '$1 ~ /^copy/ && $4 > most { most = $4 } END { print most }' "$scratch/ours")" -v peer="${3:-PyTorch}" '
        FILENAME ~ /theirs$/ { theirs[$1] = $2; next }
        FNR == 1 { print "| workload | SeqCore ms | " peer " ms | ratio | SeqCore GFLOP/s | SeqCore GB/s |\n| --- | ---: | ---: | ---: | ---: | ---: |" }
        { other = times = "-" }
        $1 in theirs { ratio = theirs[$1] / $2; sum += log(ratio); n++; if (n == 1 || ratio < least) least = ratio
            other = sprintf("%.4g", theirs[$1]); times = sprintf("%.2f", ratio) }
        { share = copy && $4 != "-" ? sprintf(" (%.2f of copy)", $4 / copy) : ""
            printf "| `%s` | %.4g | %s | %s | %s | %s%s |\n", $1, $2, other, times, $3, $4, share }
        END { if (n) printf "\nGeometric mean of the ratios %.2f, the least %.2f, over %d workloads.\n", exp(sum / n), least, n }
    ' "$scratch/theirs" "$scratch/ours"
}

# beside SECONDS DEVICE "NAME..." ["NAME..."]: SeqCore, then PyTorch, on the same names; SeqCore first on those that PyTorch does not know.
beside() {
    local start=$SECONDS code other peer=PyTorch
    rows "$scratch/$2.ours" $(($1 * 6 / 10)) "${4:-} $3" "$folder/SeqCore.Benchmarks" workloads --device "$2"
    code=$?
    : >"$scratch/$2.theirs"
    if [ -n "$torch" ]; then
        # PyTorch sees the one card as cuda, whatever its number.
        other=("$python" "$torch_bench" --threads "$(nproc)")
        case $2 in
            cuda:*) other=(env "CUDA_VISIBLE_DEVICES=${2#cuda:}" "${other[@]}" --device cuda) ;;
            cuda) other+=(--device cuda) ;;
            opencl*) peer="PyTorch on the processor" ;;
        esac
        resume=yes rows "$scratch/$2.theirs" $(($1 + start - SECONDS)) "$3" "${other[@]}" || code=$?
    fi
    table "$scratch/$2.ours" "$scratch/$2.theirs" "$peer"
    return $code
}

# Tests prove every precision by themselves, whichever the environment asks for.
selftest() {
    SEQCORE_GPU_PRECISION= limited "$1" "$folder/SeqCore.Benchmarks" selftest --device "$device" ${tiny:+--quick}
}

# suite_of SECONDS FILTER...: tests on the device; a run in which no test passed is a failure.
suite_of() {
    local seconds=$1 code
    shift
    SEQCORE_GPU_PRECISION= SEQCORE_TEST_DEVICE=$device limited "$seconds" "$folder/SeqCore.Tests" --no-ansi "$@" >"$scratch/tests"
    code=$?
    echo '```text'
    grep -E '^(failed|x|\[x\]) |^ +(total|failed|succeeded|skipped|duration):' "$scratch/tests" | cut -c 1-200 | head -n 60
    echo '```'
    [ $code = 0 ] || grep -A 6 -E '^failed ' "$scratch/tests" | head -n 200 >&2
    [ $code != 0 ] || grep -q 'succeeded: *[1-9]' "$scratch/tests" || code=1
    return $code
}

tests() {
    [ "$device" != cpu ] || { echo "the kernels' tests are for GPUs" >&2; return 3; }
    suite_of "$1" --filter-class "$kernel_tests"
}

suite() {
    # shellcheck disable=SC2086
    suite_of "$1" $suite_tests
}

workloads() {
    beside "$1" "$device" "$device_names"
}

# What moves memory, as a share of what a copy moves in the same time.
bandwidth() {
    [ "$device" != cpu ] || bandwidth_yardsticks=${bandwidth_yardsticks##* }
    beside "$1" "$device" "$bandwidth_names" "$bandwidth_yardsticks"
}

processor() {
    beside "$1" cpu "$processor_names"
}

# The matrix product beside cuBLAS, in float32 and in tf32; in tf32x3 beside cuBLAS in float32, which is about as exact.
products() {
    local code=0 form side theirs
    case $device in
        cuda*) ;;
        *) echo "cuBLAS runs on NVIDIA GPUs only" >&2 && return 3 ;;
    esac
    for form in float32 tf32x3 tf32; do
        for side in matmul matmul_cublas; do
            [ $side.$form != matmul_cublas.tf32x3 ] || continue
            rows "$scratch/$side.$form" $(($1 / 5)) "$(printf "$side/%s " $product_sizes)" "$folder/SeqCore.Benchmarks" workloads --device "$device" \
                --precision $form || code=$?
        done
        theirs=$form
        [ $form != tf32x3 ] || theirs=float32
        sed 's/matmul_cublas/matmul/' "$scratch/matmul_cublas.$theirs" >"$scratch/matmul.theirs"
        printf 'In %s, cuBLAS in %s:\n\n' $form $theirs
        table "$scratch/matmul.$form" "$scratch/matmul.theirs" cuBLAS
        echo
    done
    return $code
}

# Squares by every plan of the matrix product that could make sense, in each precision that the device has: which one is taken, and which is fastest.
plans() {
    local code=0 form n side splits names forms=float32
    case $device in
        cpu) echo "products are planned on GPUs only" >&2 && return 3 ;;
        cuda*) forms="float32 tf32x3 tf32" ;;
    esac
    : >"$scratch/plans"
    for form in $forms; do
        names=""
        for n in $plan_sizes; do
            for side in 128 64 32; do
                [ $form = float32 ] || [ $side = 128 ] || continue
                # Parts of 128 terms or more, until there are two groups of threads for each multiprocessor.
                for ((splits = 1; splits == 1 || (splits <= n / 128 && n * n / side / side * splits < 4 * plan_multiprocessors); splits *= 2)); do
                    names+="matmul_planned/${n}x${side}x$splits "
                done
            done
        done
        rows "$scratch/plans.$form" $(($1 / 3)) "$names" "$folder/SeqCore.Benchmarks" workloads --device "$device" --precision $form || code=$?
        fields name plan chosen ms gflops <"$scratch/plans.$form" | sed "s/^/$form /" >>"$scratch/plans"
    done
    awk '
        {
            split($2, part, /[\/x]/); n = part[2]; sub("/", " ", $3); sub("/", " ", $4)
            plan = $3; taken[$1, n] = $4
            if (!((n, plan) in ms)) { rows++; size[rows] = n; name[rows] = plan }
            ms[n, plan] = $5; gflops[n, plan] = $6; forms[$1]
        }
        function serves(form, plan) { return plan ~ "^" form " " || plan ~ /^float32 / }
        END {
            for (r = 1; r <= rows; r++) for (f in forms)
                if (serves(f, name[r]) && (!((f, size[r]) in least) || ms[size[r], name[r]] < ms[size[r], least[f, size[r]]])) least[f, size[r]] = name[r]
            print "| N | plan | ms | GFLOP/s | |\n| ---: | --- | ---: | ---: | --- |"
            count = split("float32 tf32x3 tf32", order, " ")
            for (r = 1; r <= rows; r++) {
                n = size[r]; plan = name[r]; marks = ""
                for (i = 1; i <= count; i++) {
                    f = order[i]
                    if (!(f in forms)) continue
                    if (taken[f, n] == plan) marks = marks (marks == "" ? "" : "; ") "taken in " f
                    if (least[f, n] == plan) marks = marks (marks == "" ? "" : "; ") "best in " f
                }
                printf "| %s | %s | %.4g | %s | %s |\n", n, plan, ms[n, plan], gflops[n, plan], marks
            }
            print ""
            for (i = 1; i <= count; i++) {
                f = order[i]; sum = k = 0; worst = 1
                for (key in least) {
                    split(key, part, SUBSEP); n = part[2]
                    if (part[1] != f || !((n, taken[f, n]) in ms)) continue
                    ratio = ms[n, least[f, n]] / ms[n, taken[f, n]]; sum += log(ratio); k++
                    if (ratio < worst) worst = ratio
                }
                if (k) printf "In %s the best plan takes %.2f of the time of the one taken (geometric mean; the least %.2f, over %d sizes).\n\n", f, exp(sum / k), worst, k
            }
        }' "$scratch/plans"
    return $code
}

# train SECONDS DATA "OPTION...": a row of a table for a training, also for one that the time cuts off.
train() {
    local code
    # shellcheck disable=SC2086
    limited "$1" "$folder/CharLanguageModel" train --dataset "$2" $3 --device "$device" --json --out "$(mktemp -d -p "$scratch")" >"$scratch/train.json"
    code=$?
    # The time of a step is taken between the first and the last evaluation, so that it has no compilation of kernels in it.
    fields event iteration validation_loss seconds <"$scratch/train.json" | awk -v what="$2, \`${3//$'\n'/ }\`" '
        $2 != "-" { reached = $2 }
        $1 == "evaluation" { last = $3; seconds = $4; if (best == "" || last < best) best = last; if (!steps++) { from = $2; since = $4 } to = $2 }
        function show(format, value) { return value == "" ? "-" : sprintf(format, value) }
        END {
            if (steps > 1) ms = (seconds - since) * 1000 / (to - from)
            match(what, /--batch [0-9]+/); batch = substr(what, RSTART + 8, RLENGTH - 8)
            match(what, /--sequence [0-9]+/); batch *= substr(what, RSTART + 11, RLENGTH - 11)
            printf "| %s | %s | %s | %s | ", what, show("%d", reached), show("%.4f", best), show("%.4f", last)
            printf "%s | %s | %s |\n", show("%.1f", seconds), show("%.4g", ms), ms ? sprintf("%.0f", batch * 1000 / ms) : "-"
        }'
    return $code
}

train_header() {
    printf '| data, options | iterations | best validation loss | the last | seconds | ms a step | characters/s |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n'
}

training() {
    local code=0
    train_header
    train $(($1 / 2)) "$data" "$training_of_lstm" || code=$?
    train $(($1 / 2)) "$data" "$training_of_gpt" || code=$?
    return $code
}

nanogpt() {
    local code=0 start=$SECONDS
    [ $data = tinyshakespeare ] || { echo "SEQCORE_DATA does not name a folder with tinyshakespeare" >&2; return 3; }
    beside $(($1 / 5)) "$device" $nanogpt_step || code=$?
    echo
    train_header
    train $(($1 + start - SECONDS)) $data "$nanogpt_options" || code=$?
    return $code
}

section() { # NAME TITLE
    [ -s "$scratch/$1.md" ] || return 0
    printf '\n### %s\n\n' "$2"
    cat "$scratch/$1.md"
}

write_results() {
    {
        echo "## On $card, $(date -u +%F)"
        echo
        echo "$machine; $torch_text${SEQCORE_GPU_PRECISION:+; SEQCORE_GPU_PRECISION=$SEQCORE_GPU_PRECISION}. Devices that SeqCore found:"
        echo
        sed 's/^/    /' "$scratch/devices"
        echo
        echo "| part | outcome | seconds |"
        echo "| --- | --- | ---: |"
        cat "$scratch/parts"
        section workloads "Beside PyTorch on $device"
        section bandwidth "Memory on $device"
        section products "Matrix products beside cuBLAS"
        section plans "Matrix products by every plan"
        section nanogpt "nanoGPT's character model on $device"
        section training "Training on $device"
        section processor "Beside PyTorch on the processor"
        section tests "The kernels' tests on $device"
        section suite "The library's tests on $device"
        section selftest "Each kernel beside the CPU"
        for log in "$scratch"/*.log; do
            [ -s "$log" ] || continue
            printf '\n### What %s said\n\n```text\n' "$(basename "$log" .log)"
            tail -n 60 "$log"
            echo '```'
        done
    } >"$out"
}

run() {
    local name weights=0
    minutes=8 device=cuda only="" tiny="" python=python3 torch_bench="" out=gpu-results.md failed=0
    while [ $# -gt 0 ]; do
        case $1 in
            --tiny) tiny=yes; shift; continue ;;
            --device | --minutes | --out | --python | --torch-bench | --only) [ $# -gt 1 ] || fail "$1 needs a value." ;;
            *) fail "there is no option $1." ;;
        esac
        case $1 in
            --device) device=$2 ;;
            --minutes) minutes=$2 ;;
            --out) out=$2 ;;
            --python) python=$2 ;;
            --torch-bench) torch_bench=$2 ;;
            --only) only=$2 ;;
        esac
        shift 2
    done
    [[ $minutes =~ ^[1-9][0-9]*$ ]] || fail "--minutes should be a whole number from 1; got '$minutes'."
    [ ! -e "$out" ] || fail "$out exists already; give these results another name with --out."
    [ -z "$torch_bench" ] || [ -f "$torch_bench" ] || fail "there is no file $torch_bench."
    for name in ${only//,/ }; do
        [[ " $parts" == *" $name:"* ]] || fail "there is no part $name."
    done
    [ -z "$tiny" ] || make_tiny
    end=$((SECONDS + minutes * 60))
    folder=$(cd "$(dirname "$0")" && pwd)
    [ -x "$folder/SeqCore.Benchmarks" ] || fail "this is not a folder that pack made: SeqCore.Benchmarks is missing."
    scratch=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$scratch'" EXIT
    : >"$scratch/parts"
    data=tunes
    [ -z "${SEQCORE_DATA:-}" ] || data=tinyshakespeare

    card=$(nvidia-smi --query-gpu=name --format=csv,noheader 2>/dev/null | head -n 1)
    machine="$(nvidia-smi --query-gpu=driver_version,memory.total --format=csv,noheader 2>/dev/null | head -n 1 | sed 's/^/Driver /; s/,/, memory/; s/$/; /')$(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    card=${card:-$device}
    torch=$([ -z "$torch_bench" ] || limited 60 "$python" -c 'import torch; print(torch.__version__)' 2>"$scratch/torch.log" | tail -n 1)
    # Containers have the driver in a folder of its own, which not every loader knows.
    [ ! -e /usr/local/nvidia/lib64 ] || export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}/usr/local/nvidia/lib64
    if [ -n "$torch" ]; then
        torch_text="PyTorch $torch"
        # cuBLAS as PyTorch brings it.
        LD_LIBRARY_PATH=$("$python" -c 'import glob, os, torch
root = os.path.dirname(os.path.dirname(torch.__file__))
print(":".join(sorted({os.path.dirname(f) for f in glob.glob(root + "/nvidia/**/libcublas.so.*", recursive=True) + glob.glob(root + "/torch/lib/libcublas.so.*")})))' 2>/dev/null)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
        export LD_LIBRARY_PATH
    elif [ -n "$torch_bench" ]; then
        torch_text="no PyTorch in $python"
        failed=1
    else
        torch_text="PyTorch was not asked for"
    fi
    limited 60 "$folder/SeqCore.Benchmarks" devices >"$scratch/devices" 2>&1 || failed=1

    for name in $parts; do
        if chosen "${name%:*}"; then weights=$((weights + ${name#*:})); fi
    done
    for name in $parts; do
        if chosen "${name%:*}"; then part "${name%:*}" "${name#*:}"; fi
    done
    echo "$out" >&2
    exit $failed
}

case ${1:-} in
    pack | run)
        command=$1
        shift
        "$command" "$@"
        ;;
    *) fail "say pack FOLDER or run [OPTION...]; this file begins with what they do." ;;
esac
