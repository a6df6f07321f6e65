using System.Runtime.CompilerServices;
using ILGPU;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// A lane's part of one of its queries: the greatest score so far, and the lane's part of the sum of e^(score - greatest).
/// </summary>
internal struct AttentionTensorCoreQuery
{
    internal float Greatest;
    internal float Sum;

    /// <summary>
    /// Makes weights e^(score - greatest) of eight scores and gives the factor for what was summed before. Four lanes together
    /// have the query's scores.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Weigh(ref AttentionTensorCoreQuery query, ref Float4 scores0, ref Float4 scores1)
    {
        float most0 = AttentionGpuRow.Greater(scores0), most1 = AttentionGpuRow.Greater(scores1);
        var most = TeamReduction.Max(most1 > most0 ? most1 : most0, 4);
        most = most > query.Greatest ? most : query.Greatest;
        var factor = query.Greatest == float.NegativeInfinity ? 0f : GpuIntrinsics.Exp(query.Greatest - most);

        // Scores that are NaN are no maximum and have to stay NaN.
        var from = most == float.NegativeInfinity ? 0f : most;
        scores0 = Exp(scores0, from);
        scores1 = Exp(scores1, from);
        query.Sum = (query.Sum * factor)
            + (scores0.X + scores0.Y + (scores0.Z + scores0.W) + (scores1.X + scores1.Y + (scores1.Z + scores1.W)));
        query.Greatest = most;
        return factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Float4 Exp(Float4 scores, float from) =>
        new(GpuIntrinsics.Exp(scores.X - from), GpuIntrinsics.Exp(scores.Y - from), GpuIntrinsics.Exp(scores.Z - from),
            GpuIntrinsics.Exp(scores.W - from));
}

/// <summary>
/// The forward pass on tensor cores, in the manner of FlashAttention-2 (Dao, arXiv:2307.08691): a group of four warps owns 64
/// queries of a head, each warp 16, and walks the keys in tiles of 32.
/// <code>
///              keys of the tile, 32                  columns of the head, 64
///            4t .. 4t+3  |  16 + 4t ..          8t .. 8t+7  |  32 + 8t ..
///   query g     [ scores of lane 4g + t ]   x      [ result of lane 4g + t ]
///       g + 8   [                       ]          [                       ]
/// </code>
/// Queries, keys and values lie in shared memory; a lane's weights are terms of the second product as they stand
/// (<see cref="TensorCoreTerms{TRounding}"/>), and four lanes 4g .. 4g + 3 have all of a query's scores. While a tile is
/// multiplied, the next one is on its way:
/// <code>
///   stage 0   multiply   arrives    multiply
///   stage 1   arrives    multiply   arrives     one wait and one barrier between them
/// </code>
/// The last queries of a causal attention see most keys and come first; a warp passes over tiles of which it sees nothing.
/// </summary>
internal struct AttentionTensorCoreForwardGpuKernel<TWidth, TRounding, TCap> : IGpuKernel
    where TWidth : struct, IHeadWidth
    where TRounding : struct, ITensorCoreRounding
    where TCap : struct, IAttentionCap
{
    private const int Keys = 32;

    internal AttentionGpuPlan Plan;
    internal HeadsGpu Query;
    internal HeadsGpu Key;
    internal HeadsGpu Value;
    internal HeadsGpu Y;
    internal ArrayView<float> LogSumExp;
    internal int Continues;

    public static int GroupSize => AttentionTensorCoreTile.Threads;

    public static int GroupsPerMultiprocessor => TWidth.Width > 32 ? 3 : 4;

    /// <summary>Float4s of a stage: keys, then values.</summary>
    private static int Stage => 2 * Keys * TWidth.Width / 4;

    public readonly void Run()
    {
        var queries = SharedMemory.Allocate<Float4>(AttentionTensorCoreTile.Own * TWidth.Width / 4);
        var shared = SharedMemory.Allocate<Float4>(2 * Stage);
        int blocks = (Plan.QueryLength + AttentionTensorCoreTile.Own - 1) / AttentionTensorCoreTile.Own,
            heads = Grid.DimX / blocks;
        int head = Grid.IdxX % heads, first = (blocks - 1 - (Grid.IdxX / heads)) * AttentionTensorCoreTile.Own;
        int b = head / Plan.HeadCount, n = head % Plan.HeadCount, m = n / Plan.Group, lane = Group.IdxX & 31,
            length = Plan.Keys(b);
        int keyHead = Key.Head(b, m), valueHead = Value.Head(b, m), warp = first + (Group.IdxX >> 5 << 4),
            i = warp + TensorCoreFragment.Group(lane);
        AttentionTensorCoreQuery upper = Begin(b, n, i), lower = Begin(b, n, i + 8);
        var result = default(AttentionTensorCoreSums);
        if (Continues != 0)
            result = AttentionTensorCoreSums.Load<TWidth>(Y, Y.Head(b, n), i, lane, Plan.ValueSize, upper.Sum > 0f,
                lower.Sum > 0f);
        if (TensorCoreFragment.Member(lane) != 0)
            upper.Sum = lower.Sum = 0f;

        int start = Plan.Visible(first, length).First / Keys * Keys,
            end = LastVisible(first + AttentionTensorCoreTile.Own, length).End;

        // Some of the warp's queries see keys in (warpStart, warpEnd); all see a tile from wholeStart to wholeEnd, and no
        // more need be asked.
        VisibleKeys low = Plan.Visible(warp, length), high = LastVisible(warp + 16, length);
        int warpStart = low.First - Keys, warpEnd = high.End, wholeStart = high.First,
            wholeEnd = Plan.HasHoles || Plan.Slopes.IntLength > 0 ? -1 : low.End - Keys, stage = 0;
        var key = Next(b, n, length, first, start, end);
        if (key < end)
        {
            AttentionTensorCoreTile.Copy<TWidth>(Query, Query.Head(b, n), Plan.HeadSize, queries, first,
                AttentionTensorCoreTile.Own, Plan.QueryLength);
            Copy(shared, keyHead, valueHead, key);
        }

        while (key < end)
        {
            var next = Next(b, n, length, first, key + Keys, end);
            GpuIntrinsics.WaitForCopies();
            Group.Barrier();
            if (Plan.IsPartial(first, LastQuery(first + AttentionTensorCoreTile.Own), length, key, Keys))
                SpoilOddValues(shared.SubView(stage, Stage));
            if (next < end)
                Copy(Float4.From(shared, Stage - stage), keyHead, valueHead, next);
            if (key > warpStart && key < warpEnd)
            {
                Add(ref upper, ref lower, ref result, AttentionTensorCoreTerms<TWidth>.OfOwn(queries, Group.IdxX),
                    shared.SubView(stage, Stage), b, n, i, length, key, lane, key >= wholeStart && key <= wholeEnd);
            }

            stage = Stage - stage;
            key = next;
        }

        End(b, n, i, lane, upper, lower, result);
    }

    /// <summary>
    /// The first tile from a key on of which the blocks and the mask leave something; the end or more where there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Next(int b, int n, int length, int first, int key, int end)
    {
        key = Plan.NextKey(b, n, first, key, end);
        while (Plan.HasMask && key < end
            && !AttentionTensorCoreTile.IsSeen(Plan, b, n, length, first, AttentionTensorCoreTile.Own, key, Keys))
            key = Plan.NextKey(b, n, first, key + Keys, end);
        return key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Copy(ArrayView<Float4> stage, int keyHead, int valueHead, int key)
    {
        AttentionTensorCoreTile.Copy<TWidth>(Key, keyHead, Plan.HeadSize, stage, key, Keys, Plan.KeyLength);
        AttentionTensorCoreTile.Copy<TWidth>(Value, valueHead, Plan.ValueSize, Float4.From(stage, Stage / 2), key,
            Keys, Plan.KeyLength);
        GpuIntrinsics.CommitCopies();
    }

    /// <summary>Adds a tile's values, weighted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Add(ref AttentionTensorCoreQuery upper, ref AttentionTensorCoreQuery lower,
        ref AttentionTensorCoreSums result, AttentionTensorCoreTerms<TWidth> queries,
        ArrayView<Float4> tile, int b, int n, int i, int length, int key, int lane, bool isWhole)
    {
        // Columns beyond the head size of the keys hold zeros, or NaN where a value is not finite.
        var products = AttentionTensorCoreTerms<TWidth>.OfTile(tile, lane).Scores<TRounding>(queries, Plan.WidestSize);
        var j = key + (4 * TensorCoreFragment.Member(lane));
        Float4 upper0 = Plan.Cap<TCap>(products.Upper0), upper1 = Plan.Cap<TCap>(products.Upper1),
            lower0 = Plan.Cap<TCap>(products.Lower0), lower1 = Plan.Cap<TCap>(products.Lower1);
        if (isWhole)
        {
            upper0 = Plan.WholeScores<TCap>(upper0);
            upper1 = Plan.WholeScores<TCap>(upper1);
            lower0 = Plan.WholeScores<TCap>(lower0);
            lower1 = Plan.WholeScores<TCap>(lower1);
        }
        else
        {
            var slope = Plan.Slope(n);
            Hide(ref upper0, ref upper1, b, n, i, length, j, slope);
            Hide(ref lower0, ref lower1, b, n, i + 8, length, j, slope);
        }

        var upperFactor = AttentionTensorCoreQuery.Weigh(ref upper, ref upper0, ref upper1);
        var lowerFactor = AttentionTensorCoreQuery.Weigh(ref lower, ref lower0, ref lower1);
        var values = AttentionTensorCoreColumns<TWidth>.Of(Float4.From(tile, Stage / 2), lane);
        Drop(ref upper0, b, n, i, j);
        Drop(ref lower0, b, n, i + 8, j);
        values.AddRows(ref result, TensorCoreTerms<TRounding>.Of(upper0, lower0), 0,
            new Float4(upperFactor, upperFactor, lowerFactor, lowerFactor));
        Drop(ref upper1, b, n, i, j + 16);
        Drop(ref lower1, b, n, i + 8, j + 16);
        values.AddRows(ref result, TensorCoreTerms<TRounding>.Of(upper1, lower1), 16, new Float4(1f, 1f, 1f, 1f));
    }

    /// <summary>
    /// Scores of query i for keys j .. j + 3 and 16 further on, from the results of
    /// <see cref="AttentionGpuPlan.Cap{TCap}(Float4)"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Hide(ref Float4 scores0, ref Float4 scores1, int b, int n, int i, int length, int j, float slope)
    {
        var visible = Plan.Visible(i, length);
        var rows = Plan.Rows(b, n, i);
        scores0 = Plan.Scores<TCap>(scores0, visible, rows, slope, i, j);
        scores1 = Plan.Scores<TCap>(scores1, visible, rows, slope, i, j + 16);
    }

    // One branch each: together, four blocks of Philox would need more registers than there are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Drop(ref Float4 weights, int b, int n, int i, int j)
    {
        if (Plan.Dropout > 0f)
            weights = Float4.Multiply(Plan.Kept(b, n, i, j), weights);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly VisibleKeys LastVisible(int end, int length) =>
        Plan.Visible(LastQuery(end), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int LastQuery(int end) => (end < Plan.QueryLength ? end : Plan.QueryLength) - 1;

    /// <summary>
    /// Makes values finite, and the scores of those that were not NaN, which queries that do not see them leave out.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpoilOddValues(ArrayView<Float4> tile)
    {
        var float4s = TWidth.Width / 4;
        var values = Float4.From(tile, Stage / 2);
        if (!Group.BarrierOr(AttentionOddRows.Has(values, Keys, float4s, float4s)))
            return;
        for (var i = Group.IdxX; i < Keys * float4s; i += AttentionTensorCoreTile.Threads)
        {
            if (AttentionOddRows.IsOdd(values[i]))
            {
                // Keys and values lie alike, and each thread writes a four of its own.
                tile[i] = new Float4(float.NaN, float.NaN, float.NaN, float.NaN);
                values[i] = AttentionOddRows.Finite(values[i]);
            }
        }

        Group.Barrier();
    }

    /// <summary>Starts from nothing, or from the result over earlier keys, as if it were one key of weight 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly AttentionTensorCoreQuery Begin(int b, int n, int i)
    {
        var query = new AttentionTensorCoreQuery { Greatest = float.NegativeInfinity };
        if (Continues != 0 && i < Plan.QueryLength)
        {
            query.Greatest = LogSumExp[(((b * Plan.HeadCount) + n) * Plan.QueryLength) + i];
            query.Sum = query.Greatest == float.NegativeInfinity ? 0f : 1f;
        }

        return query;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void End(int b, int n, int i, int lane, AttentionTensorCoreQuery upper, AttentionTensorCoreQuery lower,
        AttentionTensorCoreSums result)
    {
        float upperSum = TeamReduction.Sum(upper.Sum, 4), lowerSum = TeamReduction.Sum(lower.Sum, 4);
        result.Scale<TWidth>(upperSum == 0f ? 0f : 1f / upperSum, lowerSum == 0f ? 0f : 1f / lowerSum);
        result.Store<TWidth>(Y, Y.Head(b, n), i, lane, Plan.ValueSize, Plan.QueryLength);
        if (TensorCoreFragment.Member(lane) != 0 || LogSumExp.IntLength == 0)
            return;
        var row = (((b * Plan.HeadCount) + n) * Plan.QueryLength) + i;
        if (i < Plan.QueryLength)
        {
            LogSumExp[row] = upperSum == 0f
                ? float.NegativeInfinity
                : upper.Greatest + Elementary.Log(new LaneGpu(upperSum)).Value;
        }

        if (i + 8 < Plan.QueryLength)
        {
            LogSumExp[row + 8] = lowerSum == 0f
                ? float.NegativeInfinity
                : lower.Greatest + Elementary.Log(new LaneGpu(lowerSum)).Value;
        }
    }
}
