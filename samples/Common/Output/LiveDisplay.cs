using SeqCore.Models;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SeqCore.Samples.Common;

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
