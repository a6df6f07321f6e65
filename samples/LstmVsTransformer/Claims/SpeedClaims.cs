using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Report;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Claims;

/// <summary>Claims about time.</summary>
internal static class SpeedClaims
{
    /// <summary>From this ratio on a difference counts as one.</summary>
    private const double Clear = 1.1;

    internal static Claim TokenByToken(SpeedResult? speed) => Faster(
        "inference", "LSTMs are faster at inference, token by token.", speed?.Tokens, Contender.LstmName,
        Contender.TiledName, "position");

    internal static Claim WholeSequences(SpeedResult? speed) => Faster(
        "inference", "Transformers are faster where the whole sequence is known.", speed?.Whole, Contender.TiledName,
        Contender.LstmName, "length");

    internal static Claim Training(SpeedResult? speed) => Faster(
        "training efficiency", "Transformers train faster: a step takes less time.", speed?.Training, Contender.TiledName,
        Contender.LstmName, "length");

    internal static Claim Parallelism(SpeedResult? speed)
    {
        const string rule = "How many times less a token costs in a whole sequence than alone, at the longest length with both."
            + " Confirmed: the Transformer gains 1.1 times as much as the LSTM or more; partly: more than the LSTM;"
            + " else refuted.";
        var (lstm, transformer) = (Gain(Contender.LstmName), Gain(Contender.TiledName));
        return new Claim("parallelism", "Transformers work on all positions at once, LSTMs on one after the other.",
            Words(lstm), Words(transformer),
            lstm is null || transformer is null ? Verdict.NotMeasured : Claim.Decide(
                transformer.Value.Factor >= Clear * lstm.Value.Factor, transformer.Value.Factor > lstm.Value.Factor), rule);

        (double Length, double Factor)? Gain(string model)
        {
            var (token, whole) = (Find(speed?.Tokens, model), Find(speed?.Whole, model));
            if (token?.Points.LastOrDefault(p => whole?.At(p.X) is not null) is not { X: > 0 } last)
                return null;
            return (last.X, last.Y / (whole!.At(last.X)!.Value / last.X));
        }

        static string Words((double Length, double Factor)? gain) =>
            gain is { } g
                ? $"a token in a sequence of {Figures.Count(g.Length)} costs {Figures.Digits(g.Factor)} times less than alone"
                : "-";
    }

    internal static Claim Cores(SpeedResult? speed)
    {
        const string rule = "Time on one thread divided by time on all, for one whole sequence."
            + " Confirmed: the Transformer's is 1.1 times the LSTM's or more; partly: greater; else refuted.";
        var (lstm, transformer) = (Gain(Contender.LstmName), Gain(Contender.TiledName));
        var measured = speed is { Cores.Threads: > 1 } && lstm is not null && transformer is not null;
        return new Claim("parallelism", "Transformers make better use of more cores.", Words(lstm), Words(transformer),
            measured ? Claim.Decide(transformer >= Clear * lstm, transformer > lstm) : Verdict.NotMeasured, rule);

        double? Gain(string model) => speed?.Cores.Gains.FirstOrDefault(g => g.Model == model)?.Factor;
        string Words(double? gain) =>
            speed is { Cores.Threads: > 1 } && gain is { } g ? $"{Figures.Times(g)} on {speed.Cores.Threads} threads" : "-";
    }

    internal static Claim Quadratic(SpeedResult? speed)
    {
        const string rule = "Exponents of time between the two longest lengths. Confirmed: 1.7 or more for the T x T attention"
            + " and 0.8 to 1.2 for the LSTM; partly: they differ by 0.3 or more; else refuted.";
        var (lstm, transformer) = (End(speed?.Whole, Contender.LstmName), End(speed?.Whole, Contender.WholeMatrixName));
        return new Claim("scalability",
            "Time grows with the square of the length for attention, and with the length for an LSTM.",
            Figures.Power(lstm),
            $"T x T {Figures.Power(transformer)}, tiled {Figures.Power(End(speed?.Whole, Contender.TiledName))}",
            lstm is null || transformer is null ? Verdict.NotMeasured
                : Claim.Decide(transformer >= 1.7 && lstm is >= 0.8 and <= 1.2, transformer - lstm >= 0.3), rule);
    }

    internal static Claim Window(SpeedResult? speed)
    {
        const string rule = "Exponents of time between the two longest lengths."
            + " Confirmed: at most 1.2 with the window, and 0.1 or more below that of full attention; partly: below it;"
            + " else refuted. Not measured where no length is four times the window or more.";
        var (window, full) = (End(speed?.Whole, Contender.WindowName), End(speed?.Whole, Contender.TiledName));
        var far = Find(speed?.Whole, Contender.WindowName)?.Last?.X >= 4 * speed?.Window;
        return new Claim("scalability", "A sliding window makes the time of attention linear.",
            Figures.Power(End(speed?.Whole, Contender.LstmName)), $"window {Figures.Power(window)}, full {Figures.Power(full)}",
            !far || window is null || full is null
                ? Verdict.NotMeasured
                : Claim.Decide(window <= 1.2 && full - window >= 0.1, window < full), rule);
    }

    private static Claim Faster(string aspect, string says, IReadOnlyList<Curve>? curves, string faster,
        string slower, string axis)
    {
        var rule = $"Confirmed: so at every {axis} measured; partly: at some; refuted: at none.";
        if (Find(curves, faster) is not { } first || Find(curves, slower) is not { } second
            || Crossing.FirstIsLess(first, second) is not { Count: > 0 } less)
            return new Claim(aspect, says, "-", "-", Verdict.NotMeasured, rule);
        var (lstm, transformer) = faster == Contender.LstmName ? (first, second) : (second, first);
        var crossings = string.Concat(Crossing.Find(first, second).Select(c =>
            $"; from {Figures.Count(c.X)} on {(c.LessAfter == Contender.LstmName ? "the LSTM" : "the Transformer")} is faster"));
        return new Claim(aspect, says, Words(lstm, axis), Words(transformer, axis) + crossings,
            Claim.Decide(less.All(l => l), less.Any(l => l)), rule);
    }

    private static string Words(Curve curve, string axis) =>
        $"{Figures.Time(curve.Points[0].Y)} at {axis} {Figures.Count(curve.Points[0].X)},"
            + $" {Figures.Time(curve.Points[^1].Y)} at {Figures.Count(curve.Points[^1].X)}";

    private static Curve? Find(IReadOnlyList<Curve>? curves, string model) =>
        curves?.FirstOrDefault(c => c.Model == model && c.Points.Count > 0);

    private static double? End(IReadOnlyList<Curve>? curves, string model) =>
        Find(curves, model) is { } curve ? PowerLaw.AtTheEnd(curve.Points) : null;
}
