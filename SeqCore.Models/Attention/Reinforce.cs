namespace SeqCore.Models;

/// <summary>
/// Makes a loss whose gradient estimates that of an expected loss over random choices, without bias (REINFORCE; Williams, Machine
/// Learning 8, 1992): mean(L) + mean((L - b) log p) - entropyWeight mean(H), L and b constants in the second term. The baseline b
/// is a moving average of the batches before, as in Xu et al., "Show, attend and tell", arXiv:1502.03044, which also
/// adds the entropy H.
/// </summary>
public sealed class Reinforce
{
    private double? given;
    private Tensor? moved;

    /// <summary>An estimator.</summary>
    /// <param name="baselineDecay">Share of the baseline that each batch keeps, in [0, 1).</param>
    /// <param name="entropyWeight">How much entropy of the choices is rewarded, at least 0.</param>
    public Reinforce(float baselineDecay = 0.9f, float entropyWeight = 0f)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(entropyWeight);
        BaselineDecay = Argument.Probability(baselineDecay, nameof(Reinforce), nameof(baselineDecay));
        EntropyWeight = entropyWeight;
    }

    /// <summary>Share of the baseline that each batch keeps.</summary>
    public float BaselineDecay { get; }

    /// <summary>How much entropy of the choices is rewarded.</summary>
    public float EntropyWeight { get; }

    /// <summary>
    /// b, 0 before the first batch and then the mean of what its choices were judged by; part of a checkpoint. It stays on the
    /// device: to read it waits for that.
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

    /// <summary>The loss to back-propagate; moves the baseline on.</summary>
    /// <param name="losses">Shape (B,): loss of each example.</param>
    /// <param name="logProbabilities">Shape (B, T): log probabilities of the choices that each example made.</param>
    /// <param name="probabilities">Shape (B, ..., S): what they were drawn from; needed only for the entropy.</param>
    /// <param name="consequences">
    /// Shape (B,): what each example's choices are judged by in place of its loss L, where they change the losses of other
    /// examples too, as a step's choices do those of later steps; null for the losses.
    /// </param>
    /// <returns>A scalar, whose value means nothing where the choices' part is not 0.</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    /// <exception cref="ArgumentException">Entropy is rewarded, but there are no probabilities.</exception>
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
            throw new ArgumentException("Reinforce: to reward entropy, give the probabilities of the choices.",
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

    /// <summary>Puts another number in the place of the baseline, one that outlives the step.</summary>
    private void Move(Tensor? baseline)
    {
        moved?.Dispose();
        moved = baseline;
        if (baseline is not null)
            TensorScope.Current?.Keep(baseline);
    }

    /// <summary>-sum p log p, with 0 log 0 = 0: the clamp's slope is 0 where p is.</summary>
    private static Variable Entropy(Variable probabilities) => -(probabilities * probabilities.Clamp(1e-30f, 1f).Log()).Sum();
}
