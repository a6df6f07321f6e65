namespace SeqCore.Models;

/// <summary>
/// Lets a decoder copy tokens of its source (See, Liu and Manning, "Get to the point: summarization with pointer-generator
/// networks", arXiv:1704.04368, section 2.2), so that it can write names and numbers that it never learned to generate. A gate
/// p = sigmoid(w' [c; h; x] + b) (equation 8) is the probability that a step generates its token from the logits; otherwise it
/// copies the token of a position, which the weights of attention choose: <see cref="Variable.CopyMixture"/> (equation 9). The
/// results are log probabilities, which are logits too, so that losses, sampling and beam search take them as they are. Source
/// and target share one vocabulary. Parameters: <c>gate.weight</c> (1, G) and <c>gate.bias</c> (1).
/// </summary>
/// <remarks>
/// A token that the vocabulary lacks cannot be copied: a <see cref="WordTokenizer"/> copies it as its unknown token. A
/// <see cref="BytePairTokenizer"/> has tokens for every word. With a decoder of your own, <see cref="Variable.CopyMixture"/> can
/// copy words outside the vocabulary.
/// </remarks>
/// <example>
/// <code>
/// using var copy = new CopyMechanism(gateSize: 8, new RandomGenerator(seed: 1));
/// using var scope = new TensorScope();
/// Variable logits = Tensor.Zeros([1, 2, 10]), features = Tensor.Zeros([1, 2, 8]);
/// Variable attention = Tensor.FromArray(new float[,,] { { { 1, 0, 0 }, { 0, 0.5f, 0.5f } } });
/// var source = IndexTensor.FromArray(new[,] { { 7, 3, 4 } });
/// var next = copy.Forward(logits, attention, features, source);
/// Console.WriteLine(next.Value.ArgMax(-1).ToArray()[0]);  // 7
/// </code>
/// </example>
public sealed class CopyMechanism : Module
{
    /// <summary>Makes a mechanism whose gate is initialised as in PyTorch's Linear.</summary>
    /// <param name="gateSize">
    /// The number of features that the gate reads, G, at least 1: in the paper the result of attention c, the decoder's state h
    /// and the step's input x, side by side.
    /// </param>
    /// <param name="random">The generator that draws the initial values.</param>
    public CopyMechanism(int gateSize, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Argument.AtLeast(gateSize, Kind, nameof(gateSize));
        Gate = Register("gate", new Linear(gateSize, 1, random));
    }

    /// <summary>The layer from the features (G) to the logit of generating (1).</summary>
    public Linear Gate { get; }

    /// <summary>Computes the log probability of each token at each step.</summary>
    /// <param name="logits">The logits of generating each token, shape (B, T, V).</param>
    /// <param name="attention">
    /// The weights of attention to the source, shape (B, T, S), or (B, N, T, S) of N heads, whose mean is taken.
    /// </param>
    /// <param name="features">What the gate reads, shape (B, T, G).</param>
    /// <param name="source">
    /// The source as tokens of the target, shape (B, S), in [0, V); those past a length may be anything.
    /// </param>
    /// <param name="sourceLengths">The length of each source, shape (B,); null if all are full.</param>
    /// <returns>The log probabilities, shape (B, T, V).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">A token or a length is out of range.</exception>
    public Variable Forward(Variable logits, Variable attention, Variable features, IndexTensor source,
        IndexTensor? sourceLengths = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(attention);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(source);
        if (attention.Shape.Rank == 4)
            attention = attention.Shape[1] == 1 ? attention.Squeeze(1) : attention.Mean(1);
        return logits.CopyMixture(attention, Gate.Forward(features).Squeeze(-1), source, sourceLengths);
    }
}
