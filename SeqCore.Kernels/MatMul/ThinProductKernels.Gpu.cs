using ILGPU;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// The number of rows that a thin product computes at once; a constant of the kernel, so that unused rows cost nothing.
/// </summary>
internal interface IRowCount
{
    /// <summary>The number of rows, 1 or 4.</summary>
    static abstract int Count { get; }
}

/// <summary>One row.</summary>
internal readonly struct OneRow : IRowCount
{
    public static int Count => 1;
}

/// <summary>Up to four rows.</summary>
internal readonly struct FourRows : IRowCount
{
    public static int Count => 4;
}

/// <summary>
/// A product with at most four rows X, all multiplied with each element of the wide matrix Y when it is read, so that the time is
/// that of reading Y; with one to four columns instead, C' = B' A'. Here Y runs along k: the lanes of a warp for each of its rows
/// take four elements (or, if not aligned, one) in turn and then add their sums.
/// <code>
///   Y row p:  [lane 0][lane 1] ... [lane 31][lane 0] ...     each times the same four of X's rows
/// </code>
/// A group has eight rows of Y; the order of the grid is the groups of a matrix, then the batch, then the parts of a split sum.
/// </summary>
/// <typeparam name="TRows">The number of rows of X.</typeparam>
internal struct ThinDotKernel<TRows> : IFloat4Kernel where TRows : struct, IRowCount
{
    /// <summary>The thin side: at most four rows.</summary>
    internal ProductOperand X;

    /// <summary>The wide side.</summary>
    internal ProductOperand Y;

    internal ProductOutput C;

    /// <summary>1 where the rows of X are the columns of C.</summary>
    internal int Swapped;

    internal int Batch;
    internal int K;

    /// <summary>Terms of a part of a split sum, a multiple of 8.</summary>
    internal int PartK;
    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var blocks = (Y.Outer + 7) / 8;
        int p = (Grid.IdxX % blocks * 8) + (Group.IdxX >> 5), matrix = Grid.IdxX / blocks, lane = Group.IdxX & 31;
        int batch = matrix % Batch, split = matrix / Batch;
        int first = split * PartK, end = IntrinsicMath.Min(K, first + PartK);
        var y = (batch * Y.BatchStride) + (IntrinsicMath.Min(p, Y.Outer - 1) * Y.OuterStride);
        int x0 = X.Row(batch, 0), x1 = X.Row(batch, 1), x2 = X.Row(batch, 2), x3 = X.Row(batch, 3);
        float sum0 = 0f, sum1 = 0f, sum2 = 0f, sum3 = 0f;
        if (TAccess.IsAligned)
        {
            ArrayView<Float4> xs = Float4.Cast(X.Data), ys = Float4.Cast(Y.Data);
            for (var k = first + (4 * lane); k < end; k += 4 * TeamReduction.WarpSize)
            {
                var four = ys[(y + k) >> 2];
                sum0 = Float4.Dot(xs[(x0 + k) >> 2], four, sum0);
                if (TRows.Count > 1)
                {
                    sum1 = Float4.Dot(xs[(x1 + k) >> 2], four, sum1);
                    sum2 = Float4.Dot(xs[(x2 + k) >> 2], four, sum2);
                    sum3 = Float4.Dot(xs[(x3 + k) >> 2], four, sum3);
                }
            }
        }
        else
        {
            for (var k = first + lane; k < end; k += TeamReduction.WarpSize)
            {
                var element = Y.Data[y + k];
                var at = k * X.KStride;
                sum0 = GpuIntrinsics.FusedMultiplyAdd(X.Data[x0 + at], element, sum0);
                if (TRows.Count > 1)
                {
                    sum1 = GpuIntrinsics.FusedMultiplyAdd(X.Data[x1 + at], element, sum1);
                    sum2 = GpuIntrinsics.FusedMultiplyAdd(X.Data[x2 + at], element, sum2);
                    sum3 = GpuIntrinsics.FusedMultiplyAdd(X.Data[x3 + at], element, sum3);
                }
            }
        }

        sum0 = TeamReduction.Sum(sum0, TeamReduction.WarpSize);
        if (TRows.Count > 1)
        {
            sum1 = TeamReduction.Sum(sum1, TeamReduction.WarpSize);
            sum2 = TeamReduction.Sum(sum2, TeamReduction.WarpSize);
            sum3 = TeamReduction.Sum(sum3, TeamReduction.WarpSize);
        }

        // Lane q stores row q.
        if (lane < TRows.Count)
            C.StoreThin(C.Start(batch, split), Swapped, lane, p, lane < 2 ? (lane == 0 ? sum0 : sum1) : lane == 2 ? sum2 : sum3);
    }
}

