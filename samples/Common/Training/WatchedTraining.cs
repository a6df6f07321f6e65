using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>Runs a trainer so that people and programs can follow it.</summary>
/// <param name="trainer">A trainer that has not run yet.</param>
/// <param name="model">The model that it trains.</param>
/// <param name="options">The options of the run.</param>
/// <param name="folder">The folder of the run.</param>
/// <param name="machine">The device that computes.</param>
/// <param name="terminal">Shows the progress.</param>
public sealed class WatchedTraining(Trainer trainer, Model model, TrainingOptions options, string folder, Machine machine,
    Terminal terminal)
{
    private const string LossName = "validation_loss";

    /// <summary>The heading above the description of the run.</summary>
    public required string Heading { get; init; }

    /// <summary>The name of the data.</summary>
    public required string Data { get; init; }

    /// <summary>A one-line description of the data.</summary>
    public required string DataDescription { get; init; }

    /// <summary>A one-line description of the model, without its number of parameters.</summary>
    public required string ModelDescription { get; init; }

    /// <summary>The name of the examples in a batch.</summary>
    public required string Examples { get; init; }

    /// <summary>Further values of the first JSON line, besides data, parameters, iterations, machine and folder.</summary>
    public required IEnumerable<(string Name, object? Value)> Start { get; init; }

    /// <summary>The unit that rates count, such as characters or pairs.</summary>
    public required string Unit { get; init; }

    /// <summary>The number of units in a step.</summary>
    public required int PerStep { get; init; }

    /// <summary>The title of the loss curve.</summary>
    public required string Title { get; init; }

    /// <summary>The unit that a loss is for, such as character.</summary>
    public required string LossUnit { get; init; }

    /// <summary>The colour of the loss curve.</summary>
    public required ModelColour Colour { get; init; }

    /// <summary>
    /// The name of the number that an evaluation returns in JSON lines; with another name than this default it is a score, for
    /// which a chart of its own is drawn.
    /// </summary>
    public string EvaluationName { get; init; } = LossName;

    /// <summary>Describes an evaluation in a few words; by default its loss.</summary>
    public Func<Evaluated, string>? Describe { get; init; }

    /// <summary>Further values of the JSON line of an evaluation, besides its number.</summary>
    public Func<Evaluated, IEnumerable<(string Name, object? Value)>> Details { get; init; } = _ => [];

    /// <summary>
    /// Describes the run once it is sure to start, trains with a display of progress and a JSON line for each evaluation, and
    /// draws the loss curve.
    /// </summary>
    /// <param name="cancellation">Saves a checkpoint and stops.</param>
    /// <returns>The report, with the model in evaluation mode; null if training was stopped, which has been shown.</returns>
    public TrainingReport? Run(CancellationToken cancellation)
    {
        if (!new CheckpointFolder(folder).HasLocks)
            terminal.Error.WriteLine($"The file system of '{folder}' has no locks: make sure that no other run writes there.");
        var resumption = options.Resume ? Resume() : null;
        Introduce();
        if (resumption is not null)
            terminal.Line(resumption);
        var describe = Describe ?? (evaluation => $"validation {evaluation.Loss:0.000}");
        TrainingDisplay display = terminal.IsLive
            ? new LiveDisplay(terminal.Console, options.Iterations, trainer.Step, PerStep, Unit) { Describe = describe }
            : new PlainDisplay(terminal, options.Iterations, trainer.Step, PerStep, Unit) { Describe = describe };
        trainer.StepCompleted += (_, step) => display.OnStep(step);
        trainer.Evaluated += (_, evaluation) =>
        {
            display.OnEvaluated(evaluation);
            terminal.Result([("event", "evaluation"), ("iteration", evaluation.Step), (EvaluationName, evaluation.Loss),
                .. Details(evaluation), ("seconds", Math.Round(display.TrainingSeconds, 3))]);
        };
        var result = display.Watch(() => trainer.Run(cancellation));
        var report = new TrainingReport(result, display, Unit, DrawLoss(), folder) { EvaluationName = EvaluationName };
        if (result.End == TrainingEnd.Cancelled)
        {
            terminal.Line();
            terminal.Paragraph($"Stopped at iteration {Show.Count(result.Step)} and saved."
                + $" The same command with --resume --out {folder} continues.");
            terminal.Result(("event", "stopped"), ("iteration", result.Step), ("out", folder));
            return null;
        }

        model.Evaluate();
        return report;
    }

    private void Introduce()
    {
        terminal.Heading(Heading);
        terminal.Pair("data", $"{Data}: {DataDescription}");
        terminal.Pair("model", $"{ModelDescription}: {Show.Count(model.ParameterCount)} parameters");
        terminal.Pair("training", $"{Show.Count(options.Iterations)} iterations of {options.Batch} {Examples}");
        terminal.Pair("machine", machine.Description);
        terminal.Pair("folder", folder);
        terminal.Line();
        terminal.Result([("event", "start"), ("data", Data), .. Start, ("parameters", model.ParameterCount),
            ("iterations", options.Iterations), ("machine", machine.Description), ("out", folder)]);
    }

    private string Resume()
    {
        trainer.CheckpointSkipped += (_, skipped) => terminal.Error.WriteLine($"Skipped: {skipped.Reason}");
        var isResumed = ResumeOrRefuse();
        if (trainer.HasUncheckedData)
        {
            terminal.Error.WriteLine("The checkpoint does not record the data that it was trained on, so they could not be"
                + " compared; the next one will.");
        }

        return isResumed
            ? $"  Continuing from iteration {Show.Count(trainer.Step)}."
            : $"  The folder '{folder}' has no complete checkpoint yet: starting from the beginning.";
    }

    private bool ResumeOrRefuse()
    {
        try
        {
            return trainer.Resume();
        }
        catch (CheckpointException other) when (other.IsFromAnotherRun)
        {
            throw new UserException($"{other.Message} Name another folder with --out, and add --from {folder} to start"
                + " from the weights of this one.");
        }
    }

    private string DrawLoss()
    {
        var path = Path.Combine(folder, "loss.svg");
        var curve = LossCurve.Read(Path.Combine(folder, "metrics.jsonl"));
        if (EvaluationName != LossName)
        {
            var name = EvaluationName.Replace('_', ' ');
            AtomicFile.WriteText(Path.Combine(folder, $"{EvaluationName.Split('_')[^1]}.svg"),
                LossChart.DrawScore(curve.Validation, Title, Colour, name));
            curve = curve with { Validation = [] };
        }

        AtomicFile.WriteText(path, LossChart.Draw(curve, Title, Colour, LossUnit));
        return path;
    }
}

