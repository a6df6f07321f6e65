using SeqCore.Functions;

namespace SeqCore;

public partial class Variable
{
    /// <summary>
    /// Computes the log probability of each token where a decoder either generates a token or copies one from its source (See,
    /// Liu and Manning, "Get to the point: summarization with pointer-generator networks", arXiv:1704.04368, equation 9):
    /// log(p softmax(x)_v + (1 - p) sum of a_i over the positions i that hold v), with p = sigmoid(gate). This variable is the
    /// logits x, shape (B, T, V). Everything is computed with logarithms, so that no probability underflows. If the weights of
    /// each step add up to 1, the result is its own log-softmax, so losses and decoders take it as logits. A source of length 0
    /// has nothing to copy: p is 1 there.
    /// </summary>
    /// <remarks>
    /// Words outside the vocabulary can be copied too: give each of a batch an index from V on, and pad the logits with -infinity
    /// for them, so that they are copied but never generated.
    /// </remarks>
    /// <param name="weights">
    /// The weights a of attention to the source, shape (B, T, S); those past a length may be anything.
    /// </param>
    /// <param name="gate">The logit of the probability p of generating, shape (B, T).</param>
    /// <param name="tokens">
    /// The tokens of the sources as tokens of the target, shape (B, S), in [0, V); those past a length may be anything.
    /// </param>
    /// <param name="lengths">The length of each source, shape (B,), in [0, S]; null for S.</param>
    /// <returns>The log probabilities, shape (B, T, V).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">A token or a length is out of range.</exception>
    public Variable CopyMixture(Variable weights, Variable gate, IndexTensor tokens, IndexTensor? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(tokens);
        return new CopyMixtureFunction(this, weights, gate, tokens, lengths).Apply();
    }
}
