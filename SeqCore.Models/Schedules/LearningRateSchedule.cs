namespace SeqCore.Models;

/// <summary>The base of schedules, which give the factor of the base learning rate at each step.</summary>
/// <example>
/// <code>
/// var schedule = new WarmUpSchedule(steps: 100, then: new CosineSchedule(steps: 900, minimum: 0.1), start: 0);
/// Console.WriteLine(schedule.Factor(50));      // 0.5
/// Console.WriteLine(schedule.Factor(100));     // 1
/// Console.WriteLine(schedule.Factor(1000));    // 0.1
///
/// // In a loop by hand, the factor multiplies the base rate; a Trainer does so itself.
/// const float Peak = 0.01f;
/// using var layer = new Linear(inputSize: 3, outputSize: 1, new RandomGenerator(seed: 1));
/// using var optimizer = new Adam(layer.Parameters());
/// for (var step = 0; step &lt; 1000; step++)
/// {
///     using var tape = new Tape();
///     tape.Backward(layer.Forward(Tensor.Ones([8, 3])).Square().Mean());
///     optimizer.LearningRate = Peak * (float)schedule.Factor(step);
///     optimizer.Step();
///     optimizer.ZeroGradients();
/// }
///
/// Console.WriteLine($"{optimizer.LearningRate:0.000}");    // 0.001
/// </code>
/// </example>
public abstract class LearningRateSchedule
{
    /// <summary>Returns the factor at a step.</summary>
    /// <param name="step">The number of steps done before this one, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public abstract double Factor(long step);

    /// <summary>Requires a step that is not negative, and returns it.</summary>
    private protected long Required(long step) => Argument.AtLeast(step, $"{GetType().Name}.{nameof(Factor)}", nameof(step), 0);

    /// <summary>
    /// Whether lower or higher metrics are better for <see cref="Observe"/>; null, the default, for a schedule that ignores them.
    /// A <see cref="Trainer"/> refuses a schedule whose goal is not that of its options.
    /// </summary>
    public virtual EvaluationGoal? ObservedGoal => null;

    /// <summary>Reports a new value of the watched metric; most schedules ignore it.</summary>
    public virtual void Observe(double metric)
    {
    }

    /// <summary>Returns what the schedule remembers between steps; empty for a pure function of the step.</summary>
    public virtual IReadOnlyDictionary<string, double> StateDictionary() => new Dictionary<string, double>();

    /// <summary>Restores what <see cref="StateDictionary"/> returned.</summary>
    /// <exception cref="StateDictionaryException">Names are missing or unexpected; the message lists them.</exception>
    public virtual void LoadStateDictionary(IReadOnlyDictionary<string, double> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var own = StateDictionary();
        StateDictionaryException.ThrowIfAny(GetType().Name, own.Keys.Except(state.Keys), state.Keys.Except(own.Keys), []);
    }
}
