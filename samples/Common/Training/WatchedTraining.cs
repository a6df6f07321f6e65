using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>Runs a trainer where people and programs can follow it.</summary>
/// <param name="trainer">At its start.</param>
/// <param name="model">What it trains.</param>
/// <param name="options">How long, and whether to go on from the newest checkpoint.</param>
/// <param name="folder">Of the run.</param>
/// <param name="machine">Computes.</param>
/// <param name="terminal">Where to show it.</param>
public sealed class WatchedTraining(Trainer trainer, Model model, TrainingOptions options, string folder, Machine machine,
    Terminal terminal)
{
    /// <summary>Stands above what is said of the run.</summary>
    public required string Heading { get; init; }

    /// <summary>The name of the data.</summary>
    public required string Data { get; init; }

    /// <summary>The data in a line, after their name.</summary>
    public required string DataDescription { get; init; }

    /// <summary>The model in a line, without its number of parameters.</summary>
    public required string ModelDescription { get; init; }

    /// <summary>What a batch consists of, after its size.</summary>
    public required string Examples { get; init; }

    /// <summary>What the JSON line of the start holds beside data, parameters, iterations, machine and folder.</summary>
    public required IEnumerable<(string Name, object? Value)> Start { get; init; }

    /// <summary>What is counted: characters, pairs.</summary>
    public required string Unit { get; init; }

    /// <summary>Units in a step.</summary>
    public required int PerStep { get; init; }

    /// <summary>Stands above the loss curve.</summary>
    public required string Title { get; init; }

    /// <summary>What each loss is for.</summary>
    public required string LossUnit { get; init; }

    /// <summary>The colour of the loss curve.</summary>
    public required ModelColour Colour { get; init; }

    /// <summary>What the JSON line of an evaluation holds beside the loss.</summary>
    public Func<Evaluated, IEnumerable<(string Name, object? Value)>> Details { get; init; } = _ => [];

    /// <summary>
    /// Says what is trained, as soon as nothing stands against it; trains with a display of progress and a JSON line for each
    /// evaluation, and draws the loss curve.
    /// </summary>
    /// <param name="cancellation">Saves and ends.</param>
    /// <returns>How it went, with the model in evaluation mode; null if it was stopped, which has been reported.</returns>
    public TrainingReport? Run(CancellationToken cancellation)
    {
        if (!new CheckpointFolder(folder).HasLocks)
            terminal.Error.WriteLine($"The file system of '{folder}' keeps no locks: make sure that no other run writes there.");
        var resumption = options.Resume ? Resume() : null;
        Introduce();
        if (resumption is not null)
            terminal.Line(resumption);
        TrainingDisplay display = terminal.IsLive
            ? new LiveDisplay(terminal.Console, options.Iterations, trainer.Step, PerStep, Unit)
            : new PlainDisplay(terminal.Messages, options.Iterations, trainer.Step, PerStep, Unit);
        trainer.StepCompleted += (_, step) => display.OnStep(step);
        trainer.Evaluated += (_, evaluation) =>
        {
            display.OnEvaluated(evaluation);
            terminal.Result([("event", "evaluation"), ("iteration", evaluation.Step), ("validation_loss", evaluation.Loss),
                .. Details(evaluation), ("seconds", Math.Round(display.TrainingSeconds, 3))]);
        };
        var result = display.Watch(() => trainer.Run(cancellation));
        var report = new TrainingReport(result, display, Unit, DrawLoss(), folder);
        if (result.End == TrainingEnd.Cancelled)
        {
            terminal.Line();
            terminal.Line($"Stopped at iteration {Show.Count(result.Step)} and saved."
                + $" The same command with --resume --out {folder} goes on.");
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
        trainer.CheckpointSkipped += (_, skipped) => terminal.Error.WriteLine($"Passed over: {skipped.Reason}");
        var isResumed = ResumeOrRefuse();
        if (trainer.HasUncheckedData)
        {
            terminal.Error.WriteLine("The checkpoint does not tell what data it was trained on, so that they could not be"
                + " compared; the next one will.");
        }

        return isResumed
            ? $"  Going on from iteration {Show.Count(trainer.Step)}."
            : $"  There is no whole checkpoint in the folder '{folder}' yet: starting at the beginning.";
    }

    private bool ResumeOrRefuse()
    {
        try
        {
            return trainer.Resume();
        }
        catch (CheckpointException other) when (other.IsOfAnotherRun)
        {
            throw new UserException($"{other.Message} Here, --out names another folder, and --from {folder} starts"
                + " from the weights of this one.");
        }
    }

    private string DrawLoss()
    {
        var path = Path.Combine(folder, "loss.svg");
        var curve = LossCurve.Read(Path.Combine(folder, "metrics.jsonl"));
        AtomicFile.WriteText(path, LossChart.Draw(curve, Title, Colour, LossUnit));
        return path;
    }
}

/// <summary>How a training went.</summary>
/// <param name="Result">The trainer's report.</param>
/// <param name="Display">What was watched.</param>
/// <param name="Unit">What was counted.</param>
/// <param name="LossCurve">Path of the picture.</param>
/// <param name="Folder">Of the run.</param>
public sealed record TrainingReport(TrainingResult Result, TrainingDisplay Display, string Unit, string LossCurve, string Folder)
{
    /// <summary>The loss of the weights that the model has now: of the best evaluation, unless those could not be read.</summary>
    public double ValidationLoss => (Result.BestUnread is null ? Result.BestValidationLoss : Result.ValidationLoss)
        ?? double.NaN;

    /// <summary>Writes how long it took, and where the loss curve and the checkpoint are.</summary>
    public void Print(Terminal terminal)
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
