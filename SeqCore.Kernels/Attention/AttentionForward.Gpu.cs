using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// A thread's part of one query's result: the greatest score m so far, its share of the sum l of e^(score - m), and its columns
/// of the sum of e^(score - m) v. Where a tile raises m, what was summed before is multiplied by e^(old m - new m).
/// </summary>
internal struct AttentionGpuRow
{
    internal VisibleKeys Visible;
    internal AttentionGpuRows Rows;
    internal float Greatest;
    internal float Sum;
    internal Float4 Low;
    internal Float4 High;

    /// <summary>
    /// The weights e^(score - m) of four scores, after the row has been brought up to date; most is the greatest of
    /// all threads' scores.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4 Weigh(ref AttentionGpuRow row, Float4 scores, float most)
    {
        most = most > row.Greatest ? most : row.Greatest;
        var factor = row.Greatest == float.NegativeInfinity ? 0f : GpuIntrinsics.Exp(row.Greatest - most);

        // Scores that are NaN are no maximum and have to stay NaN.
        var from = most == float.NegativeInfinity ? 0f : most;
        var weights = new Float4(GpuIntrinsics.Exp(scores.X - from), GpuIntrinsics.Exp(scores.Y - from),
            GpuIntrinsics.Exp(scores.Z - from), GpuIntrinsics.Exp(scores.W - from));
        row.Sum = (row.Sum * factor) + (weights.X + weights.Y + (weights.Z + weights.W));
        row.Low = Float4.Scale(factor, row.Low);
        row.High = Float4.Scale(factor, row.High);
        row.Greatest = most;
        return weights;
    }

    /// <summary>Returns the largest of four scores, ignoring NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Greater(Float4 scores) =>
        IntrinsicMath.Max(IntrinsicMath.Max(IntrinsicMath.Max(IntrinsicMath.Max(float.NegativeInfinity, scores.X), scores.Y),
            scores.Z), scores.W);
}

