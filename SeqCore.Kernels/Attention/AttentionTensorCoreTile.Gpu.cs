using System.Runtime.CompilerServices;
using ILGPU;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// How rows of a head lie in shared memory for the tensor cores. A row's Float4s (8 or 16) are exchanged by the row's bits 0, 2
/// and 3: four c of row r is at place c ^ Turn(r),
/// <code>
///   row    0 1 2 3   4 5 6 7   8 9 10 11   12 13 14 15
///   Turn   0 4 0 4   2 6 2 6   4 0  4  0    6  2  6  2
/// </code>
/// so that the eight lanes that are served together find their 16 bytes in different banks in both ways of reading,
/// <code>
///   along rows   columns of B are rows 4 (g / 2) + g mod 2 (+ 2), terms are elements 4t ..:  rows r, r + 1 by Float4s t = 0 to 3
///   across them  terms of B are rows 4t (+ 1, 2, 3), columns are elements 4g ..:             rows 0, 4, 8, 12 by Float4s g, g +
/// 1
/// </code>
/// </summary>
internal static class AttentionTensorCoreTile
{
    /// <summary>Rows that a group owns, 16 a warp.</summary>
    internal const int Own = 64;

    internal const int Threads = 128;

    /// <summary>Returns the number of groups for the heads of all sequences, with a number of rows each.</summary>
    internal static int Groups(int heads, int rows) =>
        SizeLimitException.CheckGroups("Attention", heads * ((rows + (long)Own - 1) / Own));

