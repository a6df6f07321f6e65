namespace SeqCore.Models;

/// <summary>
/// A module that maps one variable to another, so that it can be part of a <see cref="Sequential"/>. A module whose own Forward
/// takes or returns more, such as <see cref="Lstm"/>, implements it explicitly, so that its own Forward keeps its signature.
/// </summary>
public interface ILayer
{
    /// <summary>
    /// Computes the result, and records it if a tape is open. A layer over sequences returns the output at every step.
    /// </summary>
    /// <param name="x">The input, of the shape that the implementation specifies.</param>
    /// <returns>The result of the layer.</returns>
    Variable Forward(Variable x);
}
