using System.CommandLine;
using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.GradientFlow;

/// <summary>
/// Measures how gradients shrink or grow on the way back through time; Flow.cs has the layers, and the tape, forward pass and
/// backward pass that measure them.
/// </summary>
internal sealed class Program : MachineCommand
{
    /// <summary>The columns of the longest name of a layer.</summary>
    private const int NameWidth = 25;

    private readonly Option<int> steps = OptionKinds.Whole("--sequence", "Number of steps of each sequence (T).", 100, 2, 10_000);
    private readonly Option<int> hidden = OptionKinds.Whole("--hidden", "Number of units and of features (H).", 64, 1, 4096);
    private readonly Option<int> batch = OptionKinds.Whole("--batch", "Number of sequences to average over (B).", 32, 1, 4096);
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed", "Random seed.", 1);
    private readonly Option<string?> svg = OptionKinds.Svg("lines");

    public static int Main(string[] args) => CommandLine.RunOnConsole(args, context =>
    {
        var root = new RootCommand("Measures how gradients shrink or grow on the way back through time in RNN,"
            + " GRU and LSTM layers.");
        new Program().MakeDefault(root, context);
        return root.WithExample("Twice the distance, drawn into a file", "--sequence 200 --svg flow.svg");
    });

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        foreach (var option in new Option[] { steps, hidden, batch, seed, svg })
            command.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (length, terminal, random) = (result.GetValue(steps), context.Terminal, new RandomGenerator(result.GetValue(seed)));
        var chart = new LineChart(new ChartAxis("distance in steps"),
            new ChartAxis("gradient") { LogBase = 10, Least = 1e-24, Most = 1e12 })
        {
            Title = "Gradient reaching an input, relative to the last step",
        };
        int[] distances = [.. new[] { 1, 5, 10, 20, 50, 99 }.Where(d => d < length).TakeLast((terminal.Width - NameWidth) / 8)];
        terminal.Line("Gradient at an input by its distance in steps (1 at 0)");
        terminal.Line("layer".PadRight(NameWidth) + string.Concat(distances.Select(d => $"{d,8}")));
        foreach (var (name, colour, layer) in Flow.Layers(result.GetValue(hidden), random))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var flow = Flow.Measure(layer, result.GetValue(batch), length, random);
            terminal.Line(name.PadRight(NameWidth) + string.Concat(distances.Select(d =>
                flow[d].ToString("0.0e0", CultureInfo.InvariantCulture).PadLeft(8))));
            terminal.Result(("event", "layer"), ("layer", name), ("flow", flow.Select(Rounded)));
            chart.Series.Add(new ChartSeries(name, flow) { Colour = colour });
        }

        OptionKinds.WriteSvg(result.GetValue(svg), chart.ToSvg);
    }

    private static double Rounded(double value) =>
        double.Parse(value.ToString("g5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
