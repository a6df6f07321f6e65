namespace SeqCore.Models;

/// <summary>The base of normalisations over the last axis, so that a Transformer can be built with any of them.</summary>
public abstract class NormLayer : Layer
{
    /// <summary>Computes the sum x + residual and its norm in one pass.</summary>
    /// <param name="x">The input, shape (..., F).</param>
    /// <param name="residual">The residual, shape (..., F), the shape of x.</param>
    /// <exception cref="ShapeException">The shapes differ, or their last axis is not F.</exception>
    public abstract (Variable Normalised, Variable Sum) Add(Variable x, Variable residual);

    /// <summary>Computes the sum dropout(x) + residual and its norm, in one pass where the norm can.</summary>
    /// <param name="x">The input, shape (..., F).</param>
    /// <param name="residual">The residual, shape (..., F), the shape of x.</param>
    /// <param name="dropout">The dropout of x; null for none.</param>
    /// <exception cref="ShapeException">The shapes differ, or their last axis is not F.</exception>
    public virtual (Variable Normalised, Variable Sum) Add(Variable x, Variable residual, Dropout? dropout) =>
        Add(dropout?.Forward(x) ?? x, residual);
}
