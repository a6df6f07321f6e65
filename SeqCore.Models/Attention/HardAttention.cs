namespace SeqCore.Models;

/// <summary>What hard attention gives.</summary>
/// <param name="Output">Shape (B, T, J): for each query, the value that it chose.</param>
/// <param name="Weights">
/// Shape (B, 1, T, S): 1 at the choice, else 0; with straight-through, gradients flow to the scores.
/// </param>
/// <param name="Probabilities">Shape (B, 1, T, S): what the choice was drawn from.</param>
/// <param name="Choices">Shape (B, T): positions in [0, S), or -1 where there was nothing to choose from.</param>
/// <param name="LogProbabilities">
/// Shape (B, T): log probability of each choice, 0 where there was none; for <see cref="Reinforce"/>.
/// </param>
public readonly record struct HardAttentionResult(Variable Output, Variable Weights, Variable Probabilities, IndexTensor Choices,
    Variable LogProbabilities);

/// <summary>
/// Hard attention (Xu et al., "Show, attend and tell", arXiv:1502.03044): each query looks at one position, drawn from the
/// softmax of its scores by the greatest of scores plus Gumbel noise. In evaluation it takes the likeliest. Parameters: those of
/// the score, under <c>score</c>.
/// </summary>
public sealed class HardAttention : AttentionLayer
{
    private readonly RandomGenerator random;

    /// <summary>Hard attention with another attention's score.</summary>
    /// <param name="score">Whose scores are drawn from; becomes a part of this module.</param>
    /// <param name="estimator">How the scores are trained.</param>
    /// <param name="random">Draws the choices; its state is part of a checkpoint.</param>
    /// <param name="temperature">
    /// Straight-through only: what scores plus noise are divided by in the gradient's softmax, above 0.
    /// </param>
    public HardAttention(ScoredAttention score, HardAttentionEstimator estimator, RandomGenerator random, float temperature = 1f)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentNullException.ThrowIfNull(random);
        Argument.Defined(estimator, Kind, nameof(estimator));
        Argument.Positive(temperature, Kind, nameof(temperature));
        Score = Register("score", score);
        (Estimator, this.random, Temperature) = (estimator, Register(random), temperature);
    }

    /// <summary>Whose scores are drawn from.</summary>
    public ScoredAttention Score { get; }

    /// <summary>How the scores are trained.</summary>
    public HardAttentionEstimator Estimator { get; }

    /// <summary>What scores plus noise are divided by in the straight-through gradient's softmax.</summary>
    public float Temperature { get; }

    /// <inheritdoc/>
    public override PreparedKeys Prepare(Variable keys, Variable? values = null, AttentionOptions? options = null) =>
        Score.Prepare(keys, values, options);

    /// <inheritdoc/>
    /// <remarks>The weights are 1 at the choice, else 0.</remarks>
    public override AttentionResult Forward(Variable query, PreparedKeys source, bool returnWeights = false)
    {
        var (result, greatest, _) = Draw(query, source);
        greatest.Dispose();
        var isScored = Estimator == HardAttentionEstimator.ScoreFunction && Draws(source);
        return new AttentionResult(result.Output, returnWeights ? result.Weights : null)
        {
            LogProbabilities = isScored ? result.LogProbabilities : null,
            Probabilities = isScored ? result.Probabilities : null,
        };
    }

    /// <summary>Draws a position for each query, with all that training needs.</summary>
    /// <param name="query">Shape (B, T, Q).</param>
    /// <param name="source">What <see cref="Prepare"/>, or that of <see cref="Score"/>, gave.</param>
    /// <exception cref="ShapeException">The query is not as above.</exception>
    /// <exception cref="ArgumentException">The options ask for dropout, or another attention prepared the source.</exception>
    public HardAttentionResult Choose(Variable query, PreparedKeys source)
    {
        var (result, greatest, alive) = Draw(query, source);
        using (greatest)
            return result with { Choices = ChoicesOf(greatest, alive) };
    }

    /// <summary>
    /// All of the result but the choices, which are where the greatest of each row of scores is, if the row is alive.
    /// </summary>
    private (HardAttentionResult Result, IndexTensor Greatest, BoolTensor? Alive) Draw(Variable query, PreparedKeys source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Options.Dropout > 0f)
        {
            throw new ArgumentException($"{Kind}: there is no dropout of a single choice; leave AttentionOptions.Dropout at 0.",
                nameof(source));
        }

        var (raw, mask) = Score.ScoresOf(query, source);
        var scores = mask.Apply(raw);
        var noisy = Draws(source) ? scores + GumbelNoise(scores) : scores;
        var greatest = noisy.Value.ArgMax(-1);
        var oneHot = Tensor.OneHot(greatest, scores.Shape[3]);
        if (mask.Alive is { } alive)
            oneHot = oneHot.MaskedFill(!alive, 0f);
        var probabilities = mask.Weights(raw);
        Variable weights = oneHot;
        if (Draws(source) && Estimator == HardAttentionEstimator.StraightThrough)
        {
            var soft = (noisy * (1f / Temperature)).Softmax();
            weights = new StraightThrough(mask.Alive is null ? soft : soft.MaskedFill(!mask.Alive, 0f), oneHot).Apply();
        }

        var logProbabilities = scores.LogSoftmax().MaskedFill(oneHot.EqualTo(0f), 0f).Sum(-1).Squeeze(1);
        return (new HardAttentionResult(ScoredAttention.Mix(mask, weights, source.Values), weights, probabilities,
            greatest, logProbabilities), greatest, mask.Alive);
    }

    private bool Draws(PreparedKeys source) => IsTraining && !source.IsInference;

    /// <summary>-log(-log u), u uniform.</summary>
    private Tensor GumbelNoise(Variable scores)
    {
        // u is a multiple of 2^-24 and may be 0, which half a step keeps away from the logarithm.
        var u = Tensor.RandomUniform(scores.Shape, random, backend: scores.Value.Backend);
        return -(-(u + (1f / (1 << 25))).Log()).Log();
    }

    /// <summary>Positions from shape (B, 1, T) to (B, T), -1 in rows without any.</summary>
    private static IndexTensor ChoicesOf(IndexTensor greatest, BoolTensor? alive)
    {
        var shape = new Shape(greatest.Shape[0], greatest.Shape[2]);
        if (alive is null)
            return greatest.Reshape(shape);
        var (choices, rows) = (greatest.ToArray(), alive.BroadcastTo(new Shape(shape[0], 1, shape[1], 1)).ToArray());
        for (var i = 0; i < choices.Length; i++)
            choices[i] = rows[i] ? choices[i] : -1;
        return IndexTensor.FromSpan(choices, shape, greatest.Backend);
    }
}
