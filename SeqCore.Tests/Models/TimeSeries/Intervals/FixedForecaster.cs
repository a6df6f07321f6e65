using System.Text.Json.Nodes;
using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Intervals;

/// <summary>
/// A forecaster from outside the library that always forecasts the same: a value, or quantiles. It counts what it has seen.
/// </summary>
internal sealed class FixedForecaster(params float[] values) : Forecaster
{
    private static readonly double[] probabilities = [0.1, 0.5, 0.9];

    public override IReadOnlyList<double>? Quantiles => values.Length > 1 ? probabilities : null;

    internal int Seen { get; private set; }

    protected internal override string OptionsJson => new JsonObject
    {
        ["values"] = new JsonArray([.. values.Select(v => (JsonNode)v)]),
        ["channels"] = Frame?.Channels.Count ?? 0,
    }.ToJsonString();

    internal static FixedForecaster Read(ModelFile file)
    {
        var options = JsonNode.Parse(file.Options)!;
        var forecaster = new FixedForecaster([.. options["values"]!.AsArray().Select(v => v!.GetValue<float>())]);
        forecaster.Restore(new ForecastFrame([.. Enumerable.Repeat("value", options["channels"]!.GetValue<int>())], null, 0, 0));
        return forecaster;
    }

    protected override void FitTo(Series training, CancellationToken cancellation) => Seen = training.Length;

    protected override float[] Predict(int horizon) => Values(horizon, values[values.Length / 2]);

    protected override IReadOnlyList<float[]> PredictQuantiles(int horizon) => [.. values.Select(v => Values(horizon, v))];

    protected override void Observe(Series later) => Seen += later.Length;

    private float[] Values(int horizon, float value) =>
        [.. Enumerable.Repeat(value, horizon * Frame!.Channels.Count)];
}
