namespace SeqCore.Models;

/// <summary>A completed training step; on a GPU it may only be queued until a value is read.</summary>
public readonly record struct StepCompleted
{
    private readonly StepValues values;

    /// <summary>Makes a step whose values are known.</summary>
    /// <param name="step">The number of steps done so far, including this one.</param>
    /// <param name="loss">The mean loss of the step's batches, before the update.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <param name="gradientNorm">The global norm of the gradients before clipping; null if nothing is clipped.</param>
    /// <param name="tokensPerSecond">The training speed, in tokens per second.</param>
    /// <param name="seconds">The duration of the step, in seconds.</param>
    public StepCompleted(long step, double loss, double learningRate, double? gradientNorm,
        double tokensPerSecond, double seconds)
        : this(new StepValues(step, loss, gradientNorm), learningRate, tokensPerSecond, seconds)
    {
    }

    internal StepCompleted(StepValues values, double learningRate, double tokensPerSecond, double seconds) =>
        (this.values, LearningRate, TokensPerSecond, Seconds) = (values, learningRate, tokensPerSecond, seconds);

    /// <summary>The number of steps done so far, including this one.</summary>
    public long Step => values.Step;

    /// <summary>The mean loss of the step's batches, before the update. Reading it first waits for the device.</summary>
    public double Loss => values.Loss;

    /// <summary>The learning rate of this step.</summary>
    public double LearningRate { get; }

    /// <summary>
    /// The global norm of the gradients before clipping; null if nothing is clipped. Reading it first waits for the device.
    /// </summary>
    public double? GradientNorm => values.GradientNorm;

    /// <summary>
    /// The training speed of this step, in tokens per second; on a GPU, which runs asynchronously, the speed of the last 16
    /// steps.
    /// </summary>
    public double TokensPerSecond { get; }

    /// <summary>
    /// The duration of the step in seconds, including the waits for a device since the previous step, so that the durations of
    /// all steps add up to the total.
    /// </summary>
    public double Seconds { get; }

    /// <summary>
    /// Whether loss and norm are known already, so that reading them does not wait. They are known at most 16 steps later.
    /// </summary>
    public bool IsKnown => values.IsKnown;

    internal StepValues Values => values;
}
