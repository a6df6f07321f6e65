using System.Diagnostics;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>Shows training as plain lines: one for each evaluation, and one where ten seconds passed without any.</summary>
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
