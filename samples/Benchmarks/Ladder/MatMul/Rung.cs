using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>C = A B for square row-major matrices, on one rung between the definition and the library's kernel.</summary>
/// <param name="Name">The name of what is new on this rung.</param>
/// <param name="Threads">The number of threads.</param>
/// <param name="Prepare">Puts the matrices where the rung needs them; not timed.</param>
internal sealed record Rung(string Name, int Threads, Rung.Preparation Prepare)
{
    /// <summary>Gets ready to multiply two n x n matrices.</summary>
    internal delegate (Action Multiply, Func<float[]> Result) Preparation(float[] a, float[] b, int n);

    /// <summary>Makes a rung that works on arrays.</summary>
    internal static Rung OnArrays(string name, Action<float[], float[], float[], int> multiply, int threads = 1) =>
        new(name, threads, (a, b, n) =>
        {
            var c = new float[n * n];
            Array.Fill(c, float.NaN);
            return (() => multiply(a, b, c, n), () => c);
        });
}

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
