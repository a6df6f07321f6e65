namespace SeqCore.Models;

/// <summary>
/// What runs through all layers of a Transformer and each part adds to. The last addition is still to be done, so that the norm
/// that comes next does it in the same pass over memory.
/// </summary>
/// <param name="X">Shape (B, T, D).</param>
/// <param name="Added">What the last part adds, shape (B, T, D); null if nothing.</param>
internal readonly record struct ResidualStream(Variable X, Variable? Added = null)
{
    /// <summary>The norm of the sum, and the sum.</summary>
    internal (Variable Normalised, Variable Sum) Norm(NormLayer norm) =>
        Added is null ? (norm.Forward(X), X) : norm.Add(Added, X);

    /// <summary>The sum.</summary>
    internal Variable Sum() => Added is null ? X : X + Added;
}
