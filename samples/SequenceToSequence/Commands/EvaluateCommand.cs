using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Translation;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Measures how well a trained model translates pairs that it was not trained on.</summary>
internal sealed class EvaluateCommand
{
    private readonly Option<string?> checkpoint = OptionKinds.Text("--checkpoint", "A checkpoint, or a folder with some. [default: the newest under runs]", "PATH");
    private readonly Option<int> most = OptionKinds.Whole("--most", "Sources to translate at most.", 1000, 1, 1_000_000);
    private readonly PairOptions data = new();
    private readonly DecodingOptions decoding = new();
    private readonly MachineOptions machine = new();

    /// <summary>The command <c>evaluate</c>.</summary>
    public static Command Create(Context context)
    {
        var self = new EvaluateCommand();
        var command = new Command("evaluate", "Measure a trained model on the pairs for validation.");
        command.Options.Add(self.checkpoint);
        self.data.AddTo(command);
        self.decoding.AddTo(command);
        command.Options.Add(self.most);
        self.machine.AddTo(command);
        command.SetAction(result => self.Run(result, context));
        return command;
    }

    private int Run(ParseResult result, Context context)
    {
        var terminal = context.Terminal.With(machine.Json(result));
        var name = data.Name(result);
        using var opened = machine.Open(result);
        using var loaded = new LoadedModel(result.GetValue(checkpoint), terminal);
        var corpus = data.Load(result, terminal, context.Cancellation);
        var pairs = loaded.Form.Vocabularies.Encode(corpus.Validation, loaded.Form.Sequence);
        var validation = new SequencePairs(pairs);
        using var task = new SequencePairTask(loaded.Model, new SequencePairBatches(validation, 1, 0), validation);
        var loss = task.Evaluate(context.Cancellation);
        var (score, _) = Judge.Examine(new Translator(loaded.Model, loaded.Form, decoding.Read(result)), pairs, result.GetValue(most), context.Cancellation);
        terminal.Heading($"{Show.Share(score.Right, score.Count)} of {score.Count} translations are right; validation loss {Show.Loss(loss)} nats per {loaded.Form.Level[..^1]}");
        terminal.Pair("checkpoint", $"{loaded.Source}, after {Show.Count(loaded.Step)} iterations");
        terminal.Pair("data", $"{name}, {Show.Count(pairs.Length)} pairs");
        terminal.Result(("event", "evaluation"), ("iteration", loaded.Step), ("data", name), ("pairs", pairs.Length), ("validation_loss", loss),
            ("exact", score.Share), ("judged", score.Count));
        return ExitCode.Done;
    }
}
