using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>y = softmax(q k' / sqrt(K)) v for one head, on one rung between the definition and the library's kernel.</summary>
/// <param name="Name">The name of what is new on this rung.</param>
/// <param name="Threads">The number of threads.</param>
/// <param name="IsCausal">Whether query i sees keys 0 to i only.</param>
/// <param name="Prepare">Puts the head where the rung needs it; not timed.</param>
internal sealed record AttentionRung(string Name, int Threads, bool IsCausal, Func<Head, AttentionWay> Prepare)
{
    /// <summary>Makes a rung that works on arrays, on one thread.</summary>
    internal static AttentionRung OnArrays(string name, Action<Head, float[]> attend) => new(name, 1, false, head =>
    {
        var y = new float[head.Queries.Length];
        Array.Fill(y, float.NaN);
        return new AttentionWay(() => attend(head, y), () => y, () =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            attend(head, y);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    });
}

/// <summary>A way to attend, ready to run.</summary>
/// <param name="Attend">Runs one call.</param>
/// <param name="Result">Shape (T, K).</param>
/// <param name="ExtraBytes">The memory that a call takes besides its operands and its result.</param>
internal sealed record AttentionWay(Action Attend, Func<float[]> Result, Func<long> ExtraBytes);

/// <summary>One head of attention: queries, keys and values, each of shape (T, K), row-major.</summary>
internal sealed record Head(float[] Queries, float[] Keys, float[] Values, int Length)
{
    /// <summary>K: four vectors of sixteen floats.</summary>
    internal const int Size = 64;

    /// <summary>1 / sqrt(K)</summary>
    internal const float Scale = 0.125f;

    internal ReadOnlySpan<float> Query(int i) => Queries.AsSpan(i * Size, Size);

    internal ReadOnlySpan<float> Key(int j) => Keys.AsSpan(j * Size, Size);

    internal ReadOnlySpan<float> Value(int j) => Values.AsSpan(j * Size, Size);
}

/// <summary>The last rungs: what a user of the library gets, with a tensor made for each result.</summary>
internal static class LibraryAttention
{
    /// <summary>The whole matrix again, with the library's matrix product and softmax.</summary>
    internal static AttentionRung Definition(int threads) => On("library, T x T", threads, AttentionOptions.Full,
        (q, k, v, options) => Variable.AttentionWithWeights(q, k, v, options).Output);

    /// <summary>Tiles.</summary>
    internal static AttentionRung Tiled(string name, int threads, AttentionOptions options) =>
        On(name, threads, options, Variable.Attention);

    private static AttentionRung On(string name, int threads, AttentionOptions options,
        Func<Variable, Variable, Variable, AttentionOptions, Variable> attend) =>
        new(name, threads, options.IsCausal, head =>
        {
            var backend = new CpuBackend(threads);
            var shape = new Shape(1, 1, head.Length, Head.Size);
            var (q, k, v) = (On(head.Queries), On(head.Keys), On(head.Values));
            return new AttentionWay(() => Run(), () => Run(y => y.ToArray())!, () => ExtraBytes(backend, head, () => Run()));

            Tensor On(float[] values) => Tensor.FromSpan(values, shape, backend);

            float[]? Run(Func<Tensor, float[]>? read = null)
            {
                using var scope = new TensorScope("rung");
                var y = attend(q, k, v, options).Value;
                return read?.Invoke(y);
            }
        });

    /// <summary>The memory that the pool took for a call, without the result.</summary>
    private static long ExtraBytes(CpuBackend backend, Head head, Action run)
    {
        backend.TrimMemory();
        var before = backend.Memory.Reserved;
        run();
        return backend.Memory.Reserved - before - (head.Queries.Length * sizeof(float));
    }
}
