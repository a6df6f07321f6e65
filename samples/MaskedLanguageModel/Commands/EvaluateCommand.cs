using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Tensors;

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
        text.RequireWindows(form.Sequence, form.Unit);
        using var task = NewTask(loaded, text);
        var score = task.Score(context.Cancellation);
        terminal.Heading(ScoreText.Of(score, text));
        terminal.Pair("checkpoint", $"{loaded.Source}, after {Show.Count(loaded.Step)} iterations");
        terminal.Pair("data", $"{name}, {Show.Count(text.Validation.Length)} {form.Unit}");
        terminal.Result(("event", "evaluation"), ("iteration", loaded.Step), ("data", name), ("blanks", score.Count),
            ("validation_loss", score.Loss), ("masked_accuracy", score.Accuracy));
        return ExitCode.Done;
    }

    /// <summary>The task that the model was trained with, for its evaluation alone.</summary>
    private static MaskedLanguageModelTask NewTask(LoadedModel loaded, MaskedText text)
    {
        var unused = new RandomGenerator(0);
        var masking = new TokenMasking(loaded.Form.Vocabulary, unused) { Share = loaded.Form.MaskShare, WholeWords = loaded.Form.WholeWords };
        return new MaskedLanguageModelTask(loaded.Model, new RandomWindows(text.Training, 1, 1, unused), new TokenWindows(text.Validation, loaded.Form.Sequence - 2), masking);
    }
}
