namespace SeqCore.Models;

/// <summary>
/// Makes a loss whose gradient is an unbiased estimate of the gradient of an expected loss over random choices (REINFORCE;
/// Williams, Machine Learning 8, 1992): mean(L) + mean((L - b) log p) - entropyWeight mean(H), where L and b are constants in the
/// second term. The baseline b is a moving average over the earlier batches, as in Xu et al., "Show, attend and tell",
/// arXiv:1502.03044, which also adds the entropy H.
/// </summary>
public sealed class Reinforce
{
    private double? given;
    private Tensor? moved;

    /// <summary>Makes an estimator.</summary>
    /// <param name="baselineDecay">The fraction of the baseline that each batch keeps, in [0, 1); 0.9 by default.</param>
    /// <param name="entropyWeight">The weight of the entropy of the choices, which is rewarded; at least 0; 0 by default.</param>
    public Reinforce(float baselineDecay = 0.9f, float entropyWeight = 0f)
    {
        Argument.NotNegative(entropyWeight, nameof(Reinforce), nameof(entropyWeight));
        BaselineDecay = Argument.Probability(baselineDecay, nameof(Reinforce), nameof(baselineDecay));
        EntropyWeight = entropyWeight;
    }

    /// <summary>The fraction of the baseline that each batch keeps, in [0, 1).</summary>
    public float BaselineDecay { get; }

    /// <summary>The weight of the entropy of the choices, which is rewarded.</summary>
    public float EntropyWeight { get; }

    /// <summary>
    /// The baseline b: 0 before the first batch, then the moving average of the losses that judge the choices; part of a
    /// checkpoint. Reading it waits for the device.
    /// </summary>
    public double? Baseline
    {
        get => moved?.Item() ?? given;
        set
        {
            Move(null);
            given = value;
        }
    }

    /// <summary>Computes the loss to back-propagate and updates the baseline.</summary>
    /// <param name="losses">The loss of each example, shape (B,).</param>
    /// <param name="logProbabilities">The log probabilities of the choices of each example, shape (B, T).</param>
    /// <param name="probabilities">
    /// The probabilities that the choices were drawn from, shape (B, ..., S); needed only for the entropy.
    /// </param>
    /// <param name="consequences">
    /// What the choices of each example are judged by instead of its loss L, shape (B,), if they change the losses of other
    /// examples too, as the choices of a step affect later steps; null for the losses.
    /// </param>
    /// <returns>A scalar for back-propagation, whose value has no meaning unless the part of the choices is 0.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">The entropy has a weight, but there are no probabilities.</exception>
    public Variable Loss(Variable losses, Variable logProbabilities, Variable? probabilities = null, Tensor? consequences = null)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(logProbabilities);
        if (losses.Shape.Rank != 1)
            throw ShapeException.Wrong(nameof(Reinforce), "losses", "(B,)", losses.Shape, null, "sum the losses of each example");
        if (logProbabilities.Shape.Rank != 2 || logProbabilities.Shape[0] != losses.Shape[0])
        {
            throw ShapeException.Wrong(nameof(Reinforce), "logProbabilities", $"(B, T) = ({losses.Shape[0]}, T)",
                logProbabilities.Shape, $"losses is {losses.Shape}");
        }

        if (consequences is not null && !consequences.Shape.Equals(losses.Shape))
        {
            throw ShapeException.Wrong(nameof(Reinforce), "consequences", $"(B,) = {losses.Shape}", consequences.Shape,
                $"losses is {losses.Shape}");
        }

        if (EntropyWeight > 0f && probabilities is null)
        {
            throw new ArgumentException("Reinforce: the entropy needs the probabilities of the choices; pass them.",
                nameof(probabilities));
        }

        var judged = consequences ?? losses.Value;
        var baseline = moved ?? (given is { } start ? Tensor.Full(Shape.Scalar, (float)start, judged.Backend) : null);
        Variable advantage = baseline is null ? judged : judged - baseline;
        var loss = losses.Mean() + (advantage * logProbabilities.Sum(1)).Mean();
        if (EntropyWeight > 0f)
            loss -= Entropy(probabilities!) * (EntropyWeight / losses.Shape[0]);
        var mean = judged.Mean();
        Move(baseline is null ? mean : (baseline * BaselineDecay) + (mean * (1 - BaselineDecay)));
        return loss;
    }

    /// <summary>Replaces the baseline by another number, which outlives the step.</summary>
    private void Move(Tensor? baseline)
    {
        moved?.Dispose();
        moved = baseline;
        if (baseline is not null)
            TensorScope.Current?.Keep(baseline);
    }

    /// <summary>Computes the entropy -sum p log p, with 0 log 0 = 0: the slope of the clamp is 0 where p is 0.</summary>
    private static Variable Entropy(Variable probabilities) => -(probabilities * probabilities.Clamp(1e-30f, 1f).Log()).Sum();
}
