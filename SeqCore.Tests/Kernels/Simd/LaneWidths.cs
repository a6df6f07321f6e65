using SeqCore.Kernels;
using SeqCore.Kernels.Elementwise;

namespace SeqCore.Tests.Kernels.Simd;

/// <summary>Runs a kernel on each vector width, whatever the machine prefers (software stands in where it must).</summary>
internal static class LaneWidths
{
    internal static TheoryData<int> All => [1, 4, 8, 16];

    internal static void Run<TKernel>(int width, ref TKernel kernel) where TKernel : struct, ISimdKernel
    {
        switch (width)
        {
            case 1:
                kernel.Invoke<LaneScalar>();
                break;
            case 4:
                kernel.Invoke<Lane128>();
                break;
            case 8:
                kernel.Invoke<Lane256>();
                break;
            default:
                kernel.Invoke<Lane512>();
                break;
        }
    }

    /// <summary>f of each element, on one width.</summary>
    internal static unsafe float[] Apply<TOperation>(int width, TOperation operation, float[] x)
        where TOperation : struct, IUnaryOperation
    {
        var y = new float[x.Length];
        fixed (float* from = x, to = y)
        {
            var kernel = new UnaryKernel<TOperation>(operation) { X = from, Y = to, Count = x.Length };
            Run(width, ref kernel);
        }

        return y;
    }
}
