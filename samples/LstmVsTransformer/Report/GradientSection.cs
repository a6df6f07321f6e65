using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The chapter about gradients.</summary>
internal static class GradientSection
{
    /// <summary>The titles of the charts.</summary>
    internal const string Gates = "Vanishing and exploding, and what gates do to it";
    internal const string Attention = "What gates, a second direction and attention do";

    private static readonly Contender[] gates =
        [Contender.Rnn, Contender.RnnLargeWeights, Contender.Gru, Contender.LstmForgetZero, Contender.LstmForgetOne];

    private static readonly Contender[] attention = [Contender.LstmForgetOne, Contender.LstmForgetFour,
        Contender.BidirectionalLstm, Contender.AttentiveLstm, Contender.Transformer];

    internal static Section Build(Part<GradientResult> part)
    {
        var result = part.Result;
        var section = new Section("Gradients");
        section.Text($"The charts show how much of a gradient that arrives at the last of {result.Steps} steps reaches an input"
            + " before it, relative to the last input, in models before training: "
            + $"the geometric mean over {result.Sequences} random sequences, as the median of {result.Seeds} seeds with the"
            + " range as a band. Below 1 a gradient vanishes, above 1 it explodes. "
            + "float32 ends at about 1e-45 and 3e38; the charts show less than that.");
        section.Add(Chart(Gates, result, gates),
            "The norm of d loss / d x by the distance of x from the last step, 1 at distance 0.");
        section.Add(Chart(Attention, result, attention),
            "The same norm. The bidirectional LSTM also ends at the first step, where its gradient is as large as at the last.");
        section.Add(FlowTable(result));
        section.Text("Clipping by the global norm scales all gradients by one factor: it bounds the step that an exploding"
            + " gradient would make, and does not affect vanishing.");
        section.Add(new Table("Clipping: norm of the gradient of all parameters", ["model", "length", "before", "clipped to 1"],
            [.. result.Clips.Select(c => (IReadOnlyList<Cell>)[c.Model.Name(), Cell.Of(c.Length, Show.Count),
                Cell.Of(c.Norm, Figures.Small), Cell.Of(c.Clipped, Figures.Small)])]));
        return section;
    }

    private static LineChart Chart(string title, GradientResult result, Contender[] models)
    {
        var chart = new LineChart(new ChartAxis("distance in steps"),
            new ChartAxis("norm, relative to distance 0") { LogBase = 10, Least = 1e-16, Most = 1e16 })
        {
            Title = title,
        };
        foreach (var flow in models.Select(result.Of).OfType<Flow>())
        {
            var every = Math.Max(1, flow.Median.Count / 200);
            chart.Series.Add(CurveCharts.Series(flow.Model, [.. Enumerable.Range(0, flow.Median.Count).Where(d => d % every == 0)
                .Select(d => new ChartPoint(d, flow.Median[d], flow.Least[d], flow.Most[d]))]));
        }

        return chart;
    }

    private static Table FlowTable(GradientResult result)
    {
        int[] distances = [.. new[] { 1, 10, 50, 100, 200, 500, 999 }.Where(d => d < result.Steps)];
        return new Table("Gradient that reaches an input, by its distance", ["model", .. distances.Select(d => Show.Count(d))],
            [.. result.Flows.Select(f => (IReadOnlyList<Cell>)[f.Model.Name(),
                .. distances.Select(d => Cell.Of(f.Median[d], Figures.Small))])]);
    }
}
