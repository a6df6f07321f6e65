using System.Runtime.CompilerServices;
using ILGPU;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// The backward pass on tensor cores, in two launches as <see cref="AttentionBackwardGpuKernel{TSide, TWidth, TCap}"/> has them:
/// a group of four warps owns 64 keys of a key head (dK, dV) or 64 queries of a head (dQ), each warp 16, and walks the queries
/// (of all heads that share the key head, in order) or the keys in tiles of 32.
/// <code>
///            walked rows, 32                           columns of the head, 64
///            4t .. 4t+3  |  16 + 4t ..               8t .. 8t+7  |  32 + 8t ..
///   own g       [ s and dP of lane 4g + t ]     x       [ dK and dV, or dQ, of lane 4g + t ]
///       g + 8   [ then z w and dS         ]             [                                  ]
/// </code>
/// Own rows are the rows of all products, so that weights and dS are terms of the next product as they stand
/// (<see cref="TensorCoreTerms{TRounding}"/>). Shared memory holds the own rows (k and v, or q and dY) and two stages of walked
/// ones, as in <see cref="AttentionTensorCoreForwardGpuKernel{TWidth, TRounding, TCap}"/>.
/// </summary>
internal struct AttentionTensorCoreBackwardGpuKernel<TSide, TWidth, TRounding, TCap> : IGpuKernel
    where TSide : struct, IAttentionSide
    where TWidth : struct, IHeadWidth
    where TRounding : struct, ITensorCoreRounding
    where TCap : struct, IAttentionCap
{
    private const int Walked = 32;

    internal AttentionBackwardOperands Operands;

    public static int GroupSize => AttentionTensorCoreTile.Threads;

    public static int GroupsPerMultiprocessor => TSide.OwnsKeys && TWidth.Width > 32 ? 2 : 3;

    public static bool TakesLargeSharedMemory => true;

    /// <summary>What a launch needs: 64 KB, or half of it for narrow heads.</summary>
    internal static int SharedBytes => 16 * (OwnFloat4s + (2 * Stage));

    /// <summary>Float4s of the own rows and their partners.</summary>
    private static int OwnFloat4s => 2 * AttentionTensorCoreTile.Own * TWidth.Width / 4;

    /// <summary>Float4s of a stage: rows, then their partners.</summary>
    private static int Stage => 2 * Walked * TWidth.Width / 4;

    private readonly AttentionGpuPlan Plan => Operands.Plan;

    private readonly int OwnLength => Operands.OwnLength<TSide>();

    private readonly int WalkedLength => Operands.WalkedLength<TSide>();

    /// <summary>Tiles of a walked head.</summary>
    private readonly int Tiles => (WalkedLength + Walked - 1) / Walked;

    public readonly void Run()
    {
        var shared = SharedMemory.GetDynamic<Float4>();
        int blocks = (OwnLength + AttentionTensorCoreTile.Own - 1) / AttentionTensorCoreTile.Own, heads = Grid.DimX / blocks,
            headCount = TSide.OwnsKeys ? Plan.KeyHeadCount : Plan.HeadCount;

        // Of a causal attention the first keys and the last queries have most to walk, and come first.
        int block = Grid.IdxX / heads, first = (TSide.OwnsKeys ? block : blocks - 1 - block) * AttentionTensorCoreTile.Own;
        int b = Grid.IdxX % heads / headCount, own = Grid.IdxX % heads % headCount, length = Plan.Keys(b);
        var result = default(Results);
        int warp = first + (Group.IdxX >> 5 << 4), lane = Group.IdxX & 31, row = warp + TensorCoreFragment.Group(lane);
        var weights = new AttentionTensorCoreWeights<TCap>
        {
            Plan = Plan,
            LogSumExp = Operands.LogSumExp,
            Delta = Operands.Delta,
        };
        var known = default(AttentionTensorCoreKnown);
        if (!TSide.OwnsKeys)
            known = weights.Know(b, own, warp, row, length);
        int tile = Next(b, own, first, length, 0), stage = OwnFloat4s;
        if (tile < Operands.Sharers * Tiles)
        {
            AttentionTensorCoreTile.Copy<TWidth>(Operands.OwnRows, Operands.OwnRows.Head(b, own), Plan.HeadSize, shared, first,
                AttentionTensorCoreTile.Own, OwnLength);
            AttentionTensorCoreTile.Copy<TWidth>(Operands.OwnPartners, Operands.OwnPartners.Head(b, own), Plan.ValueSize,
                Float4.From(shared, OwnFloat4s / 2), first, AttentionTensorCoreTile.Own, OwnLength);
            Copy(Float4.From(shared, stage), b, own, tile);
        }

        while (tile < Operands.Sharers * Tiles)
        {
            var next = Next(b, own, first, length, tile + 1);
            GpuIntrinsics.WaitForCopies();
            Group.Barrier();
            if (next < Operands.Sharers * Tiles)
                Copy(Float4.From(shared, (2 * OwnFloat4s) + Stage - stage), b, own, next);
            Add(ref result, weights, known, shared, stage, b, QueryHead(own, tile), warp, tile % Tiles * Walked, length);
            stage = (2 * OwnFloat4s) + Stage - stage;
            tile = next;
        }

        result.Rows.Scale<TWidth>(Plan.Scale, Plan.Scale);

        // A query without a gradient may have met keys that are not finite with a weight of 0.
        if (!TSide.OwnsKeys)
        {
            result.Rows.Clear<TWidth>(known.UpperDelta == float.NegativeInfinity, known.LowerDelta == float.NegativeInfinity);
        }

        result.Rows.Store<TWidth>(Operands.DRows, Operands.DRows.Head(b, own), row, lane, Plan.HeadSize, OwnLength);
        if (TSide.OwnsKeys)
            result.Partners.Store<TWidth>(Operands.DPartners, Operands.DPartners.Head(b, own), row, lane, Plan.ValueSize,
                OwnLength);
    }

    /// <summary>The head of the queries that meet the own head in a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int QueryHead(int own, int tile) => TSide.OwnsKeys ? (own * Plan.Group) + (tile / Tiles) : own;

    /// <summary>The first tile from one on in which some query sees some key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Next(int b, int own, int first, int length, int tile)
    {
        while (tile < Operands.Sharers * Tiles)
        {
            int n = QueryHead(own, tile), at = tile % Tiles, next = Operands.NextWalked<TSide>(b, n, first, at * Walked) / Walked;
            if (next > at)
                tile += (next < Tiles ? next : Tiles) - at;
            else if (IsSeen(b, n, first, at * Walked, length))
                break;
            else
                tile++;
        }

        return tile;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsSeen(int b, int n, int own, int walked, int length)
    {
        int query = TSide.OwnsKeys ? walked : own, key = TSide.OwnsKeys ? own : walked;
        int queries = TSide.OwnsKeys ? Walked : AttentionTensorCoreTile.Own,
            keys = TSide.OwnsKeys ? AttentionTensorCoreTile.Own : Walked;
        var last = query + queries <= Plan.QueryLength ? query + queries - 1 : Plan.QueryLength - 1;
        if (Plan.Visible(query, length).First >= key + keys || Plan.Visible(last, length).End <= key)
            return false;
        return !Plan.HasMask || AttentionTensorCoreTile.IsSeen(Plan, b, n, length, query, queries, key, keys);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Copy(ArrayView<Float4> stage, int b, int own, int tile)
    {
        int n = QueryHead(own, tile), other = TSide.OwnsKeys ? n : n / Plan.Group, first = tile % Tiles * Walked;
        AttentionTensorCoreTile.Copy<TWidth>(Operands.WalkedRows, Operands.WalkedRows.Head(b, other), Plan.HeadSize, stage, first,
            Walked, WalkedLength);
        AttentionTensorCoreTile.Copy<TWidth>(Operands.WalkedPartners, Operands.WalkedPartners.Head(b, other), Plan.ValueSize,
            Float4.From(stage, Stage / 2), first, Walked, WalkedLength);
        GpuIntrinsics.CommitCopies();
    }

    /// <summary>Adds what a tile gives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Add(ref Results result, AttentionTensorCoreWeights<TCap> weights, AttentionTensorCoreKnown known,
        ArrayView<Float4> shared, int stage, int b, int n, int warp, int walked, int length)
    {
        ArrayView<Float4> rows = shared.SubView(stage, Stage), partners = Float4.From(rows, Stage / 2);
        int lane = Group.IdxX & 31, mine = warp + TensorCoreFragment.Group(lane),
            other = walked + (4 * TensorCoreFragment.Member(lane));
        var scores = AttentionTensorCoreTerms<TWidth>.OfTile(rows, lane)
            .Scores<TRounding>(AttentionTensorCoreTerms<TWidth>.OfOwn(shared, Group.IdxX), Plan.HeadSize);
        var gradients = AttentionTensorCoreTerms<TWidth>.OfTile(partners, lane)
            .Scores<TRounding>(AttentionTensorCoreTerms<TWidth>.OfOwn(Float4.From(shared, OwnFloat4s / 2), Group.IdxX),
                Plan.ValueSize);
        var isWhole = TSide.OwnsKeys
            ? weights.IsWhole(walked, Walked, warp, length)
            : walked >= known.WholeStart && walked <= known.WholeEnd - Walked;
        if (!TSide.OwnsKeys)
            ClearOddKeys(rows, warp - (Group.IdxX >> 5 << 4), walked, length);
        AddHalf(ref result, weights, known, isWhole, scores.Upper0, scores.Lower0, gradients.Upper0, gradients.Lower0, rows,
            partners, b, n, mine, other, length, 0);
        AddHalf(ref result, weights, known, isWhole, scores.Upper1, scores.Lower1, gradients.Upper1, gradients.Lower1, rows,
            partners, b, n, mine, other + 16, length, 16);
    }

    /// <summary>Makes keys finite once the scores are known, where a query of the group does not see one of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void ClearOddKeys(ArrayView<Float4> keys, int first, int key, int length)
    {
        var float4s = TWidth.Width / 4;
        if (Plan.IsPartial(first, first + AttentionTensorCoreTile.Own - 1, length, key, Walked)
            && Group.BarrierOr(AttentionOddRows.Has(keys, Walked, float4s, float4s)))
        {
            AttentionOddRows.Clear(keys, Walked, float4s, float4s);
            Group.Barrier();
        }
    }

    /// <summary>
    /// Adds what 16 of the walked rows give: from products q k and dP to z w and dS, and from those to the results.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void AddHalf(ref Results result, AttentionTensorCoreWeights<TCap> weights, AttentionTensorCoreKnown known,
        bool isWhole, Float4 upper, Float4 lower, Float4 upperGradients, Float4 lowerGradients,
        ArrayView<Float4> rows, ArrayView<Float4> partners, int b, int n, int own, int walked, int length, int first)
    {
        var one = new Float4(1f, 1f, 1f, 1f);
        if (TSide.OwnsKeys)
        {
            weights.OfKeys(ref upper, ref lower, ref upperGradients, ref lowerGradients, isWhole, b, n, walked, own, length);
        }
        else
        {
            weights.OfQueries(ref upper, ref lower, ref upperGradients, ref lowerGradients, known, isWhole, b, n, own,
                walked, length);
        }

        int lane = Group.IdxX & 31;
        AttentionTensorCoreColumns<TWidth>.Of(rows, lane)
            .AddRows(ref result.Rows, TensorCoreTerms<TRounding>.Of(upperGradients, lowerGradients), first, one);
        if (TSide.OwnsKeys)
        {
            AttentionTensorCoreColumns<TWidth>.Of(partners, lane)
                .AddRows(ref result.Partners, TensorCoreTerms<TRounding>.Of(upper, lower), first, one);
        }
    }

    /// <summary>A lane's part of the results.</summary>
    private struct Results
    {
        internal AttentionTensorCoreSums Rows;
        internal AttentionTensorCoreSums Partners;
    }
}