/// <summary>
/// The forward pass for many queries: a group of 128 threads owns 64 queries of one head and walks the keys in tiles of 32.
/// Thread (y, x), x in [0, 8) and y in [0, 16), holds 4 queries y, y + 16, y + 32, y + 48 in registers: of the scores its keys 4x
/// .. 4x + 3, of the result its columns 4x .. 4x + 3, and for wide heads 32 + 4x .. 32 + 4x + 3 as well.
/// <code>
///                   keys of the tile, 32              columns of the head, 64
///                x=0     x=1    ...   x=7           x=0    x=1  ...  x=7 | x=0 ...
/// query  y     [0 1 2 3][4 5 6 7]...[28 .. 31]     [0 .. 3][4 .. 7] ...  |[32 .. 35] ...
///        y+16  [       ][       ]...[        ]     [      ][      ] ...  |[        ] ...
///        y+32     scores: q k over the head     x     result: weights times values
///        y+48
/// </code>
/// A warp is four y by eight x (<see cref="AttentionGrid"/>), so a row's maximum is found within it. Rows in shared memory are 16
/// bytes longer than the data: neighbouring rows then start four banks apart, and the eight keys that eight threads read at once,
/// laid down in the order 0 4 8 .. 28, 1 5 9 .., do not share a bank. Weights go through shared memory, since the second product
/// needs them by rows. Heads above the width are cut: scores are summed over slices, and a launch does one slice of the result's
/// columns. Values may be wider or narrower than keys. The last queries of a causal attention see most keys and come first, so
/// that the groups end together.
/// </summary>
internal struct AttentionForwardGpuKernel<TWidth, TCap> : IFloat4Kernel
    where TWidth : struct, IHeadWidth
    where TCap : struct, IAttentionCap
{
    private const int Queries = 64;
    private const int Keys = 32;
    private const int RowFloat4s = 17;
    private const int WeightFloat4s = 9;
    private const int Threads = 128;

    internal AttentionGpuPlan Plan;
    internal HeadsGpu Query;
    internal HeadsGpu Key;
    internal HeadsGpu Value;
    internal HeadsGpu Y;
    internal ArrayView<float> LogSumExp;
    internal int Continues;
    internal int FirstColumn;

    public static int GroupSize => Threads;

    public static int GroupsPerMultiprocessor => 4;

    /// <summary>Returns the number of groups for the heads of all sequences.</summary>
    internal static int Groups(int heads, int queryLength) =>
        SizeLimitException.CheckGroups("Attention", heads * ((queryLength + (long)Queries - 1) / Queries));

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var queries = SharedMemory.Allocate<Float4>(Queries * RowFloat4s);
        var keys = SharedMemory.Allocate<Float4>(Keys * RowFloat4s);
        var values = SharedMemory.Allocate<Float4>(Keys * RowFloat4s);
        var weights = SharedMemory.Allocate<Float4>(Queries * WeightFloat4s);
        int blocks = (Plan.QueryLength + Queries - 1) / Queries, heads = Grid.DimX / blocks;
        int head = Grid.IdxX % heads, first = (blocks - 1 - (Grid.IdxX / heads)) * Queries;
        int b = head / Plan.HeadCount, n = head % Plan.HeadCount, m = n / Plan.Group;
        int x = AttentionGrid.Column(Group.IdxX), y = AttentionGrid.Row(Group.IdxX);
        var length = Plan.Keys(b);
        var slope = Plan.Slope(n);
        int keyHead = Key.Head(b, m), valueHead = Value.Head(b, m), queryHead = Query.Head(b, n);

        AttentionGpuRow row0 = Begin<TAccess>(b, n, first + y, length, x), row1 = Begin<TAccess>(b, n, first + y + 16, length, x);
        AttentionGpuRow row2 = Begin<TAccess>(b, n, first + y + 32, length, x),
            row3 = Begin<TAccess>(b, n, first + y + 48, length, x);
        var last = first + Queries < Plan.QueryLength ? first + Queries - 1 : Plan.QueryLength - 1;
        int start = Plan.Visible(first, length).First / Keys * Keys, end = Plan.Visible(last, length).End;
        var isCut = Plan.HeadSize > TWidth.Width;
        if (!isCut)
            LoadRows<TAccess>(Query, queryHead, queries, first, Queries, Plan.QueryLength, 0, Plan.HeadSize, false);
        for (var key = Plan.NextKey(b, n, first, start, end); key < end; key = Plan.NextKey(b, n, first, key + Keys, end))
        {
            var j = key + (4 * x);
            if (Plan.HasMask)
            {
                float seen0 = Plan.Unmasked(row0.Visible, row0.Rows, j), seen1 = Plan.Unmasked(row1.Visible, row1.Rows, j);
                float seen2 = Plan.Unmasked(row2.Visible, row2.Rows, j), seen3 = Plan.Unmasked(row3.Visible, row3.Rows, j);
                seen0 = seen1 > seen0 ? seen1 : seen0;
                seen2 = seen3 > seen2 ? seen3 : seen2;
                if (TeamReduction.Max(seen2 > seen0 ? seen2 : seen0, Threads) == float.NegativeInfinity)
                    continue;
            }

            var tile = default(Tile4x4);
            for (var slice = 0; slice < Plan.HeadSize; slice += TWidth.Width)
            {
                Group.Barrier();
                if (isCut)
                    LoadRows<TAccess>(Query, queryHead, queries, first, Queries, Plan.QueryLength, slice, Plan.HeadSize, false);
                LoadRows<TAccess>(Key, keyHead, keys, key, Keys, Plan.KeyLength, slice, Plan.HeadSize, true);
                if (slice == 0)
                    LoadRows<TAccess>(Value, valueHead, values, key, Keys, Plan.KeyLength, FirstColumn, Plan.ValueSize, false);
                Group.Barrier();
                if (slice == 0 && Plan.IsPartial(first, last, length, key, Keys))
                    SpoilOddValues(keys, values);
                tile = Tile4x4.AddProducts(tile, queries, y * RowFloat4s, 16 * RowFloat4s, keys, x * RowFloat4s,
                    8 * RowFloat4s, TWidth.Width / 4);
            }

            weights[(y * WeightFloat4s) + x] = Weigh(ref row0, tile.R0, slope, b, n, first + y, j);
            weights[((y + 16) * WeightFloat4s) + x] = Weigh(ref row1, tile.R1, slope, b, n, first + y + 16, j);
            weights[((y + 32) * WeightFloat4s) + x] = Weigh(ref row2, tile.R2, slope, b, n, first + y + 32, j);
            weights[((y + 48) * WeightFloat4s) + x] = Weigh(ref row3, tile.R3, slope, b, n, first + y + 48, j);
            Group.Barrier();
            for (var four = 0; four < Keys / 4; four++)
            {
                ArrayView<Float4> w = Float4.From(weights, (y * WeightFloat4s) + four),
                    v = Float4.From(values, (4 * four * RowFloat4s) + x);
                Float4 w0 = w[0], w1 = w[16 * WeightFloat4s], w2 = w[32 * WeightFloat4s], w3 = w[48 * WeightFloat4s];
                AddValue(ref row0, ref row1, ref row2, ref row3, w0.X, w1.X, w2.X, w3.X, v, 0);
                AddValue(ref row0, ref row1, ref row2, ref row3, w0.Y, w1.Y, w2.Y, w3.Y, v, RowFloat4s);
                AddValue(ref row0, ref row1, ref row2, ref row3, w0.Z, w1.Z, w2.Z, w3.Z, v, 2 * RowFloat4s);
                AddValue(ref row0, ref row1, ref row2, ref row3, w0.W, w1.W, w2.W, w3.W, v, 3 * RowFloat4s);
            }
        }

        End<TAccess>(b, n, first + y, x, row0);
        End<TAccess>(b, n, first + y + 16, x, row1);
        End<TAccess>(b, n, first + y + 32, x, row2);
        End<TAccess>(b, n, first + y + 48, x, row3);
    }

    /// <summary>
    /// Copies a slice of rows to shared memory, with zeros beyond their end and size; if permuted, row 4x + c goes to row 8c + x.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void LoadRows<TAccess>(HeadsGpu from, int head, ArrayView<Float4> to, int first, int rows, int end,
        int slice, int size, bool permuted) where TAccess : struct, IFloat4Access
    {
        var float4s = TWidth.Width / 4;
        for (var i = Group.IdxX; i < rows * float4s; i += Threads)
        {
            int place = i >> (TWidth.Width > 32 ? 4 : 3), four = i & (float4s - 1);
            var row = first + (permuted ? ((place & 7) << 2) + (place >> 3) : place);
            to[(place * RowFloat4s) + four] = row < end
                ? from.Load<TAccess>(head + (row * from.StepStride), slice + (4 * four), size)
                : new Float4(0f, 0f, 0f, 0f);
        }
    }

    /// <summary>
    /// Makes values finite, and the scores of those that were not NaN, which queries that do not see them leave out.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpoilOddValues(ArrayView<Float4> keys, ArrayView<Float4> values)
    {
        var float4s = TWidth.Width / 4;
        if (!(TeamReduction.Max(AttentionOddRows.Has(values, Keys, float4s, RowFloat4s) ? 1f : 0f, Threads) > 0f))
            return;
        for (var i = Group.IdxX; i < Keys * float4s; i += Threads)
        {
            int row = i / float4s, at = (row * RowFloat4s) + (i % float4s);
            if (AttentionOddRows.IsOdd(values[at]))
            {
                // Row 4x + c of the keys is at place 8c + x. Each thread writes a four of its own.
                keys[((((row & 3) << 3) + (row >> 2)) * RowFloat4s) + (i % float4s)] =
                    new Float4(float.NaN, float.NaN, float.NaN, float.NaN);
                values[at] = AttentionOddRows.Finite(values[at]);
            }
        }

        Group.Barrier();
    }

    /// <summary>Starts from nothing, or from the result over earlier keys, as if it were one key of weight 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly AttentionGpuRow Begin<TAccess>(int b, int n, int i, int length, int x) where TAccess : struct, IFloat4Access
    {
        var row = new AttentionGpuRow
        {
            Visible = Plan.Visible(i, length),
            Rows = Plan.Rows(b, n, i),
            Greatest = float.NegativeInfinity,
        };
        if (Continues != 0 && i < Plan.QueryLength)
        {
            row.Greatest = LogSumExp[(((b * Plan.HeadCount) + n) * Plan.QueryLength) + i];
            if (row.Greatest != float.NegativeInfinity)
            {
                var y = Y.Head(b, n) + (i * Y.StepStride);
                row.Sum = x == 0 ? 1f : 0f;
                row.Low = Y.Load<TAccess>(y, FirstColumn + (4 * x), Plan.ValueSize);
                if (TWidth.Width > 32)
                    row.High = Y.Load<TAccess>(y, FirstColumn + 32 + (4 * x), Plan.ValueSize);
            }
        }

        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Float4 Weigh(ref AttentionGpuRow row, Float4 products, float slope, int b, int n, int i, int j)
    {
        var scores = Plan.Scores<TCap>(Plan.Cap<TCap>(products), row.Visible, row.Rows, slope, i, j);
        var weights = AttentionGpuRow.Weigh(ref row, scores,
            TeamReduction.Max(AttentionGpuRow.Greater(scores), AttentionGrid.Columns, AttentionGrid.Apart));
        return Plan.Dropout > 0f ? Float4.Multiply(Plan.Kept(b, n, i, j), weights) : weights;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddValue(ref AttentionGpuRow row0, ref AttentionGpuRow row1, ref AttentionGpuRow row2,
        ref AttentionGpuRow row3, float w0, float w1, float w2, float w3, ArrayView<Float4> values, int at)
    {
        var low = values[at];
        row0.Low = Float4.MultiplyAdd(w0, low, row0.Low);
        row1.Low = Float4.MultiplyAdd(w1, low, row1.Low);
        row2.Low = Float4.MultiplyAdd(w2, low, row2.Low);
        row3.Low = Float4.MultiplyAdd(w3, low, row3.Low);
        if (TWidth.Width > 32)
        {
            var high = values[at + 8];
            row0.High = Float4.MultiplyAdd(w0, high, row0.High);
            row1.High = Float4.MultiplyAdd(w1, high, row1.High);
            row2.High = Float4.MultiplyAdd(w2, high, row2.High);
            row3.High = Float4.MultiplyAdd(w3, high, row3.High);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void End<TAccess>(int b, int n, int i, int x, AttentionGpuRow row) where TAccess : struct, IFloat4Access
    {
        var sum = TeamReduction.Sum(row.Sum, AttentionGrid.Columns, AttentionGrid.Apart);
        if (i >= Plan.QueryLength)
            return;
        var factor = sum == 0f ? 0f : 1f / sum;
        var y = Y.Head(b, n) + (i * Y.StepStride);
        Y.Store<TAccess>(y, FirstColumn + (4 * x), Plan.ValueSize, Float4.Scale(factor, row.Low));
        if (TWidth.Width > 32)
            Y.Store<TAccess>(y, FirstColumn + 32 + (4 * x), Plan.ValueSize, Float4.Scale(factor, row.High));

        // With several launches the later ones read what was there before: the last one, of column 0, writes.
        if (x == 0 && FirstColumn == 0 && LogSumExp.IntLength > 0)
        {
            LogSumExp[(((b * Plan.HeadCount) + n) * Plan.QueryLength) + i] = sum == 0f
                ? float.NegativeInfinity
                : row.Greatest + Elementary.Log(new LaneGpu(sum)).Value;
        }
    }
}
