using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Tensors;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Measures how well a trained model predicts the last tenth of a text.</summary>
internal sealed class EvaluateCommand
{
    private readonly Option<string?> checkpoint = OptionKinds.Text("--checkpoint", "A checkpoint, or a folder with some. [default: the newest under runs]", "PATH");
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence", "Characters in a window; 0 for as many as in training.", 0, 0, 65_536);
    private readonly TextOptions data = new();
    private readonly MachineOptions machine = new();

    /// <summary>The command <c>evaluate</c>.</summary>
    public static Command Create(Context context)
    {
        var self = new EvaluateCommand();
        var command = new Command("evaluate", "Measure a trained model on the last tenth of a text.");
        command.Options.Add(self.checkpoint);
        self.data.AddTo(command);
        command.Options.Add(self.sequence);
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
        var corpus = data.Load(result, loaded.Form.Vocabulary, terminal, context.Cancellation);
        var length = result.GetValue(sequence);
        if (length == 0)
            length = int.Parse(loaded.Configuration["sequence"], CultureInfo.InvariantCulture);
        if (length > loaded.Model.MaximumLength)
            throw new UserException($"--sequence should be at most {loaded.Model.MaximumLength}, as many characters as this model can look back on; got {length}.", isUsage: true);
        var windows = new TokenWindows(corpus.Validation, length);
        using var task = new LanguageModelTask(loaded.Model, new RandomWindows(corpus.Training, 1, 1, new RandomGenerator(0)), windows);
        double loss;
        try
        {
            loss = task.Evaluate(context.Cancellation);
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("Stopped.");
            return ExitCode.Done;
        }

        var bits = loss / Math.Log(2);
        terminal.Heading($"Validation loss {Show.Loss(loss)} nats per character: {Show.Loss(bits)} bits, perplexity {Show.Loss(Math.Exp(loss))}");
        terminal.Pair("checkpoint", $"{loaded.Source}, after {Show.Count(loaded.Step)} iterations");
        terminal.Pair("data", $"{name}, {Show.Count(windows.Count)} windows of {length} characters");
        terminal.Result(("event", "evaluation"), ("iteration", loaded.Step), ("data", name), ("windows", windows.Count), ("sequence", length),
            ("validation_loss", loss), ("bits_per_character", bits), ("perplexity", Math.Exp(loss)));
        return ExitCode.Done;
    }
}
