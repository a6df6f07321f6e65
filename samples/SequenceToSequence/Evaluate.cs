using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Measures how well a trained model translates pairs that it was not trained on.</summary>
internal sealed class EvaluateCommand() : ModelCommand<EncoderDecoderModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Option<int> most = NewMost();
    private readonly Option<string> split = NewSplit();
    private readonly PairOptions data = new(ofModel: true);

    /// <summary>The option that limits the number of sources.</summary>
    public static Option<int> NewMost() =>
        OptionKinds.Whole("--most", "Largest number of sources to use.", 100_000, 1, 1_000_000);

    /// <summary>The option that chooses the pairs.</summary>
    public static Option<string> NewSplit() => OptionKinds.Choice("--split",
        "The pairs to translate: those for validation, or those of the final test. [default: validation; all pairs of a file"
            + " that the model was not trained on]", "validation", "validation", "test");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        base.AddTo(command);
        data.AddTo(command);
        Translator.AddTo(command);
        command.Options.Add(split);
        command.Options.Add(most);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result) => data.Name(result);

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<EncoderDecoderModel> trained, Context context)
    {
        var (terminal, longest) = (context.Terminal, Translator.LongestOf(trained));
        data.TakeFrom(result, trained.Source, trained.Configuration, terminal);
        var (name, vocabularies) = (data.Name(result), ModelText.VocabulariesOf(trained.Model));
        var (part, chosen) = data.LoadScored(result, trained.Configuration, terminal, context.Cancellation);
        if (!data.IsGiven(result))
            RequireSame(data.Load(result, terminal, context.Cancellation), trained, longest);
        vocabularies.RequireSome(chosen, longest, part == "test" ? result.GetValue<string?>("--test") ?? name : name);
        var pairs = new SequencePairs(vocabularies.Encode(chosen, longest));
        using var task = new SequencePairTask(trained.Model, new SequencePairBatches(pairs, 1, 0), pairs);
        var loss = task.Evaluate(context.Cancellation);
        var readable = vocabularies.Readable(chosen, longest);
        var examination = Translator.From(result, trained.Model)
            .Examine(readable, result.GetValue(most), context.Cancellation);
        var score = examination.Exact(vocabularies);
        var texts = vocabularies.HaveWords ? examination.Texts() : null;
        terminal.Heading((texts is null ? "" : Invariant($"BLEU {texts.Bleu:0.00}, "))
            + $"{Show.Share(score.Right, score.Count)} of {score.Count} translations are right");
        terminal.Pair(part == "new" ? "loss" : $"{part} loss", $"{Show.Loss(loss)} nats per {vocabularies.Unit}");
        terminal.Pair("checkpoint", trained.Description);
        terminal.Pair("data", $"{name}, {Show.Count(chosen.Count)} {part} pairs"
            + (readable.Count < chosen.Count ? $", {Show.Count(chosen.Count - readable.Count)} too long for the model" : ""));
        if (texts is not null)
            ScoreText.Print(terminal, texts, examination.ByLength());
        terminal.Result([("event", "evaluation"), ("iteration", trained.Step), ("data", name), ("split", part),
            ("pairs", chosen.Count), ($"{part}_loss", loss), ("exact", score.Share), ("judged", score.Count),
            .. ScoreText.Values(texts)]);
    }

    /// <summary>Makes sure that data with the name that the model's run records are those that it was trained on.</summary>
    private static void RequireSame(PairCorpus corpus, TrainedModel<EncoderDecoderModel> trained, int longest)
    {
        var vocabularies = ModelText.VocabulariesOf(trained.Model);
        using var task = new SequencePairTask(trained.Model,
            new SequencePairBatches(new SequencePairs(vocabularies.Encode(corpus.Training, longest)), 1, 0),
            new SequencePairs(vocabularies.Encode(corpus.Validation, longest)));
        trained.RequireData(task.DataHash);
    }
}
