using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>Trains a model on labelled series and scores it.</summary>
internal class TrainCommand(bool isDemonstration) : MachineCommand
{
    private readonly SignalOptions data = new();
    private readonly TrainOptions defaults = new();
    private readonly Option<string?> positive = PositiveLabel.Option();
    private readonly Option<string?> page = SignalPage.Option("signals.html in the run's folder");
    private readonly Option<bool> skipTest = new("--skip-test")
    {
        Description = "Do not score the series for tests, as long as options are still being chosen.",
    };

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        defaults.AddTo(command);
        command.StartGroup("Results");
        foreach (var option in (Option[])[positive, page, skipTest])
            command.Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (terminal, options) = (context.Terminal, defaults.Read(result).RequireKernelFits());
        OutputFiles.Require(result);
        var random = new RandomGenerator(options.Seed);
        using var start = Runs.Start(options.From, ModelText.FileKinds, file => SeriesClassifier.Load(file, random), data,
            result, terminal);
        var name = data.Name(result);
        var folder = Runs.Choose(options, isDemonstration ? "signals-demo" : $"signals-{options.Kind}-{name}",
            ModelText.FileKinds);

        // Data: series with a label; no series is in two of the parts for training, validation and tests.
        var split = data.SplitSeed(result);
        var signals = data.Load(result, start, split, terminal);
        options = options.For(signals.Training.Count);
        var chosen = PositiveLabel.Of(result, signals.Labels);

        // Model: layers over time give each step a vector, pooling makes one of all, a linear layer scores the labels.
        using var made = start is null ? options.NewModel(signals.Training, signals.Labels, random) : null;
        var model = start ?? made!;

        // A folder that cannot be written is an error now, and not after the methods that a demonstration tries first.
        new RunFolder(folder).Dispose();
        if (Introduce(signals, options, context) is false)
            return;
        var trained = SignalTraining.Run(model, options, signals,
            [(SplitDataOptions.SplitSeedName, signals.IsSplit ? split : null),
                (SplitDataOptions.FileHashName, signals.FileHash)], folder, machine, context);
        if (trained is not var (report, configuration))
            return;

        // Scores: on series that the weights were chosen by, and on series that nothing was chosen by.
        terminal.Line();
        string[] parts = signals.Test.Count > 0 && !result.GetValue(skipTest) ? ["validation", "test"] : ["validation"];
        var scores = parts.Select(p => (Part: p, Scores: new SignalScores(model, signals.Part(p), chosen))).ToArray();
        foreach (var (part, own) in scores)
            terminal.Paragraph(own.Describe(part));
        report.Print(terminal);
        var card = new ModelCard
        {
            Program = "ClassifySignals",
            Model = ModelText.Describe(model),
            Parameters = model.ParameterCount,
            Data = signals.Card,
            Seed = options.Seed,
            Options = configuration,
            ModelOptions = ModelCard.OptionsIn(folder),
            Figures = [.. scores.Select(s => (s.Part, (IReadOnlyList<(string, object?)>)[.. s.Scores.Values]))],
        }.Save(folder);
        terminal.Pair("model card", card);
        var (lastPart, last) = scores[^1];
        var path = result.GetValue(page) ?? Path.Combine(folder, "signals.html");
        var html = new HtmlPage($"Signals: {ModelText.Title(model.Options)} on {name}");
        html.Paragraph($"{ModelText.Describe(model)}: {last.Describe(lastPart)}.");
        SignalPage.Add(html, signals.Training, last);
        html.Save(path);
        terminal.Pair("page", path);
        last.OfLabels.Print(terminal);
        Compare(last, model, terminal);
        terminal.Result([("event", "result"), .. report.Values("series"),
            .. scores.Select(s => (s.Part, (object?)s.Scores.Values)), ("card", card)]);
        if (isDemonstration)
            context.TellMore("-- compare for all methods with several folds, -- train for other series");
    }

    /// <summary>Compares the trained model with those of <see cref="Introduce"/>.</summary>
    protected virtual void Compare(SignalScores scores, SeriesClassifier model, Terminal terminal)
    {
    }

    /// <summary>Shows something before training.</summary>
    /// <returns>False if the command was stopped meanwhile.</returns>
    protected virtual bool Introduce(SignalData signals, TrainOptions options, Context context) => true;
}
