using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// The base of encodings that add to each vector of a sequence one that depends on its position, since attention alone ignores
/// the order. A derived encoding provides the vectors.
/// </summary>
public abstract class PositionEncoding : Module, ILayer
{
    /// <summary>Makes an encoding for vectors of a given size.</summary>
    /// <param name="modelSize">The width of the model, D, at least 1.</param>
    protected PositionEncoding(int modelSize)
    {
        Argument.AtLeast(modelSize, Kind, nameof(modelSize));
        ModelSize = modelSize;
    }

    /// <summary>The width of the vectors, D.</summary>
    public int ModelSize { get; }

    /// <summary>The number of positions; null for no limit.</summary>
    public abstract int? MaximumLength { get; }

    /// <summary>Adds the vectors of the positions to x.</summary>
    /// <param name="x">The sequences, shape (..., T, D).</param>
    /// <param name="firstPosition">
    /// The position of the first step, at least 0, which is the number of steps that were read before.
    /// </param>
    /// <returns>The sum, shape (..., T, D).</returns>
    /// <exception cref="ShapeException">The last axis is not D, or the sequence extends beyond the last position.</exception>
    public Variable Forward(Variable x, int firstPosition = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        Argument.AtLeast(firstPosition, Kind, nameof(firstPosition), 0);
        if (x.Shape.Rank < 2 || x.Shape[-1] != ModelSize)
            throw ShapeException.Wrong(Kind, "x", $"(..., T, D) = (..., T, {ModelSize})", x.Shape);
        if (MaximumLength is { } limit && x.Shape[-2] > limit - firstPosition)
        {
            throw ShapeException.Wrong(Kind, "x", $"(..., T, D) with T at most {Math.Max(0, limit - firstPosition)}", x.Shape,
                $"there are {limit} positions and it begins at {firstPosition}");
        }

        var (vectors, expected) = (Vectors(firstPosition, x.Shape[-2], x.Value.Backend), new Shape(x.Shape[-2], ModelSize));
        return vectors.Shape.Equals(expected)
            ? x + vectors
            : throw ShapeException.Wrong(Kind, $"the result of {nameof(Vectors)}", $"(count, D) = {expected}", vectors.Shape);
    }

    /// <summary>Adds the vectors of the positions from 0 on.</summary>
    Variable ILayer.Forward(Variable x) => Forward(x);

    /// <summary>Returns the vectors of consecutive positions.</summary>
    /// <param name="firstPosition">The first position, at least 0.</param>
    /// <param name="count">The number of positions, none of which is beyond <see cref="MaximumLength"/>.</param>
    /// <param name="backend">The backend that holds the sequence, on which constants should be made.</param>
    /// <returns>The vectors, shape (count, D).</returns>
    protected abstract Variable Vectors(int firstPosition, int count, Backend backend);
}
