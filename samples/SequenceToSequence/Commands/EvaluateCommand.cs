using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Translation;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Measures how well a trained model translates pairs that it was not trained on.</summary>
internal sealed class EvaluateCommand : ModelCommand<ModelForm, EncoderDecoderModel>
{
    private readonly Option<int> most = OptionKinds.Whole("--most", "Sources to translate at most.", 1000, 1, 1_000_000);
    private readonly PairOptions data = new();
    private readonly DecodingOptions decoding = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        base.AddTo(command);
        data.AddTo(command);
        decoding.AddTo(command);
        command.Options.Add(most);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result) => data.Name(result);

    /// <inheritdoc/>
    protected override void Run(ParseResult result, LoadedModel<ModelForm, EncoderDecoderModel> loaded, Context context)
    {
        var (terminal, form, name) = (context.Terminal, loaded.Form, data.Name(result));
        var corpus = data.Load(result, terminal, context.Cancellation);
        var pairs = form.Vocabularies.Encode(corpus.Validation, form.Sequence);
        var validation = new SequencePairs(pairs);
        using var task = new SequencePairTask(loaded.Model, new SequencePairBatches(validation, 1, 0), validation);
        var loss = task.Evaluate(context.Cancellation);
        var (score, _) = Judge.Examine(new Translator(loaded.Model, form, decoding.Read(result)), pairs, result.GetValue(most), context.Cancellation);
        terminal.Heading($"{Show.Share(score.Right, score.Count)} of {score.Count} translations are right; validation loss {Show.Loss(loss)} nats per {form.Level[..^1]}");
        terminal.Pair("checkpoint", loaded.Description);
        terminal.Pair("data", $"{name}, {Show.Count(pairs.Length)} pairs");
        terminal.Result(("event", "evaluation"), ("iteration", loaded.Step), ("data", name), ("pairs", pairs.Length), ("validation_loss", loss),
            ("exact", score.Share), ("judged", score.Count));
    }
}
