using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>Predicts the labels of series with a trained model.</summary>
internal sealed class PredictCommand() : ModelCommand<SeriesClassifier>(ModelText.FileKinds, ModelText.Load)
{
    private const int Chunk = 256;
    private const string StandardInput = "standard input";

    private readonly SignalFormat format = new();
    private readonly Option<string?> input = OptionKinds.Path("--input",
        "A file with series. [default: a series on each line of standard input]", "FILE");
    private readonly FollowOptions follow = new("Read a series from each line of standard input, and answer each as it comes.");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        base.AddTo(command);
        command.StartGroup("Series");
        command.Options.Add(input);
        follow.AddTo(command);
        format.AddTo(command, needsLabels: false);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result)
    {
        if (result.GetValue(input) is not null)
        {
            result.Refuse(o => $"{o} reads standard input, so it does not go with --input; leave one of them out.", "--follow", "--skip-bad-lines");
            return;
        }

        result.Refuse(o => $"{o} is for a file with --input; standard input has a series on each line. Leave {o} out.",
            "--format", "--id", "--time", "--label", "--channels");
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<SeriesClassifier> trained, Context context)
    {
        var (terminal, model) = (context.Terminal, trained.Model);
        if (result.GetValue(input) is { } path)
        {
            // All lines are read before the first answer, so that a mistake in one of them leaves nothing half written.
            Write(terminal, model, [.. format.Read(result, path, model.Options.Channels)], context.Cancellation);
            return;
        }

        var isFollowing = follow.IsGiven(result);
        var lines = Lines(result, terminal, model);
        if (!isFollowing)
        {
            Write(terminal, model, [.. lines], context.Cancellation);
            return;
        }

        foreach (var series in lines)
        {
            Write(terminal, model, [series], context.Cancellation);
            terminal.Messages.Flush();
        }
    }

    private IEnumerable<LabelledSeries> Lines(ParseResult result, Terminal terminal, SeriesClassifier model)
    {
        var (options, skipped) = (format.Lines(result, model.Options.Channels), follow.Skipped(result, terminal));
        for (var number = 1; terminal.Input.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line) && Read(line, number) is { } series)
                yield return series;
        }

        LabelledSeries? Read(string line, int number)
        {
            try
            {
                return LabelledSeriesFile.ParseLine(line, StandardInput, number, options);
            }
            catch (DataSourceException wrong) when (skipped is not null)
            {
                skipped(wrong);
                return null;
            }
        }
    }

    private static void Write(Terminal terminal, SeriesClassifier model, IReadOnlyList<LabelledSeries> series,
        CancellationToken cancellation)
    {
        var labels = model.Options.Labels;
        if (series.FirstOrDefault(s => s.Label is not null && !labels.Contains(s.Label)) is { } foreign)
        {
            throw new DataSourceException($"{foreign.Place}: the label '{foreign.Label}' is none of the model's:"
                + $" {string.Join(", ", labels)}. Add --unlabelled if series have no label.");
        }

        foreach (var chunk in series.Chunk(Chunk))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (one, prediction) in chunk.Zip(model.Predict([.. chunk.Select(s => s.Series)])))
                Write(terminal, labels, one, prediction);
        }
    }

    /// <summary>Writes the most probable label of a series, and behind it all labels by their probability.</summary>
    private static void Write(Terminal terminal, IReadOnlyList<string> labels, LabelledSeries series, SeriesPrediction prediction)
    {
        var all = labels.Zip(prediction.Probabilities).OrderByDescending(l => l.Second)
            .Select(l => $"{l.First} {Show.Percent(l.Second)}");
        var mark = series.Label is null || series.Label == prediction.Label ? "" : $"  (the file says {series.Label})";
        terminal.Line(Show.Fitting(terminal.Width, [$"{SignalData.NameOf(series)}: {prediction.Label}{mark} ", .. all]));
        terminal.Result(("event", "prediction"), ("series", SignalData.NameOf(series)), ("label", prediction.Label),
            ("probability", (double)prediction.Probability), ("true_label", series.Label),
            ("probabilities", labels.Zip(prediction.Probabilities).Select(l => (l.First, (object?)(double)l.Second))));
    }
}
