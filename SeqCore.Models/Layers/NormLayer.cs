namespace SeqCore.Models;

/// <summary>A normalisation over the last axis, so that a Transformer can be built with either.</summary>
public abstract class NormLayer : Layer
{
    /// <summary>Adds and normalises in one pass: x + residual, and the norm of that.</summary>
    /// <param name="x">Shape (..., F).</param>
    /// <param name="residual">Shape (..., F), the same.</param>
    /// <exception cref="ShapeException">The shapes differ, or their last axis is not F.</exception>
    public abstract (Variable Normalised, Variable Sum) Add(Variable x, Variable residual);
}
