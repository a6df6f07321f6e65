using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// What <see cref="AttentionOptions"/> hide of and add to a whole matrix of scores, as tensors: for attentions that form their
/// scores in ways of their own. The options' scale and dropout are not part of it.
/// </summary>
public sealed class AttentionMask
{
    private readonly Tensor? bias;
    private readonly BoolTensor? alive;
    private readonly bool hidesFromSome;

    /// <summary>Builds the tensors, in the scope that is open.</summary>
    /// <param name="scores">(B, N, T, S).</param>
    /// <param name="options">What is hidden; null for nothing.</param>
    /// <param name="backend">Where the scores are; null for the default.</param>
    /// <exception cref="ShapeException">
    /// The scores do not have four axes, or a member of the options does not fit them.
    /// </exception>
    public AttentionMask(Shape scores, AttentionOptions? options = null, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Rank != 4)
            throw ShapeException.Wrong(nameof(AttentionMask), "scores", "(B, N, T, S)", scores);
        var shape = new AttentionShape(scores[0], scores[1], scores[1], scores[2], scores[3], 1);
        options ??= AttentionOptions.Full;
        shape.Check(options);
        hidesFromSome = options is not { IsCausal: false, Window: 0, Bias: null, Allowed: null };
        (bias, alive) = AttentionBias.Build(shape, options, backend ?? Backend.Default);
    }

    /// <summary>
    /// True for a query that may attend to something, shape (B or 1, N or 1, T, 1); null if every query may.
    /// </summary>
    public BoolTensor? Alive => alive;

    /// <summary>
    /// Scores with what is added to them, minus infinity where hidden, be they NaN or infinite there; the scores of a query
    /// without any key stay as they are.
    /// </summary>
    /// <param name="scores">
    /// Shape (B, N, T, S); an axis that has size 1 in the shape that the mask was built for may have any.
    /// </param>
    public Variable Apply(Variable scores) => bias is null ? scores : new AddBiasFunction(scores, bias).Apply();

    /// <summary>softmax(scores + bias) over the last axis; 0 for a query that may attend to nothing.</summary>
    /// <param name="scores">As for <see cref="Apply"/>.</param>
    public Variable Weights(Variable scores)
    {
        var weights = Apply(scores).Softmax();
        return alive is null ? weights : weights.MaskedFill(!alive, 0f);
    }

    /// <summary>
    /// weights values, where NaN and infinity of a value reach only the queries that may attend to it. Padding beyond
    /// <see cref="AttentionOptions.KeyLengths"/> is hidden from all queries: clear it once instead of here, query by query.
    /// </summary>
    /// <param name="weights">Shape (B, N, T, S): from <see cref="Weights"/>.</param>
    /// <param name="values">Shape (B, N, S, J).</param>
    /// <returns>Shape (B, N, T, J).</returns>
    public Variable Mix(Variable weights, Variable values)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(values);
        if (!hidesFromSome)
            return Variable.MatMul(weights, values);
        var rows = new HiddenRows(values);
        return rows.SpoilResult(Variable.MatMul(weights, rows.Finite), weights.Value);
    }
}
