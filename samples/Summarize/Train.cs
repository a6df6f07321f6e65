using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>Trains a model on texts with summaries.</summary>
internal sealed class TrainCommand : MachineCommand
{
    private const int Shown = 3;

    private readonly SummaryOptions data = new();
    private readonly TrainOptions defaults = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        defaults.AddTo(command);
        Summarizer.AddTo(command, "1; 1.5 for mts-dialog");
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var terminal = context.Terminal;
        var options = (data.Set(result)?.Defaults ?? defaults).Read(result);
        var random = new RandomGenerator(options.Seed);
        using var start = (RecurrentEncoderDecoder?)Runs.Start(options.From, ModelText.FileKinds,
            file => ModelText.Load(file, random), data, result, terminal);
        var name = data.Name(result);
        var folder = Runs.Choose(options, $"summaries-{name}", ModelText.FileKinds);
        var corpus = data.Load(result, null, terminal, context.Cancellation);
        using var training = new SummaryTraining(options, corpus, start, random, folder, context.Cancellation);
        var trained = training.Run(name, data.Configuration(result), machine, terminal, context.Cancellation);
        if (trained is not var (report, configuration))
            return;

        // Evaluation: summaries of texts that the model has not seen, beside baselines that copy sentences of the text.
        string[] written = Summarizer.From(result, training.Model, options.Limits, options.LengthPenalty)
            .Summarize([.. corpus.Validation.Select(e => e.Source)], context.Cancellation);
        Scores[] scores =
        [
            Scores.Of("model", written, corpus.Validation),
            .. Scores.OfBaselines(corpus.Validation, EvaluateCommand.UsualSentences),
        ];
        report.Print(terminal);
        var card = new ModelCard
        {
            Program = "Summarize",
            Model = ModelText.Describe(training.Model.Options),
            Parameters = training.Model.ParameterCount,
            Data = corpus.Card(name),
            Seed = options.Seed,
            Options = configuration,
            ModelOptions = ModelCard.OptionsIn(folder),
            Figures = [(SummaryCorpus.ValidationName, [.. scores.Select(s => (s.Name, (object?)s.Values))])],
        }.Save(folder);
        terminal.Pair("model card", card);
        Scores.Print($"{corpus.Validation.Count} texts for validation, scores in percent", scores, terminal);
        terminal.Line();
        foreach (var (example, summary) in corpus.Validation.Zip(written).Take(Shown))
        {
            terminal.Pair("note", WeightedText.Plain(example.Summary));
            terminal.Pair("model", WeightedText.Plain(summary));
        }

        terminal.Result([("event", "result"), .. report.Values("texts"), ("card", card)]);
    }
}
