using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Attention with every kind of mask, forward and backward.</summary>
internal static class AttentionCases
{
    private static readonly AttentionSize Awkward = new(2, 4, 4, 37, 37, 20);

    internal static IEnumerable<KernelCase> Create()
    {
        var kernels = InFloat32();
        return [.. kernels, .. kernels.Select(OnTensorCores)];
    }

    /// <summary>
    /// The case with split factors, on tensor cores or else without them. A split product is off
    /// by up to 2^-21, one of float32 by 2^-24, and tensor cores do not round their sums to the nearest number. Exact sums of
    /// split products come to two or three times float32's errors; four times its bound are allowed.
    /// </summary>
    private static KernelCase OnTensorCores(KernelCase kernel) =>
        TensorCores.On(kernel, MatMulPrecision.Tf32x3) with { Bound = 4 * kernel.Bound };

    private static List<KernelCase> InFloat32() =>
    [
        .. Both("full", Awkward, (_, a) => a),
        .. Both("causal", Awkward, (_, a) => a with { IsCausal = true }),
        .. Both("causal, window 9", Awkward, (_, a) => a with { IsCausal = true, Window = 9 }),
        .. Both("window 9", Awkward, (_, a) => a with { Window = 9 }),
        .. Both("causal, later queries", new AttentionSize(2, 4, 4, 13, 37, 20),
            (_, a) => a with { IsCausal = true, QueryOffset = 24 }),
        .. Both("grouped queries", new AttentionSize(2, 6, 2, 33, 65, 64), (_, a) => a),
        .. Both("key lengths", Awkward, (o, a) => a with { KeyLengths = o.Put([30, 0]) }),
        .. Both("mask", Awkward, (o, a) => a with { Mask = new MaskSpan(o.Normal(37 * 37), 0, 0, 37) }),
        .. Both("slopes", Awkward, (o, a) => a with { IsCausal = true, Slopes = o.Put([0.5f, 0.25f, 0.125f, 0.0625f]) }),
        .. Both("dropout", Awkward, (_, a) => a with { Dropout = 0.2f, Stream = new RandomStream(7, 3) }),
        .. Both("softcap", Awkward, (_, a) => a with { Softcap = 1f, IsCausal = true }),
        .. Both("values of 36", Awkward with { ValueSize = 36 }, (_, a) => a),
        .. Both("one query, softcap, values of 24", new AttentionSize(3, 4, 4, 1, 301, 64) { ValueSize = 24 },
            (_, a) => a with { Softcap = 1f }),
        .. Both("one query", new AttentionSize(3, 4, 4, 1, 301, 64), (_, a) => a with { IsCausal = true, QueryOffset = 300 }),
        .. Both("heads of 128", new AttentionSize(1, 2, 2, 65, 65, 128), (_, a) => a with { IsCausal = true }),
        .. Both("full", new AttentionSize(4, 8, 8, 1024, 1024, 64), (_, a) => a),
        .. Both("causal", new AttentionSize(4, 8, 8, 1024, 1024, 64), (_, a) => a with { IsCausal = true }, share: 0.5),
        .. Both("causal", new AttentionSize(1, 8, 8, 4096, 4096, 64), (_, a) => a with { IsCausal = true }, share: 0.5),
        .. Both("one query", new AttentionSize(32, 16, 16, 1, 2048, 64),
            (_, a) => a with { IsCausal = true, QueryOffset = 2047 }),
        Continued(),
    ];

    private static KernelCase[] Both(string variant, AttentionSize s,
        Func<KernelOperands, AttentionArguments, AttentionArguments> also, double share = 1)
    {
        var operations = 4.0 * share * s.Batch * s.Heads * s.Queries * s.Keys * s.HeadSize;
        var text = $"{variant}, {s}";
        var bound = Bounds.Sum(s.Keys + s.HeadSize);
        return
        [
            new KernelCase("Attention", text, bound, o =>
            {
                var arguments = also(o, Arguments(o, s));
                var (y, logSumExp) = (Queries(o.Result(s.ResultCount), s, s.ValueSize), o.Result(s.Rows));
                return () => o.Backend.Attention(arguments, y, logSumExp);
            })
            { Operations = operations, IsLarge = s.IsLarge },
            new KernelCase("AttentionGradient", text, bound, o =>
            {
                var arguments = also(o, Arguments(o, s));
                var (y, logSumExp, dY) = (Queries(o.Scratch(s.ResultCount), s, s.ValueSize), o.Scratch(s.Rows),
                    Queries(o.Normal(s.ResultCount), s, s.ValueSize));
                var (dQ, dK, dV) = (Queries(o.Result(s.QueryCount), s, s.HeadSize), Keys(o.Result(s.KeyCount), s, s.HeadSize),
                    Keys(o.Result(s.ValueCount), s, s.ValueSize));
                o.Backend.Attention(arguments, y, logSumExp);
                return () => o.Backend.AttentionGradient(arguments, y, logSumExp, dY, dQ, dK, dV);
            })
            { Operations = 2.5 * operations, IsLarge = s.IsLarge },
        ];
    }

    /// <summary>The keys in two pieces, the second completing the first.</summary>
    private static KernelCase Continued() =>
        new("Attention", $"in two pieces, {Awkward}", Bounds.Sum(2 * Awkward.Keys + Awkward.HeadSize), o =>
    {
        var (first, second) = (Arguments(o, Awkward), Arguments(o, Awkward));
        second = second with { Query = first.Query };
        var (y, logSumExp) = (Queries(o.Result(Awkward.QueryCount), Awkward, Awkward.HeadSize), o.Result(Awkward.Rows));
        return () =>
        {
            o.Backend.Attention(first, y, logSumExp);
            o.Backend.Attention(second, y, logSumExp, continues: true);
        };
    });

    private static AttentionArguments Arguments(KernelOperands o, AttentionSize s) => new()
    {
        Batch = s.Batch,
        HeadCount = s.Heads,
        KeyHeadCount = s.KeyHeads,
        QueryLength = s.Queries,
        KeyLength = s.Keys,
        HeadSize = s.HeadSize,
        ValueSize = s.ValueSize,
        Query = Queries(o.Normal(s.QueryCount), s, s.HeadSize),
        Key = Keys(o.Normal(s.KeyCount), s, s.HeadSize),
        Value = Keys(o.Normal(s.ValueCount), s, s.ValueSize),
        Scale = 1f / MathF.Sqrt(s.HeadSize),
    };

    // Heads side by side, as a linear layer leaves them.
    private static HeadsSpan Queries(DeviceSpan<float> data, AttentionSize s, int size) =>
        new(data, s.Queries * s.Heads * size, size, s.Heads * size);

    private static HeadsSpan Keys(DeviceSpan<float> data, AttentionSize s, int size) =>
        new(data, s.Keys * s.KeyHeads * size, size, s.KeyHeads * size);

    private readonly record struct AttentionSize(int Batch, int Heads, int KeyHeads, int Queries, int Keys, int HeadSize)
    {
        internal int ValueSize { get; init; } = HeadSize;

        internal int QueryCount => Rows * HeadSize;

        internal int ResultCount => Rows * ValueSize;

        internal int KeyCount => Batch * KeyHeads * Keys * HeadSize;

        internal int ValueCount => Batch * KeyHeads * Keys * ValueSize;

        internal int Rows => Batch * Heads * Queries;

        internal bool IsLarge => (double)Rows * Keys > 1e6;

        public override string ToString() => Layouts.Sizes(Batch, Heads, Queries, HeadSize)
            + (Keys == Queries && KeyHeads == Heads ? "" : $" on {Layouts.Sizes(KeyHeads, Keys)}");
    }
}