/// <summary>
/// A product like that of <see cref="ThinDotKernel{TRows}"/> whose wide operand runs across k: 32 neighbouring columns for each
/// group, one for each lane, so that a warp reads whole lines. The eight warps take every eighth term, four at once to keep loads
/// in flight, and their sums are added in order through shared memory.
/// <code>
///               column 0 ... 31
///   Y row 0:    [   warp 0    ]
///     row 1:    [   warp 1    ]
///     ...                              row 8: warp 0 again
/// </code>
/// </summary>
/// <typeparam name="TRows">The number of rows of X.</typeparam>
internal struct ThinSumKernel<TRows> : IGpuKernel where TRows : struct, IRowCount
{
    private const int Warps = 8;

    /// <summary>The thin side: at most four rows.</summary>
    internal ProductOperand X;

    /// <summary>The wide side.</summary>
    internal ProductOperand Y;

    internal ProductOutput C;

    /// <summary>1 where the rows of X are the columns of C.</summary>
    internal int Swapped;

    internal int Batch;
    internal int K;

    /// <summary>Terms of a part of a split sum, a multiple of 8.</summary>
    internal int PartK;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(Warps * TeamReduction.WarpSize * 4);
        var blocks = (Y.Outer + TeamReduction.WarpSize - 1) / TeamReduction.WarpSize;
        int lane = Group.IdxX & 31, warp = Group.IdxX >> 5, p = (Grid.IdxX % blocks * TeamReduction.WarpSize) + lane,
            matrix = Grid.IdxX / blocks;
        int batch = matrix % Batch, split = matrix / Batch;
        int first = split * PartK, end = IntrinsicMath.Min(K, first + PartK);
        var y = (batch * Y.BatchStride) + IntrinsicMath.Min(p, Y.Outer - 1);
        int x0 = X.Row(batch, 0), x1 = X.Row(batch, 1), x2 = X.Row(batch, 2), x3 = X.Row(batch, 3);
        float sum0 = 0f, sum1 = 0f, sum2 = 0f, sum3 = 0f;
        var k = first + warp;
        for (; k + (3 * Warps) < end; k += 4 * Warps)
        {
            var element0 = Y.Data[y + (k * Y.KStride)];
            var element1 = Y.Data[y + ((k + Warps) * Y.KStride)];
            var element2 = Y.Data[y + ((k + (2 * Warps)) * Y.KStride)];
            var element3 = Y.Data[y + ((k + (3 * Warps)) * Y.KStride)];
            sum0 = Four(x0, k, element0, element1, element2, element3, sum0);
            if (TRows.Count > 1)
            {
                sum1 = Four(x1, k, element0, element1, element2, element3, sum1);
                sum2 = Four(x2, k, element0, element1, element2, element3, sum2);
                sum3 = Four(x3, k, element0, element1, element2, element3, sum3);
            }
        }

        for (; k < end; k += Warps)
        {
            var element = Y.Data[y + (k * Y.KStride)];
            var at = k * X.KStride;
            sum0 = GpuIntrinsics.FusedMultiplyAdd(X.Data[x0 + at], element, sum0);
            if (TRows.Count > 1)
            {
                sum1 = GpuIntrinsics.FusedMultiplyAdd(X.Data[x1 + at], element, sum1);
                sum2 = GpuIntrinsics.FusedMultiplyAdd(X.Data[x2 + at], element, sum2);
                sum3 = GpuIntrinsics.FusedMultiplyAdd(X.Data[x3 + at], element, sum3);
            }
        }

        shared[Group.IdxX] = sum0;
        if (TRows.Count > 1)
        {
            shared[256 + Group.IdxX] = sum1;
            shared[512 + Group.IdxX] = sum2;
            shared[768 + Group.IdxX] = sum3;
        }

        Group.Barrier();

        // A warp for each row of X adds the sums of the eight warps.
        if (warp < TRows.Count)
        {
            var sum = 0f;
            for (var w = 0; w < Warps; w++)
                sum += shared[(warp * 256) + (w * TeamReduction.WarpSize) + lane];
            C.StoreThin(C.Start(batch, split), Swapped, warp, p, sum);
        }
    }

    private readonly float Four(int x, int k, float element0, float element1, float element2, float element3, float sum)
    {
        int at = x + (k * X.KStride), step = Warps * X.KStride;
        sum = GpuIntrinsics.FusedMultiplyAdd(X.Data[at], element0, sum);
        sum = GpuIntrinsics.FusedMultiplyAdd(X.Data[at + step], element1, sum);
        sum = GpuIntrinsics.FusedMultiplyAdd(X.Data[at + (2 * step)], element2, sum);
        return GpuIntrinsics.FusedMultiplyAdd(X.Data[at + (3 * step)], element3, sum);
    }
}