/// <summary>The report of a training run.</summary>
/// <param name="Result">The trainer's report.</param>
/// <param name="Display">The display, with losses, rates and times.</param>
/// <param name="Unit">The unit that rates count.</param>
/// <param name="LossCurve">The path of the loss curve.</param>
/// <param name="Folder">The folder of the run.</param>
public sealed record TrainingReport(TrainingResult Result, TrainingDisplay Display, string Unit, string LossCurve, string Folder)
{
    /// <summary>The name of the number that an evaluation returns in JSON lines.</summary>
    public string EvaluationName { get; init; } = "validation_loss";

    /// <summary>The loss of the model's present weights: those of the best evaluation, unless they could not be read.</summary>
    public double ValidationLoss => (Result.BestReadError is null ? Result.BestValidationLoss : Result.ValidationLoss)
        ?? double.NaN;

    /// <summary>Writes how long it took, and where the loss curve and the checkpoint are.</summary>
    public void Print(Terminal terminal)
    {
        if (Result.BestReadError is { } reason)
            terminal.Error.WriteLine($"{reason} The following figures are for the weights of the last iteration.");
        if (Result.AverageReadError is { } unread)
            terminal.Error.WriteLine($"The checkpoints were not averaged: {unread}");
        if (Display.FirstStepAt is not null)
            terminal.Pair("time", $"{Show.Time(Display.TrainingSeconds)} of training, {Show.Count(Display.MeanRate)} {Unit}/s");
        terminal.Pair("loss curve", LossCurve);
        terminal.Pair("model", Path.Combine(Folder, "best.safetensors"));
    }

    /// <summary>The values for JSON.</summary>
    /// <param name="units">The unit, for the name of the rate.</param>
    public IEnumerable<(string Name, object? Value)> Values(string units) =>
    [
        ("iteration", Result.Step), (EvaluationName, Result.ValidationLoss),
        ($"best_{EvaluationName}", Result.BestValidationLoss),
        ("seconds", Math.Round(Display.TrainingSeconds, 3)), ($"{units}_per_second", Math.Round(Display.MeanRate, 1)),
        ("first_step_after_seconds", Display.FirstStepAt is { } at ? Math.Round(at, 3) : null), ("out", Folder),
    ];
}
