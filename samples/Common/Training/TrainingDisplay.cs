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
    private long? timed;
    private long timedFrom;

    /// <summary>Describes an evaluation in a few words; by default its loss.</summary>
    public Func<Evaluated, string> Describe { get; init; } = evaluation => $"validation {evaluation.Loss:0.000}";

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
        Announce();
    }

    /// <summary>Writes a line.</summary>
    protected abstract void Write(string line);

    /// <summary>Says how long the training will take, once some steps have been timed; the first ones are slower.</summary>
    private void Announce()
    {
        const int Warm = 5;
        const int Timed = 20;
        if (Step == before + Warm)
            (timed, timedFrom) = (Step, Stopwatch.GetTimestamp());
        if (timed is not { } from)
            return;
        var seconds = Stopwatch.GetElapsedTime(timedFrom).TotalSeconds;
        if (Step < from + Timed && (Step == from || seconds < 3))
            return;
        timed = null;
        if (seconds / (Step - from) * (iterations - Step) is >= 10 and var left)
            Write($"  about {Show.Clock(left)} for the other {Show.Count(iterations - Step)} iterations");
    }

    /// <summary>Records an evaluation.</summary>
    public abstract void OnEvaluated(Evaluated evaluation);

    /// <summary>The line that is printed after an evaluation.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="width">The largest number of characters in the line.</param>
    /// <param name="left">The time left, or nothing.</param>
    protected string Summary(Evaluated evaluation, int width, string left = "")
    {
        AverageLosses();
        return Show.Fitting(width, Done(evaluation.Step), $"loss {Loss:0.000}", Describe(evaluation), left, Speed);
    }

    /// <summary>The number of steps done, aligned over a run.</summary>
    protected string Done(long step) => $"  iteration {Show.Count(step).PadLeft(Show.Count(Iterations).Length)}";

    /// <summary>Tokens per second.</summary>
    protected string Speed => $"{Show.Count(Rate)} {Unit}/s";

    /// <summary>The estimated time to the end.</summary>
    protected string Left => $"{Show.Clock(SecondsLeft)} left";

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
    private const int WideBar = 30;
    private const int NarrowBar = 12;
    private ProgressTask? bar;

    private int Width => console.Profile.Width - 1;

    private int BarWidth => Width < 100 ? NarrowBar : WideBar;

    /// <inheritdoc/>
    public override TrainingResult Watch(Func<TrainingResult> train)
    {
        TrainingResult? result = null;
        console.Progress().AutoClear(true).HideCompleted(false).Columns(
            new ProgressBarColumn { Width = BarWidth },
            new PercentageColumn(),
            new TextColumn(Progress)).Start(context =>
            {
                bar = context.AddTask("training", maxValue: Iterations);
                bar.Value = Step;
                result = train();
            });
        return result!;
    }

    /// <summary>What fits beside the bar and the percentage.</summary>
    private string Progress() => Show.Fitting(Width - BarWidth - "100% ".Length - 1,
        $"{Show.Count(Step)} of {Show.Count(Iterations)}", $"loss {Loss:0.000}", Left, Speed);

    /// <inheritdoc/>
    public override void OnStep(StepCompleted step)
    {
        base.OnStep(step);
        bar!.Value = Math.Min(step.Step, Iterations);
    }

    /// <inheritdoc/>
    public override void OnEvaluated(Evaluated evaluation) => Write(Summary(evaluation, Width));

    /// <inheritdoc/>
    protected override void Write(string line) => console.WriteLine(line);

    private sealed class TextColumn(Func<string> text) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(text());
    }
}

/// <summary>Shows training as plain lines: one for each evaluation, and one whenever ten seconds pass without one.</summary>
public sealed class PlainDisplay(Terminal terminal, long iterations, long done, int tokensPerStep, string unit = "characters")
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
        Write(Show.Fitting(terminal.Width, Done(Step), $"loss {Loss:0.000}", Left, Speed));
    }

    /// <inheritdoc/>
    public override void OnEvaluated(Evaluated evaluation) =>
        Write(Summary(evaluation, terminal.Width, evaluation.Step < Iterations ? Left : ""));

    /// <inheritdoc/>
    protected override void Write(string line)
    {
        terminal.Line(line);
        terminal.Messages.Flush();
        lastLine = Stopwatch.GetTimestamp();
    }
}
