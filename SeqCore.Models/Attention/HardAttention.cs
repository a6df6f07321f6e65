namespace SeqCore.Models;

/// <summary>What hard attention gives.</summary>
/// <param name="Output">Shape (B, T, J): for each query, the value that it chose.</param>
/// <param name="Weights">
/// The weights, shape (B, 1, T, S): 1 at the choice, else 0; with the straight-through estimator, gradients flow to the scores.
/// </param>
/// <param name="Probabilities">The probabilities that the choices were drawn from, shape (B, 1, T, S).</param>
/// <param name="Choices">The chosen positions, shape (B, T), in [0, S), or -1 where no position could be chosen.</param>
/// <param name="LogProbabilities">
/// The log probability of each choice, shape (B, T), 0 where there was none; for <see cref="Reinforce"/>.
/// </param>
public readonly record struct HardAttentionResult(Variable Output, Variable Weights, Variable Probabilities, IndexTensor Choices,
    Variable LogProbabilities);

/// <summary>
/// Hard attention (Xu et al., "Show, attend and tell", arXiv:1502.03044): each query attends to one position, drawn from the
/// softmax of its scores as the position of the largest of scores plus Gumbel noise. In evaluation it takes the likeliest
/// position. Parameters: those of the score, under <c>score</c>.
/// </summary>
public sealed class HardAttention : AttentionLayer
{
    private readonly RandomGenerator random;

    /// <summary>Makes hard attention with the score of another attention.</summary>
    /// <param name="score">The attention whose scores the choices are drawn from; it becomes a part of this module.</param>
    /// <param name="estimator">The estimator that trains the scores.</param>
    /// <param name="random">The generator that draws the choices; its state is part of a checkpoint.</param>
    /// <param name="temperature">
    /// The number that scores plus noise are divided by in the softmax of the straight-through gradient, above 0; unused
    /// otherwise; 1 by default.
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

    /// <summary>The attention whose scores the choices are drawn from.</summary>
    public ScoredAttention Score { get; }

    /// <summary>The estimator that trains the scores.</summary>
    public HardAttentionEstimator Estimator { get; }

    /// <summary>The number that scores plus noise are divided by in the softmax of the straight-through gradient.</summary>
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

    /// <summary>Draws a position for each query and returns it with everything that training needs.</summary>
    /// <param name="query">The queries, shape (B, T, Q).</param>
    /// <param name="source">The result of <see cref="Prepare"/>, or of Prepare of <see cref="Score"/>.</param>
    /// <exception cref="ShapeException">The query does not have the required shape.</exception>
    /// <exception cref="ArgumentException">The options have dropout, or another attention prepared the source.</exception>
    public HardAttentionResult Choose(Variable query, PreparedKeys source)
    {
        var (result, greatest, queriesWithKeys) = Draw(query, source);
        using (greatest)
            return result with { Choices = ChoicesOf(greatest, queriesWithKeys) };
    }

    /// <summary>
    /// Computes everything in the result but the choices, which are the positions of the largest element in each row of scores,
    /// if the row has any visible key.
    /// </summary>
    private (HardAttentionResult Result, IndexTensor Greatest, BoolTensor? Alive) Draw(Variable query, PreparedKeys source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Options.Dropout > 0f)
        {
            throw new ArgumentException($"{Kind}: a single choice has no dropout; leave AttentionOptions.Dropout at 0.",
                nameof(source));
        }

        var (raw, mask) = Score.ScoresOf(query, source);
        var scores = mask.Apply(raw, out var queriesWithKeys);
        var noisy = Draws(source) ? scores + GumbelNoise(scores) : scores;
        var greatest = noisy.Value.ArgMax(-1);
        var oneHot = Tensor.OneHot(greatest, scores.Shape[3]);
        if (queriesWithKeys is not null)
            oneHot = oneHot.MaskedFill(!queriesWithKeys, 0f);
        var probabilities = Hide(scores.Softmax());
        Variable weights = oneHot;
        if (Draws(source) && Estimator == HardAttentionEstimator.StraightThrough)
        {
            var soft = Hide((noisy * (1f / Temperature)).Softmax());
            weights = new StraightThrough(soft, oneHot).Apply();
        }

        var logProbabilities = scores.LogSoftmax().MaskedFill(oneHot.EqualTo(0f), 0f).Sum(-1).Squeeze(1);
        return (new HardAttentionResult(ScoredAttention.Mix(mask, weights, source.Values), weights, probabilities,
            greatest, logProbabilities), greatest, queriesWithKeys);

        Variable Hide(Variable x) => queriesWithKeys is null ? x : x.MaskedFill(!queriesWithKeys, 0f);
    }

    private bool Draws(PreparedKeys source) => IsTraining && !source.IsInference;

    /// <summary>Draws Gumbel noise, -log(-log u), with u uniform.</summary>
    private Tensor GumbelNoise(Variable scores)
    {
        // u is a multiple of 2^-24 and may be 0; half a step keeps the logarithm finite.
        var u = Tensor.RandomUniform(scores.Shape, random, backend: scores.Value.Backend);
        return -(-(u + (1f / (1 << 25))).Log()).Log();
    }

    /// <summary>Converts positions from shape (B, 1, T) to (B, T), with -1 in rows without a visible key.</summary>
    private static IndexTensor ChoicesOf(IndexTensor greatest, BoolTensor? queriesWithKeys)
    {
        var shape = new Shape(greatest.Shape[0], greatest.Shape[2]);
        if (queriesWithKeys is null)
            return greatest.Reshape(shape);
        var (choices, rows) = (greatest.ToArray(), queriesWithKeys.BroadcastTo(new Shape(shape[0], 1, shape[1], 1)).ToArray());
        for (var i = 0; i < choices.Length; i++)
            choices[i] = rows[i] ? choices[i] : -1;
        return IndexTensor.FromSpan(choices, shape, greatest.Backend);
    }
}
