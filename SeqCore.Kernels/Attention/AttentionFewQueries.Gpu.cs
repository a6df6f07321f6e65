using ILGPU;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// Attention of a few queries, as decoding with a cache asks for: a group of 256 threads takes one query and 256 keys, so that
/// even one query of one head fills the device. Eight threads share a key for the scores; for the result, 16
/// threads share a value.
/// <code>
/// scores    threads 0-7: key 0, 32, 64 ..   8-15: key 1, 33 ..   ...   248-255: key 31, 63 ..
/// result    threads 0-15: keys 0, 16, 32 .. 16-31: key 1, 17 ..  ...   240-255: key 15, 31 ..; 4 columns each, 64 at a time
/// </code>
/// Each group leaves the greatest score, the sum of its weights and the sum of weights times values;
/// <see cref="AttentionCombineGpuKernel"/> puts the ranges of keys together.
/// </summary>
internal struct AttentionFewQueriesGpuKernel<TCap> : IFloat4Kernel where TCap : struct, IAttentionCap
{
    /// <summary>Keys of one group.</summary>
    internal const int Keys = 256;

    internal AttentionGpuPlan Plan;
    internal HeadsGpu Query;
    internal HeadsGpu Key;
    internal HeadsGpu Value;

    /// <summary>Shape (B N T, ranges, 2): the greatest score and the sum.</summary>
    internal ArrayView<float> Sums;

    /// <summary>Shape (B N T, ranges, J).</summary>
    internal ArrayView<float> Results;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var weights = SharedMemory.Allocate<float>(Keys);
        var parts = SharedMemory.Allocate<Float4>(Keys);
        int thread = Group.IdxX, lane = thread & 7, size = Plan.HeadSize, valueSize = Plan.ValueSize,
            key = Grid.IdxY * Keys;
        int i = Grid.IdxX % Plan.QueryLength, head = Grid.IdxX / Plan.QueryLength, b = head / Plan.HeadCount,
            n = head % Plan.HeadCount, m = n / Plan.Group;
        int keyHead = Key.Head(b, m), valueHead = Value.Head(b, m), query = Query.Head(b, n) + (i * Query.StepStride);
        var rows = Plan.Rows(b, n, i);
        var slope = Plan.Slope(n);
        var visible = Plan.Visible(i, Plan.Keys(b));
        for (var slot = thread >> 3; slot < Keys; slot += 32)
        {
            var j = key + slot;
            var isSeen = j >= visible.First && j < visible.End
                && !(Plan.HasMask && Plan.Mask[rows.Mask + j] == float.NegativeInfinity)
                && Plan.IsInBlocks(rows, i, j);
            var product = 0f;
            if (isSeen)
            {
                for (var column = 4 * lane; column < size; column += 32)
                {
                    product = Float4.Dot(Query.Load<TAccess>(query, column, size),
                        Key.Load<TAccess>(keyHead + (j * Key.StepStride), column, size), product);
                }
            }

            product = TeamReduction.Sum(product, 8);
            if (lane == 0)
            {
                weights[slot] = isSeen
                    ? Plan.Score<TCap>(Plan.Cap<TCap>(product), visible, rows, slope, i, j)
                    : float.NegativeInfinity;
            }
        }

        Group.Barrier();
        var score = weights[thread];
        var most = TeamReduction.Max(score > float.NegativeInfinity ? score : float.NegativeInfinity, Keys);
        var weight = GpuIntrinsics.Exp(score - (most == float.NegativeInfinity ? 0f : most));
        var sum = TeamReduction.Sum(weight, Keys);
        if (Plan.Dropout > 0f)
            weight *= Element(Plan.Kept(b, n, i, (key + thread) / 4 * 4), thread & 3);
        weights[thread] = weight;
        var at = (Grid.IdxX * Grid.DimY) + Grid.IdxY;
        if (thread == 0)
        {
            Sums[2 * at] = most;
            Sums[(2 * at) + 1] = sum;
        }

