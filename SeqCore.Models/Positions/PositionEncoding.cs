namespace SeqCore.Models;

/// <summary>Adds to each vector of a sequence one that tells its position, since attention alone sees no order.</summary>
public abstract class PositionEncoding : Module
{
    private protected PositionEncoding(int modelSize)
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

    /// <summary>The vectors of neighbouring positions, shape (count, D).</summary>
    private protected abstract Variable Vectors(int firstPosition, int count, Kernels.Backend backend);
}
