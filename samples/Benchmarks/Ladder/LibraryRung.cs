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
        return (() => Inference.Run(() => left.MatMul(right)), () => left.MatMul(right).ToArray());
    });
}
