namespace SeqCore.Models;

/// <summary>A function without parameters as a layer: an activation, a reshape.</summary>
/// <param name="function">What it computes.</param>
public sealed class Lambda(Func<Variable, Variable> function) : Layer
{
    private readonly Func<Variable, Variable> function = Argument.NotNull(function);

    /// <inheritdoc/>
    public override Variable Forward(Variable x) => function(x);
}
