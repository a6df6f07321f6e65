using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Measures how well a trained model fills blanks in the last tenth of a text.</summary>
internal sealed class EvaluateCommand : ModelCommand<ModelForm, Bert>
{
    private readonly TextOptions data = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        base.AddTo(command);
        data.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result) => data.Name(result);

    /// <inheritdoc/>
    protected override void Run(ParseResult result, LoadedModel<ModelForm, Bert> loaded, Context context)
    {
        var (terminal, form, name) = (context.Terminal, loaded.Form, data.Name(result));
        var text = new MaskedText(data.Read(result, terminal, context.Cancellation), _ => form.Vocabulary);
        using var task = text.NewTask(loaded.Model, form, batchSize: 1, seed: 0);
        var score = task.Score(context.Cancellation);
        terminal.Heading(ScoreText.Of(score, text));
        terminal.Pair("checkpoint", loaded.Description);
        terminal.Pair("data", $"{name}, {Show.Count(text.Validation.Sum(l => l.Length))} {form.Unit}");
        terminal.Result(("event", "evaluation"), ("iteration", loaded.Step), ("data", name), ("blanks", score.Count),
            ("validation_loss", score.Loss), ("masked_accuracy", score.Accuracy));
    }
}
