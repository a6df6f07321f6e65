namespace SeqCore.Models;

/// <summary>A module that turns one variable into another, so that it can stand in a <see cref="Sequential"/>.</summary>
public abstract class Layer : Module, ILayer
{
    /// <summary>Computes the result, and records it where a tape is open.</summary>
    public abstract Variable Forward(Variable x);
}
