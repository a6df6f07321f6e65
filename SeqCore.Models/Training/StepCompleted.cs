namespace SeqCore.Models;

/// <summary>One training step, done; on a GPU perhaps only queued, until a value is asked for.</summary>
public readonly record struct StepCompleted
{
    private readonly StepValues values;

    /// <summary>A step whose values are known.</summary>
    /// <param name="step">Steps done so far, this one included.</param>
    /// <param name="loss">Mean over the step's batches, before the update.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="gradientNorm">Global norm before clipping; null where nothing is clipped.</param>
    /// <param name="tokensPerSecond">The rate of training.</param>
    /// <param name="seconds">What it took.</param>
    public StepCompleted(long step, double loss, double learningRate, double? gradientNorm,
        double tokensPerSecond, double seconds)
        : this(new StepValues(step, loss, gradientNorm), learningRate, tokensPerSecond, seconds)
    {
    }

    internal StepCompleted(StepValues values, double learningRate, double tokensPerSecond, double seconds) =>
        (this.values, LearningRate, TokensPerSecond, Seconds) = (values, learningRate, tokensPerSecond, seconds);

    /// <summary>Steps done so far, this one included.</summary>
    public long Step => values.Step;

    /// <summary>Mean over the step's batches, before the update. The first look waits for the device.</summary>
    public double Loss => values.Loss;

    /// <summary>The rate of this step.</summary>
    public double LearningRate { get; }

    /// <summary>Global norm before clipping; null where nothing is clipped. The first look waits for the device.</summary>
    public double? GradientNorm => values.GradientNorm;

    /// <summary>Of this step alone; on a GPU, which runs on by itself, of the last 16 steps.</summary>
    public double TokensPerSecond { get; }

    /// <summary>What the step took, with the waits for a device since the one before: all steps together took the sum.</summary>
    public double Seconds { get; }

    /// <summary>
    /// Whether loss and norm are known already, so that a look does not wait. At the latest they are 16 steps later.
    /// </summary>
    public bool IsKnown => values.IsKnown;

    internal StepValues Values => values;
}
