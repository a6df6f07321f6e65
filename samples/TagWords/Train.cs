using System.CommandLine;
using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>Trains a model on tagged sentences and scores it.</summary>
internal class TrainCommand(bool isDemonstration) : MachineCommand
{
    private const int Shown = 4;

    private readonly TagOptions data = new();
    private readonly TrainOptions defaults = new();
    private readonly Option<string?> confusion = PredictionOutput.Confusion("confusion.html in the run's folder");
    private readonly Option<bool> skipTest = new("--skip-test")
    {
        Description = "Do not score the sentences for tests, as long as options are still being chosen.",
    };

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        defaults.AddTo(command);
        command.StartGroup("Results");
        command.Options.Add(confusion);
        command.Options.Add(skipTest);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (terminal, seed) = (context.Terminal, defaults.Read(result).Seed);
        OptionKinds.RequireWritable(result.GetValue(confusion), "--confusion");
        var random = new RandomGenerator(seed);
        using var start = Runs.Start(defaults.Read(result).From, ModelText.FileKinds, file => TextTagger.Load(file, random), data,
            result, terminal);
        var options = (data.Set(result)?.Defaults ?? defaults).Read(result);
        var name = data.Name(result);
        var folder = Runs.Choose(options, isDemonstration ? "tag-demo" : $"tag-{options.Kind}-{name}", ModelText.FileKinds);

        // Data: sentences with a tag for each word; no sentence is in two of the parts for training, validation and tests.
        var split = data.SplitSeed(result);
        var sentences = data.Load(result, start?.Options.Tags, split, null, terminal, context.Cancellation);
        sentences = Refitted(sentences, options, result.GetValue(skipTest));
        using var encoder = ModelText.Open(options.EncoderFrom, terminal);
        options = options.With(encoder, result).For(sentences.Training.Count);

        // Model: an encoder gives each word a vector in its context, a linear layer scores its tags, a field scores their order.
        using var made = start is null ? options.NewModel(sentences, random, encoder) : null;
        var model = start ?? made!;
        if (Introduce(sentences, options, context) is false)
            return;
        var trained = Training.Run(model, options, sentences,
            [(TagOptions.SplitSeedName, sentences.Corpus.IsSplit ? split : null), (TagOptions.FileHashName, sentences.FileHash),
                ("scheme", sentences.Scheme)], folder, machine, context);
        if (trained is not var (report, configuration))
            return;

        // Scores: on sentences that the weights were chosen by, and on sentences that nothing was chosen by.
        terminal.Line();
        string[] parts = options.Refits ? ["test"]
            : sentences.Test.Count > 0 && !result.GetValue(skipTest) ? ["validation", "test"] : ["validation"];
        var scores = parts.Select(p => (Part: p, Scores: new TagScores(model, sentences.Part(p), context.Cancellation)))
            .ToArray();
        foreach (var (part, own) in scores)
            terminal.Paragraph(own.Describe(part));
        report.Print(terminal);
        var card = new ModelCard
        {
            Program = "TagWords",
            Model = ModelText.Describe(model),
            Parameters = model.ParameterCount,
            Data = sentences.Card,
            Seed = options.Seed,
            Options = AllOptions(configuration, folder),
            Figures = [.. scores.Select(s => (s.Part, (IReadOnlyList<(string, object?)>)[.. s.Scores.Values]))],
        }.Save(folder);
        terminal.Pair("model card", card);
        var (lastPart, last) = scores[^1];
        var page = result.GetValue(confusion) ?? Path.Combine(folder, "confusion.html");
        last.WriteConfusion(page, model, lastPart);
        terminal.Pair("confusion", page);
        last.Print(terminal);
        terminal.Line();
        foreach (var (sentence, tags) in last.Sentences.Zip(last.Predictions).Take(Shown))
        {
            terminal.Paragraph($"  {PredictionOutput.Inline(sentence.Tokens, tags)}");
            if (!tags.SequenceEqual(sentence.Tags))
                terminal.Paragraph($"    correct: {PredictionOutput.Inline(sentence.Tokens, sentence.Tags)}");
        }

        Compare(last, model, terminal);
        terminal.Result([("event", "result"), .. report.Values("sentences"),
            .. scores.Select(s => (s.Part, (object?)s.Scores.Values)), ("card", card)]);
        if (isDemonstration)
        {
            context.TellMore($"-- predict \"{Logbook.Example}\" for a sentence of your own, -- ablation for the table with"
                + " several seeds, -- train for other sentences");
        }
    }

    /// <summary>The sentences of a run, those for validation among those to train on if nothing is chosen by them.</summary>
    private static TagData Refitted(TagData sentences, TrainOptions options, bool skipsTest)
    {
        if (!options.Refits)
            return sentences;
        if (skipsTest || sentences.Test.Count == 0)
        {
            throw new UserException("--refit trains on the sentences for validation, so it needs sentences for tests: name a file"
                + " with --test, and leave --skip-test out.", isUsage: true);
        }

        return sentences.Refitted();
    }

    /// <summary>The options of the run and those of the model, as its file has them.</summary>
    private static SortedDictionary<string, string> AllOptions(IReadOnlyDictionary<string, string> ofRun, string folder)
    {
        using var file = ModelFile.Open(folder);
        using var ofModel = JsonDocument.Parse(file.Options);
        var all = new SortedDictionary<string, string>(ofRun.ToDictionary(), StringComparer.Ordinal);
        foreach (var option in ofModel.RootElement.EnumerateObject())
            all.TryAdd(option.Name, option.Value.ToString());
        return all;
    }

    /// <summary>Compares the trained model with those of <see cref="Introduce"/>.</summary>
    protected virtual void Compare(TagScores scores, TextTagger model, Terminal terminal)
    {
    }

    /// <summary>Shows something before training.</summary>
    /// <returns>False if the command was stopped meanwhile.</returns>
    protected virtual bool Introduce(TagData sentences, TrainOptions options, Context context) => true;
}
