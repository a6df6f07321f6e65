using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Convolutions of sequences.</summary>
internal static class Conv1dCases
{
    internal static IEnumerable<KernelCase> Create() =>
    [
        .. new (string Variant, Conv1dShape Shape, bool IsLarge)[]
        {
            ("same", new(2, 50, 20, 33, 3) { PaddingLeft = 1, PaddingRight = 1 }, false),
            ("strided, dilated", new(2, 41, 9, 12, 4) { Stride = 2, Dilation = 3, PaddingLeft = 5 }, false),
            ("groups", new(2, 30, 12, 8, 3) { Groups = 4, PaddingLeft = 2 }, false),
            ("depth-wise", new(2, 40, 37, 37, 5) { Groups = 37, PaddingLeft = 4 }, false),
            ("same", new(32, 1024, 512, 512, 3) { PaddingLeft = 1, PaddingRight = 1 }, true),
            ("depth-wise", new(32, 1024, 1024, 1024, 4) { Groups = 1024, PaddingLeft = 3 }, true),
        }.SelectMany<(string Variant, Conv1dShape Shape, bool IsLarge), KernelCase>(c =>
            [Forward(c.Variant, c.Shape, c.IsLarge), Gradient(c.Variant, c.Shape, c.IsLarge)]),
    ];

    private static string Text(string variant, in Conv1dShape s) =>
        $"{variant}, {Layouts.Sizes(s.Batch, s.Steps, s.Inputs, s.Outputs, s.Kernel)}";

    private static double Operations(in Conv1dShape s) =>
        2.0 * s.Batch * s.OutputSteps * s.Outputs * s.Inputs / s.Groups * s.Kernel;

    private static KernelCase Forward(string variant, Conv1dShape s, bool isLarge) =>
        new("Conv1d", Text(variant, s), Bounds.Sum(s.Inputs / s.Groups * s.Kernel), o =>
        {
            var (x, w, bias, y) = (o.Normal(s.Batch * s.Steps * s.Inputs), o.Normal(s.Outputs * s.Inputs / s.Groups * s.Kernel),
                o.Normal(s.Outputs), o.Result(s.Batch * s.OutputSteps * s.Outputs));
            return () => o.Backend.Conv1d(new() { Shape = s, X = x, Weight = w, Bias = bias, Y = y });
        })
        { Operations = Operations(s), IsLarge = isLarge };

    private static KernelCase Gradient(string variant, Conv1dShape s, bool isLarge) =>
        new("Conv1dGradient", Text(variant, s), Bounds.Sum(s.Batch * s.OutputSteps + s.Outputs * s.Kernel), o =>
        {
            int inputs = s.Batch * s.Steps * s.Inputs, weights = s.Outputs * s.Inputs / s.Groups * s.Kernel;
            var (x, w, dY) = (o.Normal(inputs), o.Normal(weights), o.Normal(s.Batch * s.OutputSteps * s.Outputs));
            var (dX, dWeight, dBias) = (o.Result(inputs), o.Result(weights), o.Result(s.Outputs));
            return () => o.Backend.Conv1dGradient(new() { Shape = s, X = x, Weight = w },
                new() { DY = dY, DX = dX, DWeight = dWeight, DBias = dBias });
        })
        { Operations = 2 * Operations(s), IsLarge = isLarge };
}
