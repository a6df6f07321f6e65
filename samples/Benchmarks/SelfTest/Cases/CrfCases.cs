using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Conditional random fields.</summary>
internal static class CrfCases
{
    internal static IEnumerable<KernelCase> Create() =>
    [
        .. new[] { (5, 12, 7, false), (3, 9, 40, false), (256, 256, 32, true) }
            .SelectMany<(int Batch, int Steps, int Tags, bool IsLarge), KernelCase>(s =>
            [
                Losses(s.Batch, s.Steps, s.Tags, s.IsLarge), Gradients(s.Batch, s.Steps, s.Tags, s.IsLarge),
                Paths(s.Batch, s.Steps, s.Tags, s.IsLarge),
            ]),
    ];

    private static CrfArguments Scores(KernelOperands o, int batch, int steps, int tags) => new()
    {
        Batch = batch,
        Steps = steps,
        Tags = tags,
        Emissions = o.Normal(batch * steps * tags),
        Transitions = o.Normal(tags * tags),
        Start = o.Normal(tags),
        End = o.Normal(tags),
    };

    private static KernelCase Losses(int batch, int steps, int tags, bool isLarge) =>
        new("Crf", Layouts.Sizes(batch, steps, tags), Bounds.Sum(steps + tags), o =>
        {
            var arguments = Scores(o, batch, steps, tags) with
            {
                Targets = o.Indices(batch * steps, tags),
                Losses = o.Result(batch),
            };
            return () => o.Backend.Crf(arguments);
        })
        { Operations = 2.0 * batch * steps * tags * tags, IsLarge = isLarge };

    private static KernelCase Gradients(int batch, int steps, int tags, bool isLarge) =>
        new("CrfGradient", Layouts.Sizes(batch, steps, tags), Bounds.Sum(batch * steps + tags), o =>
        {
            var arguments = Scores(o, batch, steps, tags) with
            {
                Targets = o.Indices(batch * steps, tags),
                Losses = o.Result(batch),
            };
            var gradients = new CrfGradients
            {
                DEmissions = o.Result(batch * steps * tags),
                DTransitions = o.Result(tags * tags),
                DStart = o.Result(tags),
                DEnd = o.Result(tags),
            };
            return () => o.Backend.CrfGradient(arguments, gradients);
        })
        { Operations = 6.0 * batch * steps * tags * tags, IsLarge = isLarge };

    private static KernelCase Paths(int batch, int steps, int tags, bool isLarge) =>
        new("CrfDecode", Layouts.Sizes(batch, steps, tags), Bounds.Elementwise, o =>
        {
            var (arguments, found, best) = (Scores(o, batch, steps, tags), o.IndexResult(batch * steps), o.Result(batch));
            return () => o.Backend.CrfDecode(arguments, found, best);
        })
        { Operations = 2.0 * batch * steps * tags * tags, IsLarge = isLarge };
}
