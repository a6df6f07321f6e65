namespace SeqCore.Models;

/// <summary>
/// The residual stream through all layers of a Transformer, to which each part adds. The last addition is deferred, so that the
/// next norm does it in the same pass over memory.
/// </summary>
/// <param name="X">The sum so far, shape (B, T, D).</param>
/// <param name="Added">The result of the last part, shape (B, T, D), which is still to be added; null if there is none.</param>
/// <param name="Dropout">The dropout of that result before it is added; null for none.</param>
internal readonly record struct ResidualStream(Variable X, Variable? Added = null, Dropout? Dropout = null)
{
    /// <summary>Returns the norm of the sum, and the sum.</summary>
    internal (Variable Normalised, Variable Sum) Norm(NormLayer norm) =>
        Added is null ? (norm.Forward(X), X) : norm.Add(Added, X, Dropout);

    /// <summary>Returns the sum.</summary>
    internal Variable Sum() => Added is null ? X : X + (Dropout?.Forward(Added) ?? Added);
}
