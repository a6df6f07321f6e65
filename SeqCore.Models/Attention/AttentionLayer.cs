using SeqCore.Autograd;
using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>What an attention gives.</summary>
/// <param name="Output">Shape (B, T, D): for each query, the values it attends to.</param>
/// <param name="Weights">Shape (B, N, T, S), N heads (1 where there are none); null unless asked for.</param>
public readonly record struct AttentionResult(Variable Output, Variable? Weights);

/// <summary>The attention family behind one interface: each query looks at all keys and takes a weighted mean of their values.</summary>
public abstract class AttentionLayer : Module
{
    /// <summary>Attends.</summary>
    /// <param name="query">Shape (B, T, Q).</param>
    /// <param name="keys">Shape (B, S, I).</param>
    /// <param name="values">Shape (B, S, J); null for the keys themselves.</param>
    /// <param name="options">What is hidden; null for nothing.</param>
    /// <param name="returnWeights">Whether the weights are wanted; without them multi-head attention takes memory linear in T and S.</param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public abstract AttentionResult Forward(Variable query, Variable keys, Variable? values = null, AttentionOptions? options = null, bool returnWeights = false);
}
