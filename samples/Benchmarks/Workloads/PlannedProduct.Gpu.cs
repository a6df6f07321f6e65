using SeqCore.Kernels;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Benchmarks;

/// <summary>C = A B, all N x N, by a given plan instead of the chosen one, to check the costs in MatMulPlan.</summary>
internal static class PlannedProduct
{
    /// <param name="n">Rows and columns.</param>
    /// <param name="side">Side of the tiles; 128 are on tensor cores where the precision asks for them.</param>
    /// <param name="splits">Parts of the sums.</param>
    /// <exception cref="NotSupportedException">The default device is no GPU.</exception>
    /// <exception cref="ArgumentException">There are no such tiles, or too many parts.</exception>
    internal static Workload Create(int n, int side, int splits)
    {
        if (Backend.Default is not GpuBackend gpu)
        {
            throw new NotSupportedException("products are planned on GPUs only, and the device is cpu."
                + " Use --device cuda or opencl.");
        }

        if (side is not (128 or 64 or 32) || n < 5 || splits > Math.Min(64, n))
        {
            throw new ArgumentException("tiles have sides of 128, 64 or 32, sums up to 64 parts of their N, and N is 5 or more;"
                + $" got {n}x{side}x{splits}.");
        }

        var precision = n % 4 == 0 ? gpu.Precision : MatMulPrecision.Float32;
        var plan = new MatMulPlan(side, splits, side == 128 ? precision : MatMulPrecision.Float32);
        var chosen = MatMulPlan.Choose(n, n, n, 1, gpu.Accelerator.NumMultiprocessors, precision);
        Tensor a = Inputs.Normal(n, n), b = Inputs.Normal(n, n), c = Tensor.Zeros([n, n]);
        return new Workload(
            () => gpu.MatMul(new MatMulArguments
            {
                M = n,
                N = n,
                K = n,
                A = new Matrix(a.Span, n),
                B = new Matrix(b.Span, n),
                C = new Matrix(c.Span, n),
            }, plan),
            2.0 * n * n * n,
            Plan: (Name(plan), Name(chosen)));
    }

    private static string Name(MatMulPlan plan) => $"{plan.Precision}/{plan.Side}x{plan.Splits}".ToLowerInvariant();
}
