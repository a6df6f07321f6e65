using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Measures how well a trained model translates pairs that it was not trained on.</summary>
internal sealed class EvaluateCommand() : ModelCommand<EncoderDecoderModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Option<int> most = NewMost();
    private readonly Option<string> split = NewSplit();
    private readonly PairOptions data = new();

    /// <summary>The option that limits the number of sources.</summary>
    public static Option<int> NewMost() =>
        OptionKinds.Whole("--most", "Largest number of sources to use.", 100_000, 1, 1_000_000);

    /// <summary>The option that chooses the pairs.</summary>
    public static Option<string> NewSplit() => OptionKinds.Choice("--split",
        "The pairs to translate: those for validation, or those of the final test.", "validation", "validation", "test");

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
        var (name, isTest) = (data.Name(result), result.GetValue(split) == "test");
        var vocabularies = ModelText.VocabulariesOf(trained.Model);
        var test = isTest ? data.LoadTest(result, terminal, context.Cancellation) : null;
        var corpus = data.Load(result, terminal, context.Cancellation);
        var training = new SequencePairs(vocabularies.Encode(corpus.Training, longest));
        var pairs = new SequencePairs(vocabularies.Encode(corpus.Validation, longest));
        using (var trainedOn = new SequencePairTask(trained.Model, new SequencePairBatches(training, 1, 0), pairs))
        {
            if (!data.IsGiven(result))
                trained.RequireData(trainedOn.DataHash);
        }

        var chosen = test ?? corpus.Validation;
        if (isTest)
            pairs = new SequencePairs(vocabularies.Encode(chosen, longest));
        using var task = new SequencePairTask(trained.Model, new SequencePairBatches(training, 1, 0), pairs);
        var loss = task.Evaluate(context.Cancellation);
        var readable = vocabularies.Readable(chosen, longest);
        var examination = Translator.From(result, trained.Model)
            .Examine(readable, result.GetValue(most), context.Cancellation);
        var score = examination.Exact(vocabularies);
        var texts = vocabularies.HaveWords ? examination.Texts() : null;
        terminal.Heading((texts is null ? "" : Invariant($"BLEU {texts.Bleu:0.00}, "))
            + $"{Show.Share(score.Right, score.Count)} of {score.Count} translations are right;"
            + $" {result.GetValue(split)} loss {Show.Loss(loss)} nats per {vocabularies.Unit}");
        terminal.Pair("checkpoint", trained.Description);
        terminal.Pair("data", $"{name}, {Show.Count(chosen.Count)} pairs"
            + (readable.Count < chosen.Count ? $", {Show.Count(chosen.Count - readable.Count)} too long for the model" : ""));
        if (texts is not null)
            ScoreText.Print(terminal, texts, examination.ByLength());
        terminal.Result([("event", "evaluation"), ("iteration", trained.Step), ("data", name), ("split", result.GetValue(split)),
            ("pairs", chosen.Count), ("validation_loss", loss), ("exact", score.Share), ("judged", score.Count),
            .. ScoreText.Values(texts)]);
    }
}
