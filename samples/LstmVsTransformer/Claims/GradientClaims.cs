namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Claims about what happens to gradients.</summary>
internal static class GradientClaims
{
    /// <summary>Distance at which gradients are compared, where sequences are long enough.</summary>
    private const int Distance = 100;

    private static readonly Contender[] biases =
        [Contender.LstmForgetZero, Contender.LstmForgetOne, Contender.LstmForgetFour];

    internal static Claim[] All { get; } =
    [
        new("gradient behaviour", "Gradients vanish in a simple RNN.",
            "The gradient at distance 100 (or the largest measured) relative to that at distance 0,"
                + " before training, in an RNN. Confirmed: below 0.001; partly: below 0.1; else refuted.",
            From(gradients =>
            {
                var rnn = At(gradients, Contender.Rnn);
                return Evidence.Of(rnn is { } r ? $"RNN: {Figures.Small(r.Value)} at distance {r.Distance}" : "-",
                    OfTransformer(gradients), rnn is not null, rnn?.Value < 1e-3, rnn?.Value < 0.1);
            })) { Chart = GradientSection.Gates },
        new("gradient behaviour", "The gates of an LSTM keep gradients from vanishing.",
            "The same gradient. Confirmed: 0.1 or more in the LSTM with forget bias 1;"
                + " partly: a hundred times as much as in the RNN or more; else refuted.",
            From(gradients =>
            {
                var (rnn, lstm) = (At(gradients, Contender.Rnn), At(gradients, Contender.LstmForgetOne));
                return Evidence.Of(OfBiases(gradients), OfTransformer(gradients), rnn is not null && lstm is not null,
                    lstm?.Value >= 0.1, lstm?.Value >= 100 * rnn?.Value);
            })) { Chart = GradientSection.Gates },
        new("gradient behaviour", "A larger forget bias carries gradients further.",
            "The same gradient. Confirmed: ten times as much with forget bias 1 as with 0, and with 4 as with 1;"
                + " partly: more in both steps; else refuted.",
            From(gradients =>
            {
                var (zero, one, four) =
                    (At(gradients, biases[0])?.Value, At(gradients, biases[1])?.Value, At(gradients, biases[2])?.Value);
                return Evidence.Of(OfBiases(gradients), OfTransformer(gradients),
                    zero is not null && one is not null && four is not null, one >= 10 * zero && four >= 10 * one,
                    one > zero && four > one);
            })) { Chart = GradientSection.Gates },
        new("gradient behaviour", "Attention gives every position a short path.",
            "The gradient at the largest distance relative to that at distance 1: distance 0 has the residual"
                + " path to itself. Confirmed: 0.1 or more; partly: 0.001 or more; else refuted.",
            From(gradients =>
            {
                var (lstm, transformer) = (Far(Contender.LstmForgetOne), Far(Contender.Transformer));
                return Evidence.Of(Say(lstm), Say(transformer), transformer is not null, transformer >= 0.1, transformer >= 1e-3);

                double? Far(Contender model) =>
                    gradients.Of(model) is { Median.Count: > 2 } flow ? flow.Median[^1] / flow.Median[1] : null;
                string Say(double? value) => value is { } v ? $"{Figures.Small(v)} at distance {gradients.Steps - 1}" : "-";
            })) { Chart = GradientSection.Attention },
        new("gradient behaviour", "Large recurrent weights make gradients explode, and clipping bounds them.",
            "The norm of the gradient of all parameters, in an RNN with large recurrent weights."
                + " Confirmed: at the longest sequence ten times that at the shortest or more, and no more than 1 once clipped"
                + " to 1; partly: clipped where above 1, but without such growth; else refuted.",
            From(gradients =>
            {
                var clips = gradients.Clips.Where(c => c.Model == Contender.RnnLargeWeights).OrderBy(c => c.Length).ToArray();
                if (clips.Length < 2)
                    return Evidence.None;
                var (first, last) = (clips[0], clips[^1]);
                var isBounded = Array.TrueForAll(clips, c => c.Clipped <= 1 + 1e-3);
                return Evidence.Of($"norm {Figures.Small(first.Norm)} at length {first.Length},"
                    + $" {Figures.Small(last.Norm)} at {last.Length}; clipped {Figures.Small(last.Clipped)}",
                    gradients.Clips.LastOrDefault(c => c.Model == Contender.Transformer) is { } other
                        ? $"norm {Figures.Small(other.Norm)} at length {other.Length}"
                        : "-",
                    true, isBounded && last.Norm >= 10 * first.Norm, isBounded && Array.Exists(clips, c => c.Norm > 1));
            })),
    ];

    private static Func<Study, Evidence> From(Func<GradientResult, Evidence> weigh) =>
        study => study.Gradients is { } gradients ? weigh(gradients.Result) : Evidence.None;

    private static (int Distance, double Value)? At(GradientResult gradients, Contender model)
    {
        if (gradients.Of(model) is not { Median.Count: > 0 } flow)
            return null;
        var distance = Math.Min(Distance, flow.Median.Count - 1);
        return (distance, flow.Median[distance]);
    }

    private static string OfTransformer(GradientResult gradients) => At(gradients, Contender.Transformer) is { } found
        ? $"{Figures.Small(found.Value)} at distance {found.Distance}" : "-";

    private static string OfBiases(GradientResult gradients)
    {
        var parts = biases.Where(m => At(gradients, m) is not null)
            .Select(m => $"{m.Name()}: {Figures.Small(At(gradients, m)!.Value.Value)}").ToArray();
        return parts.Length == 0 ? "-" : string.Join("; ", parts);
    }
}
