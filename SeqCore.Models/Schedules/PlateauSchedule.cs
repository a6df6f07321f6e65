namespace SeqCore.Models;

/// <summary>
/// Multiplies the rate by a factor when the watched metric has not improved for a while, as PyTorch's ReduceLROnPlateau with a
/// relative threshold: an observation is an improvement if it is below best - threshold |best|, or above best + threshold |best|
/// where the goal is to maximize.
/// </summary>
/// <remarks>
/// Differs from PyTorch for negative metrics, such as log-likelihoods: PyTorch's best (1 + threshold) is then worse than the
/// best, so that a metric that slowly gets worse counts as an improvement every time.
/// </remarks>
public sealed class PlateauSchedule : LearningRateSchedule
{
    private readonly double decay;
    private readonly int patience;
    private readonly double threshold;
    private readonly int cooldown;
    private readonly double minimum;
    private double factor = 1;
    private double best = double.MaxValue;
    private int bad;
    private int cooling;

    /// <summary>Makes a schedule that watches a metric.</summary>
    /// <param name="decay">The factor of each decay, in (0, 1); 0.1 by default.</param>
    /// <param name="patience">
    /// The number of observations without improvement that are tolerated, at least 0; 10 by default.
    /// </param>
    /// <param name="threshold">The smallest relative improvement that counts, at least 0; 1e-4 by default.</param>
    /// <param name="cooldown">The number of observations after a decay that are ignored, at least 0; 0 by default.</param>
    /// <param name="minimum">The smallest factor; 0 by default.</param>
    public PlateauSchedule(double decay = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double minimum = 0)
    {
        Argument.Positive(decay, nameof(PlateauSchedule), nameof(decay));
        if (decay >= 1)
        {
            throw new ArgumentOutOfRangeException(nameof(decay), decay,
                $"{nameof(PlateauSchedule)}: {nameof(decay)} should be below 1.");
        }

        Argument.AtLeast(patience, nameof(PlateauSchedule), nameof(patience), 0);
        Argument.NotNegative(threshold, nameof(PlateauSchedule), nameof(threshold));
        Argument.AtLeast(cooldown, nameof(PlateauSchedule), nameof(cooldown), 0);
        Argument.NotNegative(minimum, nameof(PlateauSchedule), nameof(minimum));
        (this.decay, this.patience, this.threshold, this.cooldown, this.minimum) =
            (decay, patience, threshold, cooldown, minimum);
    }

    /// <summary>
    /// Whether lower or higher metrics are better, as PyTorch's <c>mode</c>; with a <see cref="Trainer"/>, that of
    /// <see cref="TrainerOptions.Goal"/>.
    /// </summary>
    public EvaluationGoal Goal
    {
        get;
        init
        {
            field = Argument.Defined(value, nameof(PlateauSchedule), nameof(Goal));
            best = value == EvaluationGoal.Minimize ? double.MaxValue : -double.MaxValue;
        }
    } = EvaluationGoal.Minimize;

    /// <inheritdoc/>
    public override EvaluationGoal? ObservedGoal => Goal;

    /// <inheritdoc/>
    public override double Factor(long step)
    {
        Required(step);
        return factor;
    }

    /// <inheritdoc/>
    public override void Observe(double metric)
    {
        if (IsImprovement(metric))
            (best, bad) = (metric, 0);
        else
            bad++;
        if (cooling > 0)
            (cooling, bad) = (cooling - 1, 0);
        if (bad <= patience)
            return;
        factor = Math.Max(factor * decay, minimum);
        (cooling, bad) = (cooldown, 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> StateDictionary() =>
        new Dictionary<string, double> { ["factor"] = factor, ["best"] = best, ["bad"] = bad, ["cooling"] = cooling };

    /// <inheritdoc/>
    /// <exception cref="StateDictionaryException">
    /// Names are missing or unexpected, a number is NaN or negative, or a count is not an integer; nothing has changed. (The best
    /// metric may be any number but NaN.)
    /// </exception>
    public override void LoadStateDictionary(IReadOnlyDictionary<string, double> state)
    {
        base.LoadStateDictionary(state);
        StateDictionaryException.ThrowIfAny(nameof(PlateauSchedule), [], [], state.Where(s => !IsPossible(s.Key, s.Value))
            .Select(s => FormattableString.Invariant($"{s.Key} cannot be {s.Value}")));
        (factor, best, bad, cooling) = (state["factor"], state["best"], (int)state["bad"], (int)state["cooling"]);
    }

    private bool IsImprovement(double metric)
    {
        // The first best is a number that any metric improves on, by whatever threshold.
        var margin = Math.Abs(best) == double.MaxValue ? 0 : threshold * Math.Abs(best);
        return Goal == EvaluationGoal.Minimize ? metric < best - margin : metric > best + margin;
    }

    private static bool IsPossible(string name, double value) => name switch
    {
        "best" => !double.IsNaN(value),
        "factor" => value >= 0 && double.IsFinite(value),
        _ => value is >= 0 and <= int.MaxValue && Math.Floor(value) == value,
    };
}