    /// <summary>
    /// Whether one of these queries sees one of these keys (a multiple of 4) despite the mask; all threads of the group call it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsSeen(AttentionGpuPlan plan, int b, int n, int length, int query, int queries, int key, int keys)
    {
        var seen = float.NegativeInfinity;
        for (var i = Group.IdxX; i < queries * keys / 4; i += Threads)
        {
            int at = query + (i / (keys / 4)), j = key + (4 * (i % (keys / 4)));
            var found = plan.Unmasked(plan.Visible(at, length), plan.Rows(b, n, at), j);
            seen = found > seen ? found : seen;
        }

        return Group.BarrierOr(seen > float.NegativeInfinity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Turn(int row) => ((row >> 1) & 6) ^ ((row & 1) << 2);

    /// <summary>Starts the group's copies of some rows, with zeros beyond their end and the head's size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Copy<TWidth>(HeadsGpu from, int head, int size, ArrayView<Float4> to, int first, int rows, int end)
        where TWidth : struct, IHeadWidth
    {
        int float4s = TWidth.Width / 4, step = Threads / float4s, row = Group.IdxX >> (TWidth.Width > 32 ? 4 : 3),
            four = Group.IdxX & (float4s - 1);
        int place = (row * float4s) + (four ^ Turn(row)), at = ((head + ((first + row) * from.StepStride)) >> 2) + four,
            left = 4 * four < size ? end - first - row : 0;
        var data = Float4.Cast(from.Data);
        for (var i = 0; i < rows; i += step)
        {
            var exists = i < left;
            GpuIntrinsics.CopyToShared(ref to[place], ref data[exists ? at : 0], exists ? 16 : 0);
            at += step * from.StepStride >> 2;

            // Eight rows further on the turn has another bit 2; sixteen, it is the same.
            place = (place + Threads) ^ (TWidth.Width > 32 ? 4 : 0);
        }
    }
}

/// <summary>
/// Where a lane reads rows of a head along them, for the terms of scores: elements 16 s + 4t to 16 s + 4t + 3 of its rows.
/// </summary>
internal struct AttentionTensorCoreTerms<TWidth> where TWidth : struct, IHeadWidth
{
    private ArrayView<Float4> rows;
    private int member;
    private int turn;

    /// <summary>
    /// Rows 4 (g / 2) + g mod 2 of the tile, and those 2, 16 and 18 further on, for <see cref="Scores{TRounding}"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static AttentionTensorCoreTerms<TWidth> OfTile(ArrayView<Float4> tile, int lane)
    {
        var g = TensorCoreFragment.Group(lane);
        return At(tile, ((g >> 1) << 2) + (g & 1), TensorCoreFragment.Member(lane));
    }

    /// <summary>Rows g and g + 8 of the thread's warp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static AttentionTensorCoreTerms<TWidth> OfOwn(ArrayView<Float4> own, int thread) =>
        At(own, TensorCoreFragment.Group(thread & 31) + (thread >> 5 << 4), TensorCoreFragment.Member(thread & 31));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static AttentionTensorCoreTerms<TWidth> At(ArrayView<Float4> tile, int row, int member) =>
        new() { rows = Float4.From(tile, row * (TWidth.Width / 4)), member = member, turn = AttentionTensorCoreTile.Turn(row) };

    /// <summary>
    /// The products of the warp's 16 own rows with the 32 of this tile, over the whole head. Tensor cores do not round their sums
    /// to the nearest number, so long sums of theirs would drift: they sum 16 terms only, and float32 adds these up.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly AttentionTensorCoreScores Scores<TRounding>(AttentionTensorCoreTerms<TWidth> own, int size)
        where TRounding : struct, ITensorCoreRounding
    {
        var float4s = TWidth.Width / 4;
        var sums = default(Tile4x4);
        for (var four = 0; 4 * four < size; four += 4)
        {
            // Row g + 8 has the turn of row g, but for bit 2.
            ArrayView<Float4> upper = Float4.From(own.rows, (four + own.member) ^ own.turn),
                lower = Float4.From(own.rows, (four + own.member) ^ own.turn ^ 4);
            var terms = TensorCoreTerms<TRounding>.Of(upper[0], lower[8 * float4s]);
            var others = Float4.From(rows, (four + member) ^ turn);
            var columns = new Tile4x4
            {
                R0 = others[0],
                R1 = others[2 * float4s],
                R2 = others[16 * float4s],
                R3 = others[18 * float4s],
            }.Transposed;
            var parts = terms.AddSecond(terms.AddFirst(default, columns.R0, columns.R1), columns.R2, columns.R3);
            sums = AttentionTensorCoreSums.ScaleAndAdd(new Float4(1f, 1f, 1f, 1f), sums, parts);
        }

        return new AttentionTensorCoreScores { Left0 = sums.R0, Right0 = sums.R1, Left1 = sums.R2, Right1 = sums.R3 };
    }
}

/// <summary>
/// Where a lane reads rows of a head across them: rows 4t to 4t + 3, and those 16 further on, elements 4g to 4g + 3, and
/// those 32 further on.
/// </summary>
internal struct AttentionTensorCoreColumns<TWidth> where TWidth : struct, IHeadWidth
{
    private ArrayView<Float4> even;
    private ArrayView<Float4> odd;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static AttentionTensorCoreColumns<TWidth> Of(ArrayView<Float4> tile, int lane)
    {
        // Rows 4t + 1 and 4t + 3 have the turn of row 4t, but for bit 2.
        int row = TensorCoreFragment.Member(lane) << 2, start = row * (TWidth.Width / 4),
            four = TensorCoreFragment.Group(lane) ^ AttentionTensorCoreTile.Turn(row);
        return new() { even = Float4.From(tile, start + four), odd = Float4.From(tile, start + (four ^ 4)) };
    }

    /// <summary>Multiplies 16 own rows by factors, and adds those 16 of the tile from one on, times their weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void AddRows<TRounding>(ref AttentionTensorCoreSums sums, TensorCoreTerms<TRounding> weights, int first,
        Float4 factors) where TRounding : struct, ITensorCoreRounding
    {
        sums.Low = AddColumns(sums.Low, weights, first * (TWidth.Width / 4), factors);
        if (TWidth.Width > 32)
            sums.High = AddColumns(sums.High, weights, (first * (TWidth.Width / 4)) + 8, factors);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Tile4x4 AddColumns<TRounding>(Tile4x4 sums, TensorCoreTerms<TRounding> weights, int at, Float4 factors)
        where TRounding : struct, ITensorCoreRounding
    {
        var float4s = TWidth.Width / 4;
        var parts = weights.AddFirst(default, even[at], odd[at + float4s]);
        return AttentionTensorCoreSums.ScaleAndAdd(factors, sums,
            weights.AddSecond(parts, even[at + (2 * float4s)], odd[at + (3 * float4s)]));
    }
}
