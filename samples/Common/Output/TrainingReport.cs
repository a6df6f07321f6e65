using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>How a training went.</summary>
/// <param name="Result">What the trainer says.</param>
/// <param name="Display">What was watched.</param>
/// <param name="Unit">What was counted.</param>
/// <param name="LossCurve">Path of the picture.</param>
/// <param name="Folder">Of the run.</param>
public sealed record TrainingReport(TrainingResult Result, TrainingDisplay Display, string Unit, string LossCurve, string Folder)
{
    /// <summary>The loss of the weights that the model has now: of the best evaluation, unless those could not be read.</summary>
    public double ValidationLoss => (Result.BestUnread is null ? Result.BestValidationLoss : Result.ValidationLoss)
        ?? double.NaN;

    /// <summary>Tells how long it took, and where the loss curve and the checkpoint are.</summary>
    public void Tell(Terminal terminal)
    {
        if (Result.BestUnread is { } reason)
            terminal.Error.WriteLine($"{reason} What follows is of the weights of the last iteration.");
        if (Display.FirstStepAt is not null)
            terminal.Pair("time", $"{Show.Time(Display.TrainingSeconds)} of training, {Show.Count(Display.MeanRate)} {Unit}/s");
        terminal.Pair("loss curve", LossCurve);
        terminal.Pair("model", Path.Combine(Folder, "best.safetensors"));
    }

    /// <summary>For JSON.</summary>
    /// <param name="units">What was counted, in the name of its rate.</param>
    public IEnumerable<(string Name, object? Value)> Values(string units) =>
    [
        ("iteration", Result.Step), ("validation_loss", Result.ValidationLoss),
        ("best_validation_loss", Result.BestValidationLoss),
        ("seconds", Math.Round(Display.TrainingSeconds, 3)), ($"{units}_per_second", Math.Round(Display.MeanRate, 1)),
        ("first_step_after_seconds", Display.FirstStepAt is { } at ? Math.Round(at, 3) : null), ("out", Folder),
    ];
}
