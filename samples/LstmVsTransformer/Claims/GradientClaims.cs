using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Gradients;
using SeqCore.Samples.LstmVsTransformer.Report;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Claims;

/// <summary>Claims about what becomes of gradients.</summary>
internal static class GradientClaims
{
    /// <summary>Distance at which gradients are compared, where sequences are long enough.</summary>
    internal const int Distance = 100;

    internal static Claim Vanishing(GradientResult? gradients)
    {
        const string rule = "The gradient at distance 100 (or the greatest measured) relative to that at distance 0,"
            + " before training, in an RNN. Confirmed: below 0.001; partly: below 0.1; else refuted.";
        var rnn = At(gradients, Contender.RnnName);
        return new Claim("gradient behaviour", "Gradients vanish in a simple RNN.", rnn is { } r
            ? $"RNN: {Figures.Small(r.Value)} at distance {r.Distance}"
            : "-", Words(gradients, Contender.TransformerName),
            rnn is null ? Verdict.NotMeasured : Claim.Decide(rnn.Value.Value < 1e-3, rnn.Value.Value < 0.1), rule);
    }

    internal static Claim Gates(GradientResult? gradients)
    {
        const string rule = "The same gradient. Confirmed: 0.1 or more in the LSTM with forget bias 1;"
            + " partly: a hundred times as much as in the RNN or more; else refuted.";
        var (rnn, lstm) = (At(gradients, Contender.RnnName), At(gradients, Contender.ForgetOneName));
        return new Claim("gradient behaviour", "The gates of an LSTM keep gradients from vanishing.",
            Words(gradients, Contender.ForgetZeroName, Contender.ForgetOneName, GradientStudy.ForgetFourName),
            Words(gradients, Contender.TransformerName),
            rnn is null || lstm is null
                ? Verdict.NotMeasured
                : Claim.Decide(lstm.Value.Value >= 0.1, lstm.Value.Value >= 100 * rnn.Value.Value), rule);
    }

    internal static Claim Bias(GradientResult? gradients)
    {
        const string rule = "The same gradient. Confirmed: ten times as much with forget bias 1 as with 0, and with 4 as with 1;"
            + " partly: more in both steps; else refuted.";
        var values = new[] { Contender.ForgetZeroName, Contender.ForgetOneName, GradientStudy.ForgetFourName }
            .Select(n => At(gradients, n)?.Value).ToArray();
        return new Claim("gradient behaviour", "A greater forget bias carries gradients further.",
            Words(gradients, Contender.ForgetZeroName, Contender.ForgetOneName, GradientStudy.ForgetFourName),
            Words(gradients, Contender.TransformerName),
            values.Contains(null) ? Verdict.NotMeasured : Claim.Decide(values[1] >= 10 * values[0] && values[2] >= 10 * values[1],
                values[1] > values[0] && values[2] > values[1]), rule);
    }

    internal static Claim ShortPaths(GradientResult? gradients)
    {
        const string rule = "The gradient at the greatest distance relative to that at distance 1: distance 0 has the residual"
            + " path to itself. Confirmed: 0.1 or more; partly: 0.001 or more; else refuted.";
        var (lstm, transformer) = (Far(Contender.ForgetOneName), Far(Contender.TransformerName));
        return new Claim("gradient behaviour", "Attention gives every position a short path.", Say(lstm), Say(transformer),
            transformer is null ? Verdict.NotMeasured : Claim.Decide(transformer >= 0.1, transformer >= 1e-3), rule);

        double? Far(string model) =>
            Find(gradients, model) is { Median.Count: > 2 } flow ? flow.Median[^1] / flow.Median[1] : null;
        string Say(double? value) => value is { } v ? $"{Figures.Small(v)} at distance {gradients!.Steps - 1}" : "-";
    }

    internal static Claim Clipping(GradientResult? gradients)
    {
        const string rule = "The norm of the gradient of all parameters, in an RNN with large recurrent weights."
            + " Confirmed: at the longest sequence ten times that at the shortest or more, and no more than 1 once clipped to 1;"
            + " partly: clipped where above 1, but without such growth; else refuted.";
        var clips = gradients?.Clips.Where(c => c.Model == GradientStudy.LargeWeightsName).OrderBy(c => c.Length).ToArray() ?? [];
        if (clips.Length < 2)
        {
            return new Claim("gradient behaviour", "Large recurrent weights make gradients explode, and clipping bounds them.",
                "-", "-", Verdict.NotMeasured, rule);
        }

        var grows = clips[^1].Norm >= 10 * clips[0].Norm;
        var bounded = Array.TrueForAll(clips, c => c.Clipped <= 1 + 1e-3);
        return new Claim("gradient behaviour", "Large recurrent weights make gradients explode, and clipping bounds them.",
            $"norm {Figures.Small(clips[0].Norm)} at length {clips[0].Length},"
                + $" {Figures.Small(clips[^1].Norm)} at {clips[^1].Length}; clipped {Figures.Small(clips[^1].Clipped)}",
            gradients!.Clips.LastOrDefault(c => c.Model == Contender.TransformerName) is { } other
                ? $"norm {Figures.Small(other.Norm)} at length {other.Length}"
                : "-",
            Claim.Decide(grows && bounded, bounded && Array.Exists(clips, c => c.Norm > 1)), rule);
    }

    private static (int Distance, double Value)? At(GradientResult? gradients, string model)
    {
        if (Find(gradients, model) is not { Median.Count: > 0 } flow)
            return null;
        var distance = Math.Min(Distance, flow.Median.Count - 1);
        return (distance, flow.Median[distance]);
    }

    private static string Words(GradientResult? gradients, params string[] models)
    {
        if (models is [var only])
            return At(gradients, only) is { } found ? $"{Figures.Small(found.Value)} at distance {found.Distance}" : "-";
        var parts = models.Where(m => At(gradients, m) is not null)
            .Select(m => $"{m}: {Figures.Small(At(gradients, m)!.Value.Value)}").ToArray();
        return parts.Length == 0 ? "-" : string.Join("; ", parts);
    }

    private static Flow? Find(GradientResult? gradients, string model) => gradients?.Flows.FirstOrDefault(f => f.Model == model);
}
