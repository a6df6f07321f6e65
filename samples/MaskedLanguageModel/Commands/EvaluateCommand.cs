using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Measures how well a trained model fills blanks in the last tenth of a text.</summary>
internal sealed class EvaluateCommand
{
    private readonly Option<string?> checkpoint = OptionKinds.Text("--checkpoint", "A checkpoint, or a folder with some. [default: the newest under runs]", "PATH");
    private readonly TextOptions data = new();
    private readonly MachineOptions machine = new();

    /// <summary>The command <c>evaluate</c>.</summary>
    public static Command Create(Context context)
    {
        var self = new EvaluateCommand();
        var command = new Command("evaluate", "Measure a trained model on the last tenth of a text.");
        command.Options.Add(self.checkpoint);
        self.data.AddTo(command);
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
        var form = loaded.Form;
        var text = new MaskedText(data.Read(result, terminal, context.Cancellation), _ => form.Vocabulary);
        using var task = text.NewTask(loaded.Model, form, batchSize: 1, seed: 0);
        var score = task.Score(context.Cancellation);
        terminal.Heading(ScoreText.Of(score, text));
        terminal.Pair("checkpoint", $"{loaded.Source}, after {Show.Count(loaded.Step)} iterations");
        terminal.Pair("data", $"{name}, {Show.Count(text.Validation.Sum(l => l.Length))} {form.Unit}");
        terminal.Result(("event", "evaluation"), ("iteration", loaded.Step), ("data", name), ("blanks", score.Count),
            ("validation_loss", score.Loss), ("masked_accuracy", score.Accuracy));
        return ExitCode.Done;
    }
}
