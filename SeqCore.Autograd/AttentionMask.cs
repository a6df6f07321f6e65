using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// The keys that <see cref="AttentionOptions"/> hide, the bias that they add, and the cap and the modification of the scores,
/// over the whole matrix of scores, for attentions that compute their scores in another way. The scale and the dropout of the
/// options are not included.
/// </summary>
public sealed class AttentionMask
{
    private readonly AttentionOptions options;
    private readonly Tensor? bias;
    private readonly BoolTensor? queriesWithKeys;
    private readonly bool hidesFromSome;

    /// <summary>Builds the tensors in the open scope.</summary>
    /// <param name="scores">The shape of the scores, (B, N, T, S).</param>
    /// <param name="options">The options of attention, which specify what is hidden; null hides nothing.</param>
    /// <param name="backend">The backend that holds the scores; null for the default.</param>
    /// <exception cref="ShapeException">
    /// The scores do not have four axes, or a tensor of the options does not fit them.
    /// </exception>
    public AttentionMask(Shape scores, AttentionOptions? options = null, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Rank != 4)
            throw ShapeException.Wrong(nameof(AttentionMask), "scores", "(B, N, T, S)", scores);
        var shape = new AttentionShape(scores[0], scores[1], scores[1], scores[2], scores[3], 1, 1);
        this.options = options ?? AttentionOptions.Full;
        shape.Check(this.options);
        hidesFromSome = this.options is not
        { IsCausal: false, Window: 0, Bias: null, Allowed: null, Pattern: null, ScoreModification: null };
        (bias, queriesWithKeys) = AttentionBias.Build(shape, this.options, backend ?? Backend.Default);
    }

    /// <summary>
    /// A mask that is true for each query that may attend to at least one key, shape (B or 1, N or 1, T, 1); null if all queries
    /// may. What <see cref="AttentionOptions.ScoreModification"/> hides is not known before <see cref="Apply(Variable)"/>.
    /// </summary>
    public BoolTensor? QueriesWithKeys => queriesWithKeys;

    /// <summary>
    /// Caps scores and modifies them if the options do so, adds the bias and sets hidden ones to minus infinity, even where they
    /// are NaN or infinite; the bias and the hiding leave the scores of a query without any key unchanged.
    /// </summary>
    /// <param name="scores">
    /// The scaled scores, shape (B, N, T, S); an axis of size 1 in the shape that the mask was built for may have any size.
    /// </param>
    public Variable Apply(Variable scores) => Apply(scores, out _);

    /// <summary>
    /// Computes <see cref="Apply(Variable)"/>; the scores of a query all of whose keys
    /// <see cref="AttentionOptions.ScoreModification"/> hides are 0.
    /// </summary>
    /// <param name="scores">The scaled scores, of a shape as for <see cref="Apply(Variable)"/>.</param>
    /// <param name="queriesWithKeys">
    /// Receives a mask that is true for each query that may attend to at least one key, after the modification; null if all may.
    /// </param>
    public Variable Apply(Variable scores, out BoolTensor? queriesWithKeys)
    {
        ArgumentNullException.ThrowIfNull(scores);
        (var result, _, queriesWithKeys) = AttentionBias.Add(options.Scores(scores), (bias, this.queriesWithKeys), options);
        return result;
    }

    /// <summary>
    /// Computes the softmax over the last axis of what <see cref="Apply(Variable)"/> returns; the weights of a query that may
    /// attend to nothing are 0.
    /// </summary>
    /// <param name="scores">The scaled scores, of a shape as for <see cref="Apply(Variable)"/>.</param>
    public Variable Weights(Variable scores)
    {
        var weights = Apply(scores, out var withKeys).Softmax();
        return withKeys is null ? weights : weights.MaskedFill(!withKeys, 0f);
    }

    /// <summary>
    /// Computes the product weights values, where NaN and infinity in a value reach only the queries that may attend to it.
    /// Padding beyond <see cref="AttentionOptions.KeyLengths"/> is hidden from all queries; clearing it once is cheaper than
    /// handling it here for each query.
    /// </summary>
    /// <param name="weights">The weights from <see cref="Weights"/>, shape (B, N, T, S).</param>
    /// <param name="values">The values, shape (B, N, S, J).</param>
    /// <returns>The weighted sums of the values, shape (B, N, T, J).</returns>
    public Variable Mix(Variable weights, Variable values)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(values);
        if (!hidesFromSome)
            return Variable.MatMul(weights, values);
        var rows = new HiddenRows(values);
        return rows.PropagateNaN(Variable.MatMul(weights, rows.Finite), weights.Value);
    }
}
