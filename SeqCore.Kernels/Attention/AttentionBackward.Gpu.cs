using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// delta_i = dY_i y_i, and minus infinity where dY_i is 0, whatever y_i holds: such a query has no part in the gradients. Eight
/// threads a query, 32 queries a group. Each thread takes every eighth Float4 of the row.
/// <code>
/// thread    0       1       2    ...   7       8  ...
/// query 0   0-3     4-7     8-11 ...   28-31       |  columns, then 32 further on; the eight sums are added
/// query 1                                      0-3 ...
/// </code>
/// </summary>
internal struct AttentionDeltaGpuKernel : IFloat4Kernel
{
    internal AttentionGpuPlan Plan;
    internal HeadsGpu Y;
    internal HeadsGpu DY;
    internal ArrayView<float> Delta;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        int lane = Group.IdxX & 7, row = (Grid.IdxX * 32) + (Group.IdxX >> 3), i = row % Plan.QueryLength,
            head = row / Plan.QueryLength;
        int b = head / Plan.HeadCount, n = head % Plan.HeadCount, size = Plan.ValueSize;
        float sum = 0f, greatest = 0f;
        if (row < Delta.IntLength)
        {
            int y = Y.Head(b, n) + (i * Y.StepStride), dY = DY.Head(b, n) + (i * DY.StepStride);
            for (var column = 4 * lane; column < size; column += 32)
            {
                var gradient = DY.Load<TAccess>(dY, column, size);
                sum = Float4.Dot(Y.Load<TAccess>(y, column, size), gradient, sum);
                if (!(gradient.X == 0f && gradient.Y == 0f && gradient.Z == 0f && gradient.W == 0f))
                    greatest = 1f;
            }
        }

        sum = TeamReduction.Sum(sum, 8);
        greatest = TeamReduction.Max(greatest, 8);

        // A sum that overflows is NaN, so that it does not look like no gradient.
        if (lane == 0 && row < Delta.IntLength)
            Delta[row] = greatest == 0f ? float.NegativeInfinity : sum == float.NegativeInfinity ? float.NaN : sum;
    }
}

