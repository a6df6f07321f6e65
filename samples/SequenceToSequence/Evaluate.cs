using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Measures how well a trained model translates pairs that it was not trained on.</summary>
internal sealed class EvaluateCommand() : ModelCommand<EncoderDecoderModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Option<int> most = OptionKinds.Whole("--most", "Largest number of sources to use.", 1000, 1, 1_000_000);
    private readonly PairOptions data = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        base.AddTo(command);
        data.AddTo(command);
        Translator.AddTo(command);
        command.Options.Add(most);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result) => data.Name(result);

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<EncoderDecoderModel> trained, Context context)
    {
        var (terminal, longest) = (context.Terminal, Translator.LongestOf(trained));
        data.TakeFrom(result, trained.Source, trained.Configuration, terminal);
        var name = data.Name(result);
        var vocabularies = ModelText.VocabulariesOf(trained.Model);
        var corpus = data.Load(result, terminal, context.Cancellation);
        var pairs = vocabularies.Encode(corpus.Validation, longest);
        var validation = new SequencePairs(pairs);
        var training = new SequencePairs(vocabularies.Encode(corpus.Training, longest));
        using var task = new SequencePairTask(trained.Model, new SequencePairBatches(training, 1, 0), validation);
        if (!data.IsGiven(result))
            trained.RequireData(task.DataHash);
        var loss = task.Evaluate(context.Cancellation);
        var (score, _) = Translator.From(result, trained.Model, longest)
            .Examine(pairs, result.GetValue(most), context.Cancellation);
        terminal.Heading($"{Show.Share(score.Right, score.Count)} of {score.Count} translations are right;"
            + $" validation loss {Show.Loss(loss)} nats per {vocabularies.Unit}");
        terminal.Pair("checkpoint", trained.Description);
        terminal.Pair("data", $"{name}, {Show.Count(pairs.Length)} pairs");
        terminal.Result(("event", "evaluation"), ("iteration", trained.Step), ("data", name), ("pairs", pairs.Length),
            ("validation_loss", loss), ("exact", score.Share), ("judged", score.Count));
    }
}
