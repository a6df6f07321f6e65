namespace SeqCore.Models;

/// <summary>A module that maps one variable to another, so that it can be part of a <see cref="Sequential"/>.</summary>
public abstract class Layer : Module, ILayer
{
    /// <summary>Computes the result, and records it if a tape is open.</summary>
    public abstract Variable Forward(Variable x);
}
