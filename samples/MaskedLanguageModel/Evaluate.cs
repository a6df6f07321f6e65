using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel;

/// <summary>Measures how well a trained model fills blanks in the last tenth of a text.</summary>
internal sealed class EvaluateCommand() : ModelCommand<Bert>(ModelText.FileKinds, ModelText.Load)
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
    protected override void Run(ParseResult result, TrainedModel<Bert> trained, Context context)
    {
        var (terminal, tokenizer) = (context.Terminal, ModelText.UnitsOf(trained.Model));
        data.TakeFrom(result, trained.Source, trained.Configuration, terminal);
        var name = data.Name(result);
        var text = new MaskedText(data.Read(result, terminal, context.Cancellation), _ => tokenizer);
        using var task = text.NewTask(trained.Model, MaskShare(trained),
            trained.Configuration.GetValueOrDefault("whole_words") == "yes", batchSize: 1, seed: 0);
        if (!data.IsGiven(result))
            trained.RequireData(task.DataHash);
        var score = task.Score(context.Cancellation);
        terminal.Heading(text.Describe(score));
        terminal.Pair("checkpoint", trained.Description);
        terminal.Pair("data", $"{name}, {Show.Count(text.Validation.Sum(l => l.Length))} {ModelText.Unit(tokenizer)}");
        terminal.Result(("event", "evaluation"), ("iteration", trained.Step), ("data", name), ("blanks", score.Count),
            ("validation_loss", score.Loss), ("masked_accuracy", score.Accuracy));
    }

    /// <summary>The fraction that was hidden in training, for an equal evaluation.</summary>
    private static float MaskShare(TrainedModel<Bert> trained) =>
        float.TryParse(trained.Configuration.GetValueOrDefault("mask_share"), CultureInfo.InvariantCulture, out var share)
            && share is > 0f and <= 1f ? share : 0.15f;
}
