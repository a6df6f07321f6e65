using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Adds to each vector of a sequence one that depends on its position, since attention alone sees no order. A derived encoding
/// gives the vectors.
/// </summary>
public abstract class PositionEncoding : Module, ILayer
{
    /// <summary>Makes an encoding for vectors of this size.</summary>
    /// <param name="modelSize">D, at least 1.</param>
    protected PositionEncoding(int modelSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modelSize, 1);
        ModelSize = modelSize;
    }

    /// <summary>D</summary>
    public int ModelSize { get; }

    /// <summary>How many positions there are; null for no limit.</summary>
    public abstract int? MaximumLength { get; }

    /// <summary>x with the vectors of its positions added.</summary>
    /// <param name="x">Shape (..., T, D).</param>
    /// <param name="firstPosition">Position of the first step, at least 0: the number of steps that were read before.</param>
    /// <returns>Shape (..., T, D).</returns>
    /// <exception cref="ShapeException">The last axis is not D, or the sequence goes beyond the last position.</exception>
    public Variable Forward(Variable x, int firstPosition = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        if (x.Shape.Rank < 2 || x.Shape[-1] != ModelSize)
            throw ShapeException.Wrong(Kind, "x", $"(..., T, D) = (..., T, {ModelSize})", x.Shape);
        if (MaximumLength is { } limit && x.Shape[-2] > limit - firstPosition)
        {
            throw ShapeException.Wrong(Kind, "x", $"(..., T, D) with T at most {Math.Max(0, limit - firstPosition)}", x.Shape,
                $"there are {limit} positions and it begins at {firstPosition}");
        }

        return x + Vectors(firstPosition, x.Shape[-2], x.Value.Backend);
    }

    /// <summary>Adds the vectors of the positions from 0 on.</summary>
    Variable ILayer.Forward(Variable x) => Forward(x);

    /// <summary>Returns the vectors of neighbouring positions.</summary>
    /// <param name="firstPosition">The first position, at least 0.</param>
    /// <param name="count">How many positions; none lies beyond <see cref="MaximumLength"/>.</param>
    /// <param name="backend">Where the sequence is: constants should be made there.</param>
    /// <returns>Shape (count, D).</returns>
    protected abstract Variable Vectors(int firstPosition, int count, Backend backend);
}
