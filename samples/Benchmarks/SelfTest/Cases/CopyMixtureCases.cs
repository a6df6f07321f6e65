using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>The mixture of generating and copying tokens.</summary>
internal static class CopyMixtureCases
{
    internal static IEnumerable<KernelCase> Create() =>
    [
        .. new[] { (3, 5, 101, 17, false), (2, 4, 64, 40, false), (1, 3, 5000, 9, false), (32, 64, 8192, 256, true) }
            .SelectMany<(int Batch, int Steps, int Vocabulary, int Positions, bool IsLarge), KernelCase>(s =>
            [
                Case(s.Batch, s.Steps, s.Vocabulary, s.Positions, s.IsLarge, isGradient: false),
                Case(s.Batch, s.Steps, s.Vocabulary, s.Positions, s.IsLarge, isGradient: true),
            ]),
    ];

    private static KernelCase Case(int batch, int steps, int vocabulary, int positions, bool isLarge, bool isGradient)
    {
        int rows = batch * steps, count = rows * vocabulary;
        return new(isGradient ? "CopyMixtureGradient" : "CopyMixture", Layouts.Sizes(batch, steps, vocabulary, positions),
            Bounds.Sum(vocabulary), o =>
            {
                var arguments = new CopyMixtureArguments
                {
                    Batch = batch,
                    Steps = steps,
                    Vocabulary = vocabulary,
                    SourceLength = positions,
                    Logits = o.Normal(count, 2f),
                    Weights = o.Uniform(rows * positions, 0f, 2f / positions),
                    Tokens = o.Indices(batch * positions, Math.Min(vocabulary, positions)),
                    Lengths = o.Put([.. Enumerable.Range(0, batch).Select(b => positions - b % positions)]),
                    Gates = o.Normal(rows),
                    LogProbabilities = isGradient ? o.Scratch(count) : o.Result(count),
                    Normalizers = isGradient ? o.Scratch(2 * rows) : o.Result(2 * rows),
                };
                if (!isGradient)
                    return () => o.Backend.CopyMixture(arguments);
                var gradients = new CopyMixtureGradients
                {
                    DLogProbabilities = o.Normal(count),
                    DLogits = o.Result(count),
                    DWeights = o.Result(rows * positions),
                    DGates = o.Result(rows),
                };
                o.Backend.CopyMixture(arguments);
                return () => o.Backend.CopyMixtureGradient(arguments, gradients);
            })
        { Bytes = Layouts.Floats((isGradient ? 3.0 : 2.0) * count), IsLarge = isLarge };
    }
}
