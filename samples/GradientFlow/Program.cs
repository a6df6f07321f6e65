using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using SeqCore.Kernels;
using SeqCore.Samples.Common;
using SeqCore.Samples.GradientFlow;
using SeqCore.Tensors;

var steps = Number("--sequence", "T, steps of each sequence.", 100, 2, 10_000);
var hidden = Number("--hidden", "H, units and features.", 64, 1, 4096);
var batch = Number("--batch", "B, sequences that are averaged over.", 32, 1, 4096);
var seed = Number("--seed", "Of all random numbers.", 1, 0, int.MaxValue);
var threads = Number("--threads", "Threads; 0 takes one per core.", 0, 0, 1024);
var json = new Option<bool>("--json") { Description = "JSON lines instead of a table." };
var svg = new Option<FileInfo?>("--svg") { Description = "Also draws the lines into this file." };
var root = new RootCommand("Measures how gradients shrink or grow on their way back through time in RNN, GRU and LSTM layers.")
{
    steps, hidden, batch, seed, threads, json, svg,
};
root.SetAction(Run);
var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction mistake)
    mistake.ShowHelp = false;
var code = parsed.Invoke();
return parsed.Errors.Count > 0 ? 2 : code;

int Run(ParseResult options)
{
    if (options.GetValue(threads) is > 0 and var count)
        Backend.Default = new CpuBackend(count);
    var length = options.GetValue(steps);
    int[] distances = [.. new[] { 0, 1, 2, 5, 10, 20, 50, 99 }.Where(d => d < length)];
    var lines = new List<(string, double[])>();
    if (!options.GetValue(json))
    {
        Console.WriteLine("Gradient that reaches an input, by its distance in steps from the last one (1 at distance 0)");
        Console.WriteLine($"{"layer",-30}{string.Concat(distances.Select(d => $"{d,9}"))}");
    }

    var random = new RandomGenerator((ulong)options.GetValue(seed));
    foreach (var (name, layer) in Layers.All(options.GetValue(hidden), random))
    {
        var flow = Flow.Measure(layer, options.GetValue(batch), length, random);
        lines.Add((name, flow));
        Console.WriteLine(options.GetValue(json)
            ? $"{{\"layer\":{Quoted(name)},\"flow\":[{string.Join(',', flow.Select(v => v.ToString("g5", CultureInfo.InvariantCulture)))}]}}"
            : $"{name,-30}{string.Concat(distances.Select(d => flow[d].ToString("0.0e0", CultureInfo.InvariantCulture).PadLeft(9)))}");
    }

    if (options.GetValue(svg) is { } file)
    {
        var chart = new LineChart(new ChartAxis("distance in steps"), new ChartAxis("gradient") { LogBase = 10, Least = 1e-24, Most = 1e12 })
        {
            Title = "Gradient reaching an input, relative to the last step",
        };
        foreach (var (name, flow) in lines)
            chart.Series.Add(new ChartSeries(name, flow));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, chart.ToSvg());
    }

    return 0;
}

static string Quoted(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";

static Option<int> Number(string name, string description, int otherwise, int least, int most) => new(name)
{
    Description = $"{description} (default {otherwise})",
    DefaultValueFactory = _ => otherwise,
    CustomParser = result =>
    {
        var text = result.Tokens[0].Value;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < least || value > most)
            result.AddError($"{name} should be a whole number from {least} to {most}; got '{text}'.");
        return value;
    },
};
