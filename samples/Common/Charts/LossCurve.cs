using System.Text.Json;

namespace SeqCore.Samples.Common;

/// <summary>The losses of a run, as its metrics file has them.</summary>
/// <param name="Training">Step and loss, averaged over neighbours so that there are at most some hundreds.</param>
/// <param name="Validation">Step and loss.</param>
public sealed record LossCurve(IReadOnlyList<(double Step, double Loss)> Training,
    IReadOnlyList<(double Step, double Loss)> Validation)
{
    private const int MostPoints = 300;

    /// <summary>
    /// Reads JSON lines with <c>step</c> and <c>loss</c> or <c>validation_loss</c>; lines with neither are left out.
    /// </summary>
    /// <exception cref="UserException">
    /// A line is no JSON, as where two runs write to one folder; the message has its number.
    /// </exception>
    public static LossCurve Read(string path)
    {
        using var lines = new StreamReader(InputFile.Open(path));
        return Read(lines, path);
    }

    /// <summary>The same from lines that are open.</summary>
    /// <param name="lines">JSON lines.</param>
    /// <param name="path">What errors call them.</param>
    /// <exception cref="UserException">A line is no JSON; the message has its number.</exception>
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
                throw new UserException($"Line {number} of '{path}' is no record of metrics: {foreign.Message}");
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
    /// <summary>The picture as an SVG document.</summary>
    /// <param name="curve">What to draw; a curve without points gives empty axes.</param>
    /// <param name="title">Stands above it.</param>
    /// <param name="colour">Of the kind of model.</param>
    /// <param name="unit">What each loss is for.</param>
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

    private static ChartSeries Line(string name, IReadOnlyList<(double Step, double Loss)> points, ModelColour colour) =>
        new(name, [.. points.Select(p => new ChartPoint(p.Step, p.Loss))]) { Colour = colour };
}