        Group.Barrier();
        int first = visible.First > key ? visible.First - key : 0, end = visible.End - key < Keys ? visible.End - key : Keys;
        for (var columns = 0; columns < valueSize; columns += 64)
        {
            var column = columns + (4 * (thread & 15));
            var result = new Float4(0f, 0f, 0f, 0f);
            for (var slot = first + (thread >> 4); slot < end; slot += 16)
            {
                // What a mask hides is not read: it may be no number.
                if (weights[slot] != 0f)
                {
                    result = Float4.MultiplyAdd(weights[slot],
                        Value.Load<TAccess>(valueHead + ((key + slot) * Value.StepStride), column, valueSize), result);
                }
            }

            parts[thread] = result;
            Group.Barrier();
            if (thread < 16)
            {
                for (var part = 1; part < 16; part++)
                    result = Float4.MultiplyAdd(1f, parts[thread + (16 * part)], result);
                UnalignedFloat4.Store(result, Results, (at * valueSize) + column, 1, valueSize - column);
            }

            Group.Barrier();
        }
    }

    private static float Element(Float4 of, int i) => i == 0 ? of.X : i == 1 ? of.Y : i == 2 ? of.Z : of.W;
}

/// <summary>
/// Puts together what the ranges of keys gave for one query, and what earlier keys gave, in the order of the keys: with m the
/// greatest of the m_r, y = sum_r e^(m_r - m) y_r / sum_r e^(m_r - m) l_r. One group a query; threads share its columns.
/// <code>
/// range 0   m, l, y_0 y_1 ... y_63
/// range 1   m, l, y_0 y_1 ... y_63
///                  |   |
///               thread 0, 1 ...: each its column, down the ranges
/// </code>
/// </summary>
internal struct AttentionCombineGpuKernel : IGpuKernel
{
    internal AttentionGpuPlan Plan;
    internal HeadsGpu Y;
    internal ArrayView<float> LogSumExp;
    internal ArrayView<float> Sums;
    internal ArrayView<float> Results;
    internal int Ranges;
    internal int Continues;

    public static int GroupSize => 64;

    public readonly void Run()
    {
        int row = Grid.IdxX, i = row % Plan.QueryLength, head = row / Plan.QueryLength, size = Plan.ValueSize,
            first = row * Ranges;
        var y = Y.Head(head / Plan.HeadCount, head % Plan.HeadCount) + (i * Y.StepStride);
        var before = Continues != 0 ? LogSumExp[row] : float.NegativeInfinity;

        // Every thread has read what was there before one of them writes.
        Group.Barrier();
        var most = before;
        for (var range = 0; range < Ranges; range++)
            most = Sums[2 * (first + range)] > most ? Sums[2 * (first + range)] : most;
        var from = most == float.NegativeInfinity ? 0f : most;
        var kept = before == float.NegativeInfinity ? 0f : GpuIntrinsics.Exp(before - from);
        var sum = kept;
        for (var range = 0; range < Ranges; range++)
            sum += Sums[(2 * (first + range)) + 1] * GpuIntrinsics.Exp(Sums[2 * (first + range)] - from);
        var factor = sum == 0f ? 0f : 1f / sum;
        for (var column = Group.IdxX; column < size; column += GroupSize)
        {
            var result = kept == 0f ? 0f : kept * Y.Data[y + column];
            for (var range = 0; range < Ranges; range++)
            {
                var weight = GpuIntrinsics.Exp(Sums[2 * (first + range)] - from);
                result = GpuIntrinsics.FusedMultiplyAdd(weight, Results[((first + range) * size) + column], result);
            }

            Y.Data[y + column] = factor * result;
        }

        if (Group.IdxX == 0 && LogSumExp.IntLength > 0)
            LogSumExp[row] = sum == 0f ? float.NegativeInfinity : most + Elementary.Log(new LaneGpu(sum)).Value;
    }
}
