using System.CommandLine;
using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.GradientFlow;

/// <summary>The only command: measures all layers, and prints or draws what it finds.</summary>
internal sealed class FlowCommand(Context context)
{
    private readonly Option<int> steps = OptionKinds.Whole("--sequence", "T, steps of each sequence.", 100, 2, 10_000);
    private readonly Option<int> hidden = OptionKinds.Whole("--hidden", "H, units and features.", 64, 1, 4096);
    private readonly Option<int> batch = OptionKinds.Whole("--batch", "B, sequences that are averaged over.", 32, 1, 4096);
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed", "Of all random numbers.", 1);
    private readonly Option<string?> svg = OptionKinds.Path("--svg", "Also draws the lines into this file.", "FILE");
    private readonly MachineOptions machine = new();

    /// <summary>The program's command.</summary>
    internal RootCommand Create()
    {
        var root = new RootCommand("Measures how gradients shrink or grow on their way back through time in RNN,"
            + " GRU and LSTM layers.")
        {
            steps, hidden, batch, seed, svg,
        };
        machine.AddTo(root);
        root.SetAction(Run);
        return root;
    }

    private int Run(ParseResult options)
    {
        using var opened = machine.Open(options);
        var (json, length, output) = (machine.Json(options), options.GetValue(steps), context.Terminal.Output);
        int[] distances = [.. new[] { 0, 1, 2, 5, 10, 20, 50, 99 }.Where(d => d < length)];
        var lines = new List<(string, double[])>();
        if (!json)
        {
            output.WriteLine("Gradient that reaches an input, by its distance in steps from the last one (1 at distance 0)");
            output.WriteLine($"{"layer",-30}{string.Concat(distances.Select(d => $"{d,9}"))}");
        }

        var random = new RandomGenerator(options.GetValue(seed));
        foreach (var (name, layer) in Layers.All(options.GetValue(hidden), random))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var flow = Flow.Measure(layer, options.GetValue(batch), length, random);
            lines.Add((name, flow));
            output.WriteLine(json
                ? $"{{\"layer\":{Quoted(name)},\"flow\":["
                    + string.Join(',', flow.Select(v => v.ToString("g5", CultureInfo.InvariantCulture))) + "]}"
                : $"{name,-30}" + string.Concat(distances.Select(d =>
                    flow[d].ToString("0.0e0", CultureInfo.InvariantCulture).PadLeft(9))));
        }

        if (options.GetValue(svg) is { } file)
            Draw(lines, file);
        return ExitCode.Done;
    }

    private static void Draw(List<(string Name, double[] Flow)> lines, string file)
    {
        var chart = new LineChart(new ChartAxis("distance in steps"),
            new ChartAxis("gradient") { LogBase = 10, Least = 1e-24, Most = 1e12 })
        {
            Title = "Gradient reaching an input, relative to the last step",
        };
        foreach (var (name, flow) in lines)
            chart.Series.Add(new ChartSeries(name, flow));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        AtomicFile.WriteText(file, chart.ToSvg());
    }

    private static string Quoted(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";
}
