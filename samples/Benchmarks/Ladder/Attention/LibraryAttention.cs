using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

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

    /// <summary>What the memory pool took for a call, less the result.</summary>
    private static long ExtraBytes(CpuBackend backend, Head head, Action run)
    {
        backend.TrimMemory();
        var before = backend.Memory.Reserved;
        run();
        return backend.Memory.Reserved - before - (head.Queries.Length * sizeof(float));
    }
}
