namespace SeqCore.Models;

/// <summary>
/// What can stand in a <see cref="Sequential"/>: a module that turns one variable into another. A module whose own Forward takes
/// or returns more, such as <see cref="Lstm"/>, implements it explicitly, so that its own Forward keeps its form.
/// </summary>
public interface ILayer
{
    /// <summary>
    /// Computes the result, and records it where a tape is open. Of a layer over sequences, the output at every step.
    /// </summary>
    /// <param name="x">The input; the implementation gives its shape.</param>
    /// <returns>The result.</returns>
    Variable Forward(Variable x);
}
