using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The part of a model that is compared: it reads vectors in order and gives one for each step.</summary>
internal abstract class SequenceCore : Module
{
    /// <summary>Width of the vectors that come out.</summary>
    internal abstract int OutputSize { get; }

    /// <summary>All steps. Shapes (B, T, E) to (B, T, O).</summary>
    internal abstract Variable Forward(Variable x);

    /// <summary>What is read out at the end, for the last steps alone. Shapes (B, T, E) to (B, count, O).</summary>
    internal virtual Variable Last(Variable x, int count) => Forward(x).Slice(1, x.Shape[1] - count, count);

    /// <summary>The weights with which the last step looks at each step; null for a core without attention.</summary>
    /// <param name="x">Shape (B, T, E).</param>
    /// <returns>For each layer: shape (B, N, T), N heads.</returns>
    internal virtual IReadOnlyList<Variable>? LastWeights(Variable x) => null;
}
