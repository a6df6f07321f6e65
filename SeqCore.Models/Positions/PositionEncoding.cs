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

        return x + VectorsOf(firstPosition, x.Shape[-2], x.Value.Backend);
    }

    /// <summary>
    /// Adds the vectors of given positions to x, which may differ between the rows of a batch, such as those of padded prompts.
    /// The positions are read back.
    /// </summary>
    /// <param name="x">The sequences, shape (..., T, D).</param>
    /// <param name="positions">The position of each step, at least 0: shape (..., T), or one that broadcasts to it.</param>
    /// <returns>The sum, shape (..., T, D).</returns>
    /// <exception cref="ShapeException">The last axis is not D, or the positions do not fit the steps.</exception>
    /// <exception cref="ArgumentException">A position is negative, or beyond the last one.</exception>
    public Variable Forward(Variable x, IndexTensor positions)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(positions);
        if (x.Shape.Rank < 2 || x.Shape[-1] != ModelSize)
            throw ShapeException.Wrong(Kind, "x", $"(..., T, D) = (..., T, {ModelSize})", x.Shape);
        var all = positions.ToArray();
        foreach (var position in all)
        {
            if (position < 0 || position >= MaximumLength)
            {
                throw new ArgumentException($"{Kind}: there is no position {position}; positions are"
                    + (MaximumLength is { } limit ? $" in [0, {limit})." : " at least 0."), nameof(positions));
            }
        }

        return Forward(x, positions, all.DefaultIfEmpty(-1).Max() + 1);
    }

    /// <summary>Adds the vectors of given positions, all of which are below an end.</summary>
    internal Variable Forward(Variable x, IndexTensor positions, int end) =>
        x + VectorsOf(0, end, x.Value.Backend).Gather(positions.BroadcastTo(new Shape(x.Shape.Sizes[..^1])));

    /// <summary>Adds the vectors of the positions from 0 on.</summary>
    Variable ILayer.Forward(Variable x) => Forward(x);

    /// <summary>Returns the vectors of consecutive positions.</summary>
    /// <param name="firstPosition">The first position, at least 0.</param>
    /// <param name="count">The number of positions, none of which is beyond <see cref="MaximumLength"/>.</param>
    /// <param name="backend">The backend that holds the sequence, on which constants should be made.</param>
    /// <returns>The vectors, shape (count, D).</returns>
    protected abstract Variable Vectors(int firstPosition, int count, Backend backend);

    private Variable VectorsOf(int firstPosition, int count, Backend backend)
    {
        var (vectors, expected) = (Vectors(firstPosition, count, backend), new Shape(count, ModelSize));
        return vectors.Shape.Equals(expected)
            ? vectors
            : throw ShapeException.Wrong(Kind, $"the result of {nameof(Vectors)}", $"(count, D) = {expected}", vectors.Shape);
    }
}
