using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore;

public partial class Variable
{
    /// <summary>
    /// Computes the negative log-likelihood of tags under a linear-chain conditional random field (Lafferty, McCallum and
    /// Pereira, 2001), log sum_y' e^(s(y')) - s(y), where the score s of tags is the sum of their emissions, of the transitions
    /// between neighbours, and of start and end. This variable is the emissions, shape (B, T, K). A score of -infinity forbids
    /// what it scores.
    /// </summary>
    /// <param name="transitions">The score of tag j after tag i at (i, j), shape (K, K).</param>
    /// <param name="start">The score of each tag at the first step, shape (K,).</param>
    /// <param name="end">The score of each tag at the last step, shape (K,).</param>
    /// <param name="targets">The tags y, shape (B, T), each in [0, K); those past a length may hold anything.</param>
    /// <param name="lengths">The number of steps of each sequence, shape (B,), in [0, T]; null for T.</param>
    /// <param name="reduction">The reduction of the losses of sequences; the mean is over sequences.</param>
    /// <returns>A scalar, or a variable of shape (B,) without a reduction.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">A target or a length is out of range.</exception>
    public Variable Crf(Variable transitions, Variable start, Variable end, IndexTensor targets, IndexTensor? lengths = null,
        LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(end);
        ArgumentNullException.ThrowIfNull(targets);
        return new CrfFunction(this, transitions, start, end, targets, lengths, reduction).Apply();
    }

    /// <summary>
    /// Finds the tags of the highest score of each sequence under a linear-chain conditional random field, with the Viterbi
    /// algorithm; no gradient flows through it. This variable is the emissions, shape (B, T, K). A score of -infinity forbids
    /// what it scores.
    /// </summary>
    /// <param name="transitions">The score of tag j after tag i at (i, j), shape (K, K).</param>
    /// <param name="start">The score of each tag at the first step, shape (K,).</param>
    /// <param name="end">The score of each tag at the last step, shape (K,).</param>
    /// <param name="lengths">The number of steps of each sequence, shape (B,), in [0, T]; null for T.</param>
    /// <returns>The tags, shape (B, T), with 0 past a length; and the scores of the sequences, shape (B,).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">A length is out of range.</exception>
    public (IndexTensor Tags, Tensor Scores) CrfDecode(Variable transitions, Variable start, Variable end,
        IndexTensor? lengths = null)
    {
        var arguments = CrfOperands(nameof(CrfDecode), transitions, start, end, lengths);
        var tags = IndexTensor.Uninitialized(new Shape(Shape[0], Shape[1]), Value.Backend);
        var scores = Tensor.Uninitialized(new Shape(Shape[0]), Value.Backend);
        Value.Backend.CrfDecode(arguments, tags.Span, scores.Span);
        return (tags, scores);
    }

    /// <summary>
    /// Computes the probability of each tag at each step under a linear-chain conditional random field, with the forward-backward
    /// algorithm; no gradient flows through them. This variable is the emissions, shape (B, T, K).
    /// </summary>
    /// <param name="transitions">The score of tag j after tag i at (i, j), shape (K, K).</param>
    /// <param name="start">The score of each tag at the first step, shape (K,).</param>
    /// <param name="end">The score of each tag at the last step, shape (K,).</param>
    /// <param name="lengths">The number of steps of each sequence, shape (B,), in [0, T]; null for T.</param>
    /// <returns>The probabilities, shape (B, T, K), with 0 past a length.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">A length is out of range.</exception>
    public Tensor CrfMarginals(Variable transitions, Variable start, Variable end, IndexTensor? lengths = null)
    {
        var arguments = CrfOperands(nameof(CrfMarginals), transitions, start, end, lengths);
        var marginals = Tensor.Uninitialized(Shape, Value.Backend);
        Value.Backend.CrfGradient(arguments, new() { DEmissions = marginals.Span });
        return marginals;
    }

    private CrfArguments CrfOperands(string operation, Variable transitions, Variable start, Variable end, IndexTensor? lengths)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(end);
        CrfShapes.Check(operation, Shape, transitions.Shape, start.Shape, end.Shape, lengths);
        return new()
        {
            Batch = Shape[0],
            Steps = Shape[1],
            Tags = Shape[2],
            Emissions = Value.Contiguous().Span,
            Transitions = transitions.Value.Contiguous().Span,
            Start = start.Value.Contiguous().Span,
            End = end.Value.Contiguous().Span,
            Lengths = lengths?.Span ?? default,
        };
    }
}
