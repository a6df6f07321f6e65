using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Benchmarks;

/// <summary>The last rung: what a user of the library gets, with a tensor made for each result.</summary>
internal static class LibraryRung
{
    internal static Rung On(int threads) => new("SeqCore", threads, (a, b, n) =>
    {
        var backend = new CpuBackend(threads);
        var left = Tensor.FromSpan(a, new Shape(n, n), backend);
        var right = Tensor.FromSpan(b, new Shape(n, n), backend);
        return (() => Multiply(left, right), () => Tensor.MatMul(left, right).ToArray());
    });

    private static void Multiply(Tensor left, Tensor right)
    {
        using var scope = new TensorScope("rung");
        Tensor.MatMul(left, right);
    }
}
