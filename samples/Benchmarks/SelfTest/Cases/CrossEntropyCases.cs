using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Softmax cross-entropy: forward, backward, and both at once.</summary>
internal static class CrossEntropyCases
{
    private static readonly CrossEntropyOptions Plain = new();
    private static readonly CrossEntropyOptions Smoothed = new(IgnoreIndex: 1, LabelSmoothing: 0.1f);

    internal static IEnumerable<KernelCase> Create() =>
    [
        .. Of(37, 101, Plain, "", weighted: false, large: false),
        .. Of(37, 101, Smoothed, ", smoothed, weighted, one class ignored", weighted: true, large: false),
        .. Of(37, 101, Smoothed, ", smoothed, weighted by class too", weighted: true, large: false, byClass: true),
        .. Of(3, 50257, Plain, "", weighted: false, large: false),
        .. Of(2048, 8192, Plain, "", weighted: false, large: true),
        .. Of(16384, 65, Plain, "", weighted: false, large: true),
    ];

    private static KernelCase[] Of(int rows, int classes, CrossEntropyOptions options, string variant, bool weighted, bool large,
        bool byClass = false)
    {
        var count = rows * classes;
        return
        [
            Case("CrossEntropy", 1, o =>
            {
                var (x, targets, weights) = (o.Normal(count, 2f), o.Indices(rows, classes), Weights(o));
                var (losses, logSumExp) = (o.Result(rows), o.Result(rows));
                return () => o.Backend.CrossEntropy(new()
                {
                    Logits = x, Targets = targets, Weights = weights, Losses = losses, LogSumExp = logSumExp,
                    Rows = rows, Classes = classes, Options = options,
                });
            }),
            Case("CrossEntropyGradient", 2, o =>
            {
                var (x, targets, weights) = (o.Normal(count, 2f), o.Indices(rows, classes), Weights(o));
                var (losses, logSumExp, scales, dX) = (o.Scratch(rows), o.Scratch(rows), o.Normal(rows), o.Result(count));
                o.Backend.CrossEntropy(new()
                {
                    Logits = x, Targets = targets, Weights = weights, Losses = losses, LogSumExp = logSumExp,
                    Rows = rows, Classes = classes, Options = options,
                });
                return () => o.Backend.CrossEntropyGradient(new()
                {
                    Logits = x, Targets = targets, Weights = weights, LogSumExp = logSumExp, Scales = scales,
                    DLogits = dX, Rows = rows, Classes = classes, Options = options,
                });
            }),
            Case("CrossEntropyWithGradient", 2, o =>
            {
                var (x, targets, weights) = (o.Normal(count, 2f), o.Indices(rows, classes), Weights(o));
                var (losses, scale, dX) = (o.Result(rows), o.Put([1f / rows]), o.Result(count));
                return () => o.Backend.CrossEntropyWithGradient(new()
                {
                    Logits = x, Targets = targets, Weights = weights, Losses = losses, DLogits = dX, Scales = scale,
                    Rows = rows, Classes = classes, Options = options,
                });
            }),
            Case("CrossEntropyScale", 0, o =>
            {
                var (targets, weights, scale) = (o.Indices(rows, classes), Weights(o), o.Result(1));
                return () => o.Backend.CrossEntropyScale(targets, weights, scale, rows, options.IgnoreIndex);
            }),
        ];

        CrossEntropyWeights Weights(KernelOperands o) => new(
            weighted ? o.Uniform(rows, 0.5f, 2f) : default,
            byClass ? o.Uniform(classes, 0.5f, 2f) : default,
            byClass ? o.Put([1.25f]) : default);

        KernelCase Case(string operation, int passes, Func<KernelOperands, Action> prepare) =>
            new(operation, Layouts.Sizes(rows, classes) + variant, Bounds.Sum(Math.Max(rows, classes)), prepare)
            {
                Bytes = Layouts.Floats((double)passes * count),
                IsLarge = large,
            };
    }
}
