using ILGPU;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// Copies sequences to rows t B + b, with 0 past each one's length; thread i of the grid writes element i. Neighbouring threads
/// read neighbouring elements.
/// </summary>
internal struct RecurrentInputs : IGpuKernel
{
    internal ArrayView<float> X;
    internal int BatchStride;
    internal int StepStride;
    internal int Batch;
    internal int Width;
    internal ArrayView<int> Lengths;

    /// <summary>Output: the rows, shape (T, B, Width).</summary>
    internal ArrayView<float> Rows;

    public readonly void Run()
    {
        var i = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (i >= Rows.Length)
            return;
        int row = i / Width, t = row / Batch, b = row % Batch;
        Rows[i] = t < Lengths[b] ? X[(t * StepStride) + (b * BatchStride) + (i % Width)] : 0f;
    }
}
