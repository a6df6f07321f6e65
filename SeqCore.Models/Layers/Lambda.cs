namespace SeqCore.Models;

/// <summary>A function without parameters as a layer, such as an activation or a reshape.</summary>
/// <remarks>
/// The function does not know the mode of the model: <see cref="Variable.Dropout"/> in it always drops. Take a layer
/// <see cref="Dropout"/> instead.
/// </remarks>
/// <param name="function">The function that the layer computes.</param>
public sealed class Lambda(Func<Variable, Variable> function) : Layer
{
    private readonly Func<Variable, Variable> function = Argument.NotNull(function);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The function returned null.</exception>
    public override Variable Forward(Variable x) => function(x)
        ?? throw new InvalidOperationException("Lambda: the function returned null; it should return a variable.");
}
