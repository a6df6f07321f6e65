using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The part of a model that is compared: it reads vectors in order and returns one for each step.</summary>
internal abstract class SequenceCore : Module
{
    /// <summary>The width of the output vectors.</summary>
    internal abstract int OutputSize { get; }

    /// <summary>Runs all steps. Shapes (B, T, E) to (B, T, O).</summary>
    internal abstract Variable Forward(Variable x);

    /// <summary>Returns the outputs of the last steps only. Shapes (B, T, E) to (B, count, O).</summary>
    internal virtual Variable Last(Variable x, int count) => Forward(x).Slice(1, x.Shape[1] - count, count);

    /// <summary>The attention weights of the last step; null for a core without attention.</summary>
    /// <param name="x">Shape (B, T, E).</param>
    /// <returns>The weights of each layer, shape (B, N, T), N heads.</returns>
    internal virtual IReadOnlyList<Variable>? LastWeights(Variable x) => null;
}
