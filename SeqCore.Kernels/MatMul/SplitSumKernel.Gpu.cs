using ILGPU;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// The second kernel of a product with split sums: a thread for each element of C adds the parts in order, which are stored as
/// one matrix after the other, and finishes the element.
/// <code>
/// parts   [ k 0 .. ]  [ k 1024 .. ]  [ k 2048 .. ]      each M x N
///            | e          | e            | e
///            +------------+--------------+----> thread e: C[e]
/// </code>
/// </summary>
internal struct SplitSumKernel : IGpuKernel
{
    internal ArrayView<float> Parts;
    internal ProductOutput C;
    internal int Splits;

    /// <summary>The number of elements of a part: batch M N.</summary>
    internal int Length;

    public readonly void Run()
    {
        var i = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (i >= Length)
            return;
        var sum = 0f;
        for (var split = 0; split < Splits; split++)
            sum += Parts[(split * Length) + i];
        int row = i / C.N, column = i - (row * C.N), batch = row / C.M;
        C.Store(C.Start(batch, 0) + ((row - (batch * C.M)) * C.RowStride) + column, column, sum);
    }
}
