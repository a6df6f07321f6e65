using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The chapter about time.</summary>
internal static class SpeedSection
{
    /// <summary>The titles of the charts.</summary>
    internal const string WholeSequences = "Inference, whole sequences";
    internal const string TokenByToken = "Inference, token by token";
    internal const string Training = "Training, forward and backward";

    private static readonly Contender[] attention =
        [Contender.TransformerWholeMatrix, Contender.TransformerTiled, Contender.TransformerWindow];

    internal static Section Build(Part<SpeedResult> part)
    {
        var result = part.Result;
        var section = new Section("Speed");
        section.Text("The models are language models of two layers with equal numbers of parameters, reading one text at a time."
            + " The Transformer computes its whole T x T matrix of weights as in the definition, "
            + $"or works in tiles, or sees only the last {result.Window} steps."
            + " \"Grows as\" is fitted to all lengths by least squares of the logarithms, \"at the end\" between the last two. "
            + "Where the T x T matrices would take more than a third of the memory, they are left out.");
        section.Add(CurveCharts.Draw(WholeSequences, "length of the sequence", "milliseconds", 1e-3, result.Whole,
            Crossings(result.Whole)),
            "Time of one sequence; numbers mark where the LSTM's line crosses a Transformer's."
                + CurveCharts.Hidden(result.Whole));
        section.Add(CurveCharts.Tabulate("Inference of a whole sequence, by length", result.Whole, Figures.Time, "seconds"));
        section.Add(CurveCharts.Crossings("Crossings, whole sequences", result.Whole, Contender.Lstm,
            [Contender.Rnn, Contender.Gru, .. attention]));
        section.Add(CurveCharts.Draw(TokenByToken, "position of the token", "microseconds for one token", 1e-6,
            result.Tokens, Crossings(result.Tokens)),
            "Time of one more token, with the state or the cached keys and values of those before it."
                + CurveCharts.Hidden(result.Tokens));
        section.Add(CurveCharts.Tabulate("One token, by its position", result.Tokens, Figures.Time, "seconds"));
        section.Add(CurveCharts.Crossings("Crossings, token by token", result.Tokens, Contender.Lstm,
            [Contender.Rnn, Contender.Gru, .. attention], "position"));
        section.Add(CurveCharts.Draw(Training, "length of the sequence", "milliseconds", 1e-3,
            result.Training, Crossings(result.Training)),
            "Time of one sequence with its gradients, without the optimizer's step." + CurveCharts.Hidden(result.Training));
        section.Add(CurveCharts.Tabulate("Forward and backward of a whole sequence, by length", result.Training, Figures.Time,
            "seconds"));
        section.Add(CurveCharts.Crossings("Crossings, training", result.Training, Contender.Lstm,
            [Contender.Rnn, Contender.Gru, .. attention]));
        if (result.Cores.Threads > 1)
        {
            section.Add(new Table($"Gain from {result.Cores.Threads} threads, sequences of {Show.Count(result.Cores.Length)}",
                ["model", "speed-up over one"],
                [.. result.Cores.Gains.Select(g => (IReadOnlyList<Cell>)[g.Model.Name(), Cell.Of(g.Factor, Figures.Times)])]));
        }

        section.Add(Sizes(result.Models));
        return section;
    }

    /// <summary>A table of the sizes of the models.</summary>
    internal static Table Sizes(IReadOnlyList<ModelSize> models)
    {
        var last = models.Count == 0 ? 1 : models[^1].Parameters;
        return new Table("The models", ["model", "units", "parameters", "of the Transformer's"],
            [.. models.Select(m => (IReadOnlyList<Cell>)[m.Model.Name(), Cell.Of(m.Units, Show.Count),
                Cell.Of(m.Parameters, Show.Count),
                Cell.Of((double)m.Parameters / last, s => Figures.Invariant($"{100 * s:0.0} %"))])]);
    }

    private static IEnumerable<Crossing> Crossings(IReadOnlyList<Curve> curves) =>
        curves.Of(Contender.Lstm) is { } lstm
            ? curves.Where(c => attention.Contains(c.Model)).SelectMany(c => Crossing.Find(lstm, c))
            : [];
}