/// <summary>
/// The backward pass, in two launches, each with the weights recomputed, so that every result has one owner and nothing is added
/// by several groups: a group of 128 threads owns 32 keys of a key head (dK, dV) or 32 queries of a head (dQ), and walks the
/// queries (of all heads that share the key head, in order) or the keys in tiles of 64.
/// <code>
///                      own rows: keys (or queries), 32
///                   x=0     x=1    ...   x=7
/// walked  4y      [4 x 4] [4 x 4]  ...            s = q k, dP = dY v, then w = e^(s - logSumExp), dS = w (dP - delta)
/// rows,   4y+1    a thread (y, x), y in [0, 16)
/// 64
///
///                      columns of the head, 64
/// own     4g      [4 x 4] [4 x 4]  ...            dK += dS' q and dV += w' dY (or dQ += dS k), from shared memory;
/// rows    4g+1    a thread (g, c), g in [0, 8), c in [0, 16); for heads up to 32, 2 x 4 each: g in [0, 16), c in [0, 8)
/// </code>
/// Shared memory holds the own rows twice (k and v, or q and dY), one tile of walked rows, and dS or w. The walked rows come in
/// the order v or dY for dP, then k or q for the scores and at once for dS' q, and for dV once more dY. Rows lie as in
/// <see cref="AttentionForwardGpuKernel{TWidth, TCap}"/>. Heads above the width are cut: s and dP are summed over slices, and a
/// launch makes one slice of the results' columns. Values may be wider or narrower than keys.
/// </summary>
internal struct AttentionBackwardGpuKernel<TSide, TWidth, TCap> : IFloat4Kernel
    where TSide : struct, IAttentionSide
    where TWidth : struct, IHeadWidth
    where TCap : struct, IAttentionCap
{
    private const int Own = 32;
    private const int Walked = 64;
    private const int RowFloat4s = 17;
    private const int WeightFloat4s = 9;
    private const int Threads = 128;

    internal AttentionBackwardOperands Operands;
    internal int FirstColumn;

    public static int GroupSize => Threads;

    public static int GroupsPerMultiprocessor => 4;

    /// <summary>Returns the number of groups for the heads of all sequences, with a number of rows each.</summary>
    internal static int Groups(int heads, int rows) =>
        SizeLimitException.CheckGroups("Attention", heads * ((rows + (long)Own - 1) / Own));

    /// <summary>
    /// A thread's g and c; neighbours 1 apart have one c, those 2 apart one g, as in <see cref="AttentionGrid"/>.
    /// </summary>
    private static int ResultRow => (Group.IdxX >> (TWidth.Width > 32 ? 5 : 4) << 1) | (Group.IdxX & 1);

    private static int ResultColumn => (Group.IdxX >> 1) & (TWidth.Width > 32 ? 15 : 7);

    private readonly AttentionGpuPlan Plan => Operands.Plan;

    private readonly int OwnLength => Operands.OwnLength<TSide>();

    private readonly int WalkedLength => Operands.WalkedLength<TSide>();

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var ownRows = SharedMemory.Allocate<Float4>(Own * RowFloat4s);
        var ownPartners = SharedMemory.Allocate<Float4>(Own * RowFloat4s);
        var walked = SharedMemory.Allocate<Float4>(Walked * RowFloat4s);
        var weights = SharedMemory.Allocate<Float4>(Walked * WeightFloat4s);
        int blocks = (OwnLength + Own - 1) / Own, heads = Grid.DimX / blocks,
            headCount = TSide.OwnsKeys ? Plan.KeyHeadCount : Plan.HeadCount;

        // Of a causal attention the first keys and the last queries have most to walk, and come first.
        int block = Grid.IdxX / heads, first = (TSide.OwnsKeys ? block : blocks - 1 - block) * Own;
        int b = Grid.IdxX % heads / headCount, own = Grid.IdxX % heads % headCount;
        int x = AttentionGrid.Column(Group.IdxX), y = AttentionGrid.Row(Group.IdxX), length = Plan.Keys(b);
        var result = default(Results);
        var isCut = Plan.WidestSize > TWidth.Width;
        int ownHead = Operands.OwnRows.Head(b, own), partnerHead = Operands.OwnPartners.Head(b, own);
        if (!isCut)
        {
            Load<TAccess>(Operands.OwnRows, ownHead, ownRows, first, Own, OwnLength, 0, Plan.HeadSize);
            Load<TAccess>(Operands.OwnPartners, partnerHead, ownPartners, first, Own, OwnLength, 0, Plan.ValueSize);
        }

        for (var sharer = 0; sharer < Operands.Sharers; sharer++)
        {
            var n = TSide.OwnsKeys ? (own * Plan.Group) + sharer : own;
            var other = TSide.OwnsKeys ? n : n / Plan.Group;
            int rowHead = Operands.WalkedRows.Head(b, other), walkedPartnerHead = Operands.WalkedPartners.Head(b, other);
            for (var at = Operands.NextWalked<TSide>(b, n, first, 0); at < WalkedLength;
                at = Operands.NextWalked<TSide>(b, n, first, at + Walked))
            {
                if (!IsSeen(first, at, length))
                    continue;
                int query = TSide.OwnsKeys ? at + (4 * y) : first + (4 * x),
                    key = TSide.OwnsKeys ? first + (4 * x) : at + (4 * y);
                if (Plan.HasMask && TeamReduction.Max(Unmasked(b, n, query, key, length), Threads) == float.NegativeInfinity)
                    continue;
                var gradients = default(Tile4x4);
                for (var slice = 0; slice < Plan.ValueSize; slice += TWidth.Width)
                {
                    Group.Barrier();
                    Load<TAccess>(Operands.WalkedPartners, walkedPartnerHead, walked, at, Walked, WalkedLength, slice,
                        Plan.ValueSize);
                    if (isCut)
                    {
                        Load<TAccess>(Operands.OwnPartners, partnerHead, ownPartners, first, Own, OwnLength, slice,
                            Plan.ValueSize);
                    }

                    Group.Barrier();
                    gradients = AddProducts(gradients, walked, ownPartners, y, x);
                }

                var scores = default(Tile4x4);
                for (var slice = 0; slice < Plan.HeadSize; slice += TWidth.Width)
                {
                    Group.Barrier();
                    Load<TAccess>(Operands.WalkedRows, rowHead, walked, at, Walked, WalkedLength, slice, Plan.HeadSize);
                    if (isCut)
                        Load<TAccess>(Operands.OwnRows, ownHead, ownRows, first, Own, OwnLength, slice, Plan.HeadSize);
                    Group.Barrier();
                    scores = AddProducts(scores, walked, ownRows, y, x);
                }

                var slope = Plan.Slope(n);
                Differentiate(ref scores.R0, ref gradients.R0, slope, b, n, query, key, length);
                Differentiate(ref scores.R1, ref gradients.R1, slope, b, n, query + 1, key, length);
                Differentiate(ref scores.R2, ref gradients.R2, slope, b, n, query + 2, key, length);
                Differentiate(ref scores.R3, ref gradients.R3, slope, b, n, query + 3, key, length);
                Put(TSide.OwnsKeys ? gradients : gradients.Transposed, weights, y, x);
                if (isCut)
                {
                    Group.Barrier();
                    Load<TAccess>(Operands.WalkedRows, rowHead, walked, at, Walked, WalkedLength, FirstColumn, Plan.HeadSize);
                }

                Group.Barrier();
                if (!TSide.OwnsKeys && Plan.IsPartial(first, first + Own - 1, length, at, Walked)
                    && TeamReduction.Max(AttentionOddRows.Has(walked, Walked, TWidth.Width / 4, RowFloat4s) ? 1f : 0f,
                    Threads) > 0f)
                {
                    AttentionOddRows.Clear(walked, Walked, TWidth.Width / 4, RowFloat4s);
                    Group.Barrier();
                }

                AddRows(ref result.Rows, weights, walked);
                if (TSide.OwnsKeys)
                {
                    Group.Barrier();
                    Put(scores, weights, y, x);
                    Load<TAccess>(Operands.WalkedPartners, walkedPartnerHead, walked, at, Walked, WalkedLength, FirstColumn,
                        Plan.ValueSize);
                    Group.Barrier();
                    AddRows(ref result.Partners, weights, walked);
                }
            }
        }

        Store<TAccess>(Operands.DRows, Operands.DRows.Head(b, own), first, Plan.HeadSize, result.Rows, Plan.Scale,
            TSide.OwnsKeys ? -1 : (b * Plan.HeadCount) + own);
        if (TSide.OwnsKeys)
        {
            Store<TAccess>(Operands.DPartners, Operands.DPartners.Head(b, own), first, Plan.ValueSize, result.Partners, 1f,
                -1);
        }
    }

    /// <summary>Adds the products of a slice of walked and own rows; a row of the tile is a query, a column a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Tile4x4 AddProducts(Tile4x4 tile, ArrayView<Float4> walked, ArrayView<Float4> own, int y, int x) =>
        TSide.OwnsKeys
            ? Tile4x4.AddProducts(tile, walked, y * RowFloat4s, Walked / 4 * RowFloat4s, own, x * RowFloat4s,
                Own / 4 * RowFloat4s, TWidth.Width / 4)
            : Tile4x4.AddProducts(tile, own, x * RowFloat4s, Own / 4 * RowFloat4s, walked, y * RowFloat4s,
                Walked / 4 * RowFloat4s, TWidth.Width / 4);

    /// <summary>Whether some query of a tile sees some key of it, as far as positions and lengths say.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsSeen(int own, int walked, int length)
    {
        int query = TSide.OwnsKeys ? walked : own, key = TSide.OwnsKeys ? own : walked;
        int queries = TSide.OwnsKeys ? Walked : Own, keys = TSide.OwnsKeys ? Own : Walked;
        var last = query + queries <= Plan.QueryLength ? query + queries - 1 : Plan.QueryLength - 1;
        return Plan.Visible(query, length).First < key + keys && Plan.Visible(last, length).End > key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly float Unmasked(int b, int n, int query, int key, int length)
    {
        var seen = float.NegativeInfinity;
        for (var i = query; i < query + 4; i++)
        {
            var found = Plan.Unmasked(Plan.Visible(i, length), Plan.Rows(b, n, i), key);
            seen = found > seen ? found : seen;
        }

        return seen;
    }

    /// <summary>
    /// Copies a slice of rows to shared memory, with zeros beyond their end and size; row 4x + c goes to row c rows / 4 + x.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Load<TAccess>(HeadsGpu from, int head, ArrayView<Float4> to, int first, int rows, int end, int slice,
        int size)
        where TAccess : struct, IFloat4Access
    {
        var float4s = TWidth.Width / 4;
        for (var i = Group.IdxX; i < rows * float4s; i += Threads)
        {
            int place = i >> (TWidth.Width > 32 ? 4 : 3), four = i & (float4s - 1),
                row = first + (4 * (place & ((rows / 4) - 1))) + (place >> (rows > 32 ? 4 : 3));
            to[(place * RowFloat4s) + four] = row < end
                ? from.Load<TAccess>(head + (row * from.StepStride), slice + (4 * four), size)
                : new Float4(0f, 0f, 0f, 0f);
        }
    }

    /// <summary>
    /// From products q k and dP of query i and keys j .. j + 3: w = e^(score - logSumExp), with dropout z w, and dS = w (z dP
    /// - delta), as a gradient of the scaled product. Both are 0 where the key is hidden, whatever the products.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Differentiate(ref Float4 scores, ref Float4 gradients, float slope, int b, int n, int i, int j,
        int length)
    {
        var row = (((b * Plan.HeadCount) + n) * Plan.QueryLength) + i;
        var logSumExp = i < Plan.QueryLength ? Operands.LogSumExp[row] : float.NegativeInfinity;
        var delta = i < Plan.QueryLength ? Operands.Delta[row] : float.NegativeInfinity;
        var products = Plan.Cap<TCap>(scores);
        scores = Plan.Scores<TCap>(products, Plan.Visible(i, length), Plan.Rows(b, n, i), slope, i, j);
        AttentionDifferential.OfQuery(Plan, ref scores, ref gradients, logSumExp, delta, b, n, i, j);
        gradients = Plan.Uncap<TCap>(gradients, products);
    }

    /// <summary>Lays a thread's tile down: row 4y + r at place 16 r + y, as the walked rows lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Tile4x4 tile, ArrayView<Float4> weights, int y, int x)
    {
        var at = (y * WeightFloat4s) + x;
        weights[at] = tile.R0;
        weights[at + (16 * WeightFloat4s)] = tile.R1;
        weights[at + (32 * WeightFloat4s)] = tile.R2;
        weights[at + (48 * WeightFloat4s)] = tile.R3;
    }

    /// <summary>Adds to own row r the walked rows times their weights for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRows(ref Tile4x4 sum, ArrayView<Float4> weights, ArrayView<Float4> walked)
    {
        if (TWidth.Width > 32)
        {
            int weight = ResultRow, row = ResultColumn;
            for (var place = 0; place < Walked; place += 4, weight += 4 * WeightFloat4s, row += 4 * RowFloat4s)
            {
                ArrayView<Float4> w = Float4.From(weights, weight), x = Float4.From(walked, row);
                sum.Add(w[0], x[0]);
                sum.Add(w[WeightFloat4s], x[RowFloat4s]);
                sum.Add(w[2 * WeightFloat4s], x[2 * RowFloat4s]);
                sum.Add(w[3 * WeightFloat4s], x[3 * RowFloat4s]);
            }
        }
        else
        {
            int weight = ResultRow >> 1, row = ResultColumn;
            var isUpper = (ResultRow & 1) != 0;
            for (var place = 0; place < Walked; place++, weight += WeightFloat4s, row += RowFloat4s)
            {
                Float4 w = weights[weight], x = walked[row];
                sum.R0 = Float4.MultiplyAdd(isUpper ? w.Z : w.X, x, sum.R0);
                sum.R1 = Float4.MultiplyAdd(isUpper ? w.W : w.Y, x, sum.R1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Store<TAccess>(HeadsGpu to, int head, int first, int size, Tile4x4 sum, float scale, int queryHead)
        where TAccess : struct, IFloat4Access
    {
        var isWide = TWidth.Width > 32;
        int row = first + ((isWide ? 4 : 2) * ResultRow), column = FirstColumn + (4 * ResultColumn);
        StoreRow<TAccess>(to, head, row, column, size, Float4.Scale(scale, sum.R0), queryHead);
        StoreRow<TAccess>(to, head, row + 1, column, size, Float4.Scale(scale, sum.R1), queryHead);
        if (isWide)
        {
            StoreRow<TAccess>(to, head, row + 2, column, size, Float4.Scale(scale, sum.R2), queryHead);
            StoreRow<TAccess>(to, head, row + 3, column, size, Float4.Scale(scale, sum.R3), queryHead);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void StoreRow<TAccess>(HeadsGpu to, int head, int row, int column, int size, Float4 value, int queryHead)
        where TAccess : struct, IFloat4Access
    {
        if (row >= OwnLength)
            return;

        // A query without a gradient may have met keys that are not finite with a weight of 0.
        if (queryHead >= 0 && Operands.Delta[(queryHead * Plan.QueryLength) + row] == float.NegativeInfinity)
            value = default;
        to.Store<TAccess>(head + (row * to.StepStride), column, size, value);
    }

    /// <summary>A thread's part of the results.</summary>
    private struct Results
    {
        internal Tile4x4 Rows;
        internal Tile4x4 Partners;
    }
}
