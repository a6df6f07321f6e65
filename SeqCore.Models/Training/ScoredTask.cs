namespace SeqCore.Models;

/// <summary>
/// The tasks of the library whose evaluation is a loss, or on demand an accuracy or an F1: those of classifiers and taggers.
/// </summary>
/// <typeparam name="TScore">The type of a score, which has both.</typeparam>
public abstract class ScoredTask<TScore> : ExampleTask
    where TScore : struct
{
    private protected ScoredTask(Module model) : base(model)
    {
    }

    /// <summary>
    /// Whether the evaluation is the accuracy, or the F1 where the score has one, to maximize; of equal ones, the one with the
    /// lower loss is better. False, the default, for the loss, to minimize. Accuracy chooses the best model of a small set by
    /// chance more often, but it is what is asked for in the end.
    /// </summary>
    public bool EvaluatesAccuracy { get; init; }

    /// <summary>To minimize the loss, or to maximize the accuracy or F1 (<see cref="EvaluatesAccuracy"/>).</summary>
    public sealed override EvaluationGoal? Goal => EvaluatesAccuracy ? EvaluationGoal.Maximize : EvaluationGoal.Minimize;

    /// <summary>The loss of the last evaluation if that was an accuracy or an F1.</summary>
    public sealed override double? TieBreaker => EvaluatesAccuracy && LastScore is { } score ? LossIn(score) : null;

    /// <summary>
    /// The score of the last evaluation, which is not that of an earlier and better model that was restored; null before the
    /// first.
    /// </summary>
    public TScore? LastScore { get; private set; }

    /// <inheritdoc/>
    public sealed override double Evaluate(CancellationToken cancellation)
    {
        var score = Score(cancellation);
        return EvaluatesAccuracy ? AccuracyIn(score) : LossIn(score);
    }

    /// <summary>Scores the examples for validation, without a tape; it does not affect training.</summary>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public TScore Score(CancellationToken cancellation = default)
    {
        RequireOpen();
        var score = ScoreValidation(cancellation);
        LastScore = score;
        return score;
    }

    /// <summary>Scores the examples for validation.</summary>
    private protected abstract TScore ScoreValidation(CancellationToken cancellation);

    /// <summary>Returns the loss of a score.</summary>
    private protected abstract double LossIn(TScore score);

    /// <summary>Returns the accuracy of a score, or its F1 if it has one.</summary>
    private protected abstract double AccuracyIn(TScore score);
}
