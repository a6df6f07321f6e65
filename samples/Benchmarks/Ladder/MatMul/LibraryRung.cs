using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>The last rung: what a user of the library gets, with a tensor made for each result.</summary>
internal static class LibraryRung
{
    internal static Rung On(int threads) => On(new CpuBackend(threads), threads);

    internal static Rung On(Backend backend, int threads = 1) => new("SeqCore", threads, (a, b, n) =>
    {
        var left = Tensor.FromSpan(a, new Shape(n, n), backend);
        var right = Tensor.FromSpan(b, new Shape(n, n), backend);
        return (() => Multiply(backend, left, right), () => Tensor.MatMul(left, right).ToArray());
    });

    private static void Multiply(Backend backend, Tensor left, Tensor right)
    {
        using var scope = new TensorScope("rung");
        Tensor.MatMul(left, right);
        backend.Synchronize();
    }
}
