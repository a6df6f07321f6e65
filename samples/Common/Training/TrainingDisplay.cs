using System.Diagnostics;
using SeqCore.Models;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SeqCore.Samples.Common;

/// <summary>Follows a training run and keeps the numbers to show: loss, rate and time left.</summary>
/// <param name="iterations">The total number of steps.</param>
/// <param name="done">The steps of a resumed run that were done before.</param>
/// <param name="tokensPerStep">Tokens in a step.</param>
/// <param name="unit">The name of the tokens, such as characters.</param>
public abstract class TrainingDisplay(long iterations, long done, int tokensPerStep, string unit = "characters")
{
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly long before = done;
    private readonly Queue<StepCompleted> unread = [];

    /// <summary>The name of the tokens, such as characters.</summary>
    protected string Unit => unit;

    /// <summary>The total number of steps.</summary>
    protected long Iterations => iterations;

    /// <summary>The number of steps done.</summary>
    protected long Step { get; private set; } = done;

    /// <summary>Training loss, averaged over about the last twenty steps.</summary>
    protected double Loss { get; private set; }

    /// <summary>Tokens per second, averaged over about the last twenty steps.</summary>
    protected double Rate { get; private set; }

    /// <summary>Seconds spent in training steps, without evaluations and checkpoints.</summary>
    public double TrainingSeconds { get; private set; }

    /// <summary>Tokens per second over all steps.</summary>
    public double MeanRate => TrainingSeconds > 0 ? (Step - before) * tokensPerStep / TrainingSeconds : 0;

    /// <summary>Seconds from the start of the process to the end of the first step; null before that.</summary>
    public double? FirstStepAt { get; private set; }

    /// <summary>The estimated seconds from now to the end; NaN before the first step.</summary>
    protected double SecondsLeft =>
        Step == before ? double.NaN : Stopwatch.GetElapsedTime(start).TotalSeconds / (Step - before) * (iterations - Step);

    /// <summary>Runs the training with this display.</summary>
    public abstract TrainingResult Watch(Func<TrainingResult> train);

    /// <summary>Records a step.</summary>
    public virtual void OnStep(StepCompleted step)
    {
        if (FirstStepAt is null)
        {
            (Loss, Rate) = (step.Loss, step.TokensPerSecond);
            using var process = Process.GetCurrentProcess();
            FirstStepAt = (DateTime.Now - process.StartTime).TotalSeconds;
        }

        Step = step.Step;
        TrainingSeconds += step.Seconds;
        Rate += (step.TokensPerSecond - Rate) / 20;
        unread.Enqueue(step);
        AverageLosses();
    }

    /// <summary>Records an evaluation.</summary>
    public abstract void OnEvaluated(Evaluated evaluation);

    /// <summary>The line that is printed after an evaluation.</summary>
    protected string Summary(Evaluated evaluation)
    {
        AverageLosses();
        return $"  iteration {Show.Count(evaluation.Step),7}   training loss {Loss:0.000}   validation loss"
            + $" {evaluation.Loss:0.000}   " + $"{Show.Count(Rate),7} {Unit}/s";
    }

    // Reading a loss that a GPU has not computed yet would wait for it.
    private void AverageLosses()
    {
        while (unread.TryPeek(out var step) && step.IsKnown)
            Loss += (unread.Dequeue().Loss - Loss) / 20;
    }
}

/// <summary>
/// Shows training as a progress bar with loss, characters a second and time left, below a line for each evaluation.
/// </summary>
public sealed class LiveDisplay(IAnsiConsole console, long iterations, long done, int tokensPerStep, string unit = "characters")
    : TrainingDisplay(iterations, done, tokensPerStep, unit)
{
    private ProgressTask? bar;

    /// <inheritdoc/>
    public override TrainingResult Watch(Func<TrainingResult> train)
    {
        TrainingResult? result = null;
        console.Progress().AutoClear(true).HideCompleted(false).Columns(
            new ProgressBarColumn { Width = 30 },
            new PercentageColumn(),
            new TextColumn(() => $"iteration {Show.Count(Step)} of {Show.Count(Iterations)}"),
            new TextColumn(() => $"[green]loss {Loss:0.000}[/]"),
            new TextColumn(() => $"{Show.Count(Rate)} {Unit}/s"),
            new TextColumn(() => $"[blue]{Show.Clock(SecondsLeft)} left[/]")).Start(context =>
            {
                bar = context.AddTask("training", maxValue: Iterations);
                bar.Value = Step;
                result = train();
            });
        return result!;
    }

    /// <inheritdoc/>
    public override void OnStep(StepCompleted step)
    {
        base.OnStep(step);
        bar!.Value = Math.Min(step.Step, Iterations);
    }

    /// <inheritdoc/>
    public override void OnEvaluated(Evaluated evaluation) => console.WriteLine(Summary(evaluation));

    private sealed class TextColumn(Func<string> text) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Markup(text());
    }
}

/// <summary>Shows training as plain lines: one for each evaluation, and one whenever ten seconds pass without one.</summary>
public sealed class PlainDisplay(TextWriter writer, long iterations, long done, int tokensPerStep, string unit = "characters")
    : TrainingDisplay(iterations, done, tokensPerStep, unit)
{
    private long lastLine = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override TrainingResult Watch(Func<TrainingResult> train) => train();

    /// <inheritdoc/>
    public override void OnStep(StepCompleted step)
    {
        base.OnStep(step);
        if (Stopwatch.GetElapsedTime(lastLine).TotalSeconds < 10)
            return;
        Write($"  iteration {Show.Count(Step),7}   training loss {Loss:0.000}   {Show.Count(Rate)} {Unit}/s"
            + $"   {Show.Clock(SecondsLeft)} left");
    }

    /// <inheritdoc/>
    public override void OnEvaluated(Evaluated evaluation) =>
        Write(Summary(evaluation) + (evaluation.Step < Iterations ? $"   {Show.Clock(SecondsLeft)} left" : ""));

    private void Write(string line)
    {
        writer.WriteLine(line);
        writer.Flush();
        lastLine = Stopwatch.GetTimestamp();
    }
}
