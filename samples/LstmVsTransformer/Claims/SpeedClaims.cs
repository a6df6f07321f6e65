using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Claims about time.</summary>
internal static class SpeedClaims
{
    /// <summary>The smallest ratio that counts as a difference.</summary>
    private const double Clear = 1.1;

    internal static Claim[] All { get; } =
    [
        new("parallelism", "Transformers work on all positions at once, LSTMs on one after the other.",
            "How many times cheaper a token is in a whole sequence than alone, at the longest length with both."
                + " Confirmed: the Transformer gains 1.1 times as much as the LSTM or more; partly: more than the LSTM;"
                + " else refuted.",
            From(speed =>
            {
                var (lstm, transformer) = (Gain(speed, Contender.Lstm), Gain(speed, Contender.TransformerTiled));
                return Evidence.Of(Words(lstm), Words(transformer), lstm is not null && transformer is not null,
                    transformer?.Factor >= Clear * lstm?.Factor, transformer?.Factor > lstm?.Factor);

                static string Words((double Length, double Factor)? gain) => gain is { } g
                    ? $"a token in a sequence of {Show.Count(g.Length)} is {Figures.Digits(g.Factor)} times cheaper than alone"
                    : "-";
            })) { Chart = SpeedSection.TokenByToken },
        new("parallelism", "Transformers make better use of more cores.",
            "Time on one thread divided by time on all, for one whole sequence."
                + " Confirmed: the Transformer's is 1.1 times the LSTM's or more; partly: larger; else refuted.",
            From(speed =>
            {
                if (speed.Cores.Threads == 1)
                    return Evidence.None;
                var (lstm, transformer) = (Gain(Contender.Lstm), Gain(Contender.TransformerTiled));
                return Evidence.Of(Words(lstm), Words(transformer), lstm is not null && transformer is not null,
                    transformer >= Clear * lstm, transformer > lstm);

                double? Gain(Contender model) => speed.Cores.Gains.FirstOrDefault(g => g.Model == model)?.Factor;
                string Words(double? gain) => gain is { } g ? $"{Figures.Times(g)} on {speed.Cores.Threads} threads" : "-";
            })),
        Faster("training efficiency", "Transformers train faster: a step takes less time.", speed => speed.Training,
            Contender.TransformerTiled, Contender.Lstm, "length", SpeedSection.Training),
        Faster("inference", "LSTMs are faster at inference, token by token.", speed => speed.Tokens, Contender.Lstm,
            Contender.TransformerTiled, "position", SpeedSection.TokenByToken),
        Faster("inference", "Transformers are faster where the whole sequence is known.", speed => speed.Whole,
            Contender.TransformerTiled, Contender.Lstm, "length", SpeedSection.WholeSequences),
        new("scalability", "Time grows with the square of the length for attention, and with the length for an LSTM.",
            "Exponents of time between the two longest lengths. Confirmed: 1.7 or more for the T x T attention"
                + " and 0.8 to 1.2 for the LSTM; partly: they differ by 0.3 or more; else refuted.",
            From(speed =>
            {
                var (lstm, whole) = (End(speed, Contender.Lstm), End(speed, Contender.TransformerWholeMatrix));
                return Evidence.Of(Figures.Power(lstm),
                    $"T x T {Figures.Power(whole)}, tiled {Figures.Power(End(speed, Contender.TransformerTiled))}",
                    lstm is not null && whole is not null, whole >= 1.7 && lstm is >= 0.8 and <= 1.2, whole - lstm >= 0.3);
            })) { Chart = SpeedSection.WholeSequences },
        new("scalability", "A sliding window makes the time of attention linear.",
            "Exponents of time between the two longest lengths."
                + " Confirmed: at most 1.2 with the window, and 0.1 or more below that of full attention; partly: below it;"
                + " else refuted. Not measured where no length is four times the window or more.",
            From(speed =>
            {
                var (window, full) = (End(speed, Contender.TransformerWindow), End(speed, Contender.TransformerTiled));
                var isFar = speed.Whole.Of(Contender.TransformerWindow)?.Last?.X >= 4 * speed.Window;
                return Evidence.Of(Figures.Power(End(speed, Contender.Lstm)),
                    $"window {Figures.Power(window)}, full {Figures.Power(full)}",
                    isFar && window is not null && full is not null, window <= 1.2 && full - window >= 0.1, window < full);
            })) { Chart = SpeedSection.WholeSequences },
    ];

    private static Claim Faster(string aspect, string says, Func<SpeedResult, IReadOnlyList<Curve>> curvesOf, Contender faster,
        Contender slower, string axis, string chart) =>
        new(aspect, says, $"Confirmed: at every measured {axis}; partly: at some; refuted: at none.", From(speed =>
        {
            if (curvesOf(speed).Of(faster) is not { } first || curvesOf(speed).Of(slower) is not { } second
                || Crossing.FirstIsLess(first, second) is not { Count: > 0 } less)
                return Evidence.None;
            var (lstm, transformer) = faster == Contender.Lstm ? (first, second) : (second, first);
            var crossings = string.Concat(Crossing.Find(first, second).Select(c =>
                $"; from {Show.Count(c.X)} on {(c.LessAfter == Contender.Lstm ? "the LSTM" : "the Transformer")} is faster"));
            return Evidence.Of(Words(lstm), Words(transformer) + crossings, true, less.All(l => l), less.Any(l => l));

            string Words(Curve curve) => $"{Figures.Time(curve.Points[0].Y)} at {axis} {Show.Count(curve.Points[0].X)},"
                + $" {Figures.Time(curve.Points[^1].Y)} at {Show.Count(curve.Points[^1].X)}";
        }))
        { Chart = chart };

    private static Func<Study, Evidence> From(Func<SpeedResult, Evidence> weigh) =>
        study => study.Speed is { } speed ? weigh(speed.Result) : Evidence.None;

    private static (double Length, double Factor)? Gain(SpeedResult speed, Contender model)
    {
        var (token, whole) = (speed.Tokens.Of(model), speed.Whole.Of(model));
        return token?.Points.LastOrDefault(p => whole?.At(p.X) is not null) is { X: > 0 } last
            ? (last.X, last.Y / (whole!.At(last.X)!.Value / last.X))
            : null;
    }

    private static double? End(SpeedResult speed, Contender model) => speed.Whole.Of(model)?.Exponent;
}
