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
    private readonly Option<string?> data = OptionKinds.Path("--data",
        "A file with series. [default: a series on each line of standard input]", "FILE");
    private readonly FollowOptions follow = new("Read a series from each line of standard input, and answer each as it comes.");
    private readonly Option<string?> output = OptionKinds.Path("--output",
        "CSV file for the predictions. [default: standard output]", "FILE");
    private readonly Option<string?> page = OptionKinds.Path("--page",
        "HTML page with the predictions and curves of the series. [default: none]", "FILE");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        base.AddTo(command);
        command.StartGroup("Series");
        command.Options.Add(data);
        follow.AddTo(command);
        format.AddTo(command, needsLabels: false);
        command.StartGroup("Results");
        command.Options.Add(output);
        command.Options.Add(page);

        // The name of the option in earlier versions.
        data.Aliases.Add("--input");
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result)
    {
        if (follow.IsGiven(result))
            result.Refuse(o => $"{o} and --follow were both given; leave one out.", "--data", "--output", "--page");
        OutputFiles.Require(result);
        if (result.GetValue(data) is null)
        {
            result.Refuse(o => $"{o} is for a file with --data; standard input has a series on each line. Leave {o} out.",
                "--format", "--id", "--time", "--label", "--channels");
        }
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<SeriesClassifier> trained, Context context)
    {
        var (terminal, model) = (context.Terminal, trained.Model);
        OutputFiles.Require(result, trained.Source);
        var lines = new PredictionLines(model.Options.Labels, hasTrueLabels: !format.IsUnlabelled(result));
        if (follow.IsGiven(result))
        {
            Follow(result, lines, model, context);
            return;
        }

        // All series are read and predicted before the first line is written, so that a mistake leaves nothing half done.
        LabelledSeries[] series = [.. result.GetValue(data) is { } path
            ? format.Read(result, path, model.Options.Channels)
            : Lines(result, terminal, model)];
        var predictions = Predict(model, series, context.Cancellation);
        string[] text = [lines.Head, .. series.Zip(predictions, lines.Of)];
        if (result.GetValue(output) is { } file)
        {
            AtomicFile.WriteText(file, string.Concat(text.Select(l => l + '\n')));
            terminal.Pair("predictions", file);
        }
        else if (!terminal.Json)
        {
            terminal.Output.Write(string.Concat(text.Select(l => l + '\n')));
        }

        foreach (var (one, prediction) in series.Zip(predictions))
            terminal.Result(lines.Values(one, prediction));
        if (result.GetValue(page) is not { } html)
            return;
        PredictionPage.Of($"Predictions of {ModelText.Title(model.Options)}", ModelText.Describe(model), model.Options.Labels,
            series, predictions).Save(html);
        terminal.Error.WriteLine($"Page: {html}");
    }

    /// <summary>Answers each line of standard input as it comes.</summary>
    private void Follow(ParseResult result, PredictionLines lines, SeriesClassifier model, Context context)
    {
        var terminal = context.Terminal;
        Answer(lines.Head);
        foreach (var series in Lines(result, terminal, model))
        {
            var prediction = Predict(model, [series], context.Cancellation)[0];
            Answer(lines.Of(series, prediction));
            terminal.Result(lines.Values(series, prediction));
        }

        void Answer(string line)
        {
            if (terminal.Json)
                return;
            terminal.Output.WriteLine(line);
            terminal.Output.Flush();
        }
    }

    /// <summary>The series on the lines of standard input.</summary>
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
                var series = LabelledSeriesFile.ParseLine(line, StandardInput, number, options);
                SignalReader.RequireUsable(series);
                RequireKnown(model, series);
                return series;
            }
            catch (DataSourceException wrong) when (skipped is not null)
            {
                skipped(wrong);
                return null;
            }
        }
    }

    private static IReadOnlyList<SeriesPrediction> Predict(SeriesClassifier model, IReadOnlyList<LabelledSeries> series,
        CancellationToken cancellation)
    {
        var predictions = new List<SeriesPrediction>(series.Count);
        foreach (var one in series)
            RequireKnown(model, one);
        foreach (var chunk in series.Chunk(Chunk))
        {
            cancellation.ThrowIfCancellationRequested();
            predictions.AddRange(model.Predict([.. chunk.Select(s => s.Series)]));
        }

        return predictions;
    }

    private static void RequireKnown(SeriesClassifier model, LabelledSeries series)
    {
        if (series.Label is not null && !model.Options.Labels.Contains(series.Label))
        {
            throw new DataSourceException($"{series.Place}: the label '{series.Label}' is none of the model's:"
                + $" {SignalReader.Listed(model.Options.Labels)}. Add --unlabelled if series have no label.");
        }
    }
}
