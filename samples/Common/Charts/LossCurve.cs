using System.Text.Json;

namespace SeqCore.Samples.Common;

/// <summary>The losses of a run, from its metrics file.</summary>
/// <param name="Training">Step and loss, averaged over neighbours so that there are at most a few hundred points.</param>
/// <param name="Validation">Step and loss of each evaluation.</param>
public sealed record LossCurve(IReadOnlyList<(double Step, double Loss)> Training,
    IReadOnlyList<(double Step, double Loss)> Validation)
{
    private const int MostPoints = 300;

    /// <summary>
    /// Reads JSON lines with <c>step</c> and <c>loss</c> or <c>validation_loss</c>; lines with neither are left out.
    /// </summary>
    /// <exception cref="UserException">
    /// A line is not JSON, as when two runs write to one folder; the message gives its number.
    /// </exception>
    public static LossCurve Read(string path)
    {
        using var lines = new StreamReader(InputFile.Open(path));
        return Read(lines, path);
    }

    /// <summary>Reads the curve from open lines.</summary>
    /// <param name="lines">The JSON lines.</param>
    /// <param name="path">The name of the lines in errors.</param>
    /// <exception cref="UserException">A line is not JSON; the message gives its number.</exception>
    public static LossCurve Read(TextReader lines, string path)
    {
        var training = new List<(double, double)>();
        var validation = new List<(double, double)>();
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                var step = json.RootElement.GetProperty("step").GetDouble();
                if (json.RootElement.TryGetProperty("validation_loss", out var value))
                    Add(validation, step, value);
                else if (json.RootElement.TryGetProperty("loss", out value))
                    Add(training, step, value);
            }
            catch (Exception foreign) when (foreign is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new UserException($"Line {number} of '{path}' is not a record of metrics: {foreign.Message}");
            }
        }

        return new LossCurve(Thin(training), validation);
    }

    private static void Add(List<(double, double)> points, double step, JsonElement loss)
    {
        if (loss.ValueKind == JsonValueKind.Number)
            points.Add((step, loss.GetDouble()));
    }

    private static List<(double Step, double Loss)> Thin(List<(double Step, double Loss)> points)
    {
        var group = (points.Count + MostPoints - 1) / MostPoints;
        return group <= 1 ? points : [.. points.Chunk(group).Select(c => (c.Average(p => p.Step), c.Average(p => p.Loss)))];
    }
}

/// <summary>Draws a run's loss curve as SVG.</summary>
public static class LossChart
{
    /// <summary>The chart as an SVG document.</summary>
    /// <param name="curve">The curve to draw; a curve without points gives empty axes.</param>
    /// <param name="title">The title above the chart.</param>
    /// <param name="colour">The colour of the kind of model.</param>
    /// <param name="unit">The unit that a loss is for, such as "character".</param>
    public static string Draw(LossCurve curve, string title, ModelColour colour, string unit = "character") => new LineChart(
        new ChartAxis("iteration") { Least = 0 },
        new ChartAxis($"loss (nats per {unit})"))
    {
        Title = title,
        Series =
        {
            Line("training", curve.Training, colour) with { HasSymbols = false },
            Line("validation", curve.Validation, colour),
        },
    }.ToSvg();

    /// <summary>A chart of the evaluations of a run that are scores and not losses, as an SVG document.</summary>
    /// <param name="scores">Step and score of each evaluation.</param>
    /// <param name="title">The title above the chart.</param>
    /// <param name="colour">The colour of the kind of model.</param>
    /// <param name="name">The name of the score, such as "validation accuracy".</param>
    public static string DrawScore(IReadOnlyList<(double Step, double Score)> scores, string title, ModelColour colour,
        string name) =>
        new LineChart(new ChartAxis("iteration") { Least = 0 }, new ChartAxis(name))
        {
            Title = title,
            Series = { Line(name, scores, colour) },
        }.ToSvg();

    private static ChartSeries Line(string name, IReadOnlyList<(double Step, double Loss)> points, ModelColour colour) =>
        new(name, [.. points.Select(p => new ChartPoint(p.Step, p.Loss))]) { Colour = colour };
}
