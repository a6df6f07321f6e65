using ILGPU;

namespace SeqCore.Kernels.Optimizers;

/// <summary>
/// Sums squares: each group handles one chunk of one tensor, thread t the elements [4 t .. 4 t + 3] + 1024 k (or single elements
/// if not all tensors are aligned), and then halves the number of sums eight times, adding t + 128 to t, then t + 64, and so on,
/// always in the same order.
/// </summary>
internal struct SquaresGpuKernel<TSum> : IFloat4Kernel where TSum : unmanaged, ISumOfSquares<TSum>
{
    internal const int ChunkLength = 16384;

    internal ArrayView<float> X;
    internal ArrayView<SlotRow> Rows;
    internal ArrayView<TSum> Sums;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var row = SlotRow.Find(Rows, Grid.IdxX);
        var start = (Grid.IdxX - row.FirstChunk) * ChunkLength;
        var count = Math.Min(ChunkLength, row.Length - start);
        start += row.Gradient;
        var sum = default(TSum);
        var single = Group.IdxX;
        if (TAccess.IsAligned)
        {
            for (var i = 4 * Group.IdxX; i + 3 < count; i += 4 * Group.DimX)
            {
                var x = Float4.Cast(X)[(start + i) / 4];
                sum = sum.PlusSquare(x.X).PlusSquare(x.Y).PlusSquare(x.Z).PlusSquare(x.W);
            }

            single += count & ~3;
        }

        for (var i = single; i < count; i += Group.DimX)
            sum = sum.PlusSquare(X[start + i]);
        sum = TeamReduction.ForFirst(sum, Group.IdxX, Group.DimX, 1);
        if (Group.IdxX == 0)
            Sums[Grid.IdxX] = sum;
    }
}

/// <summary>
/// Adds the sums of all chunks in one group, thread t those of chunks t + 256 k, and computes the norm and the factor.
/// </summary>
internal struct ClipFactorGpuKernel<TSum> : IGpuKernel where TSum : unmanaged, ISumOfSquares<TSum>
{
    internal ArrayView<TSum> Sums;
    internal ArrayView<float> Result;
    internal ArrayView<float> Earlier;
    internal float MaxNorm;

    public readonly void Run()
    {
        var sum = default(TSum);
        for (var i = Group.IdxX; i < Sums.IntLength; i += Group.DimX)
            sum = sum.Combine(Sums[i]);
        sum = TeamReduction.ForFirst(sum, Group.IdxX, Group.DimX, 1);
        if (Group.IdxX != 0)
            return;
        var factor = sum.Factor(MaxNorm);
        if (Earlier.Length > 0 && float.IsNaN(Earlier[0]))
            factor = float.NaN;
        Result[0] = sum.Root();
        Result[1] = factor;
    }
}
