using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Applies rotary position embeddings to the first heads of each step; <see cref="Backend.Rotary"/> has the equations. Shapes: x
/// and y (..., T, C), table (P, 2, R).
/// </summary>
internal sealed class RotaryFunction(Variable x, Tensor table, int headCount, int headSize, int firstPosition, RotaryPairs pairs)
    : Function(x)
{
    private RotaryShape shape;
    private Tensor? angles;

    protected override Tensor Forward()
    {
        shape = Check();
        angles = table.Contiguous();
        var y = Tensor.Uninitialized(x.Shape, x.Value.Backend);
        y.Backend.Rotary(x.Value.Contiguous().Span, angles.Span, y.Span, shape);
        return y;
    }

    /// <summary>Rotates the gradient back: the transpose of a rotation is its inverse.</summary>
    protected override void Backward(Tensor dY)
    {
        var dX = Tensor.Uninitialized(x.Shape, dY.Backend);
        dY.Backend.RotaryGradient(dY.Span, angles!.Span, dX.Span, shape);
        AddGradient(x, dX);
    }

    private RotaryShape Check()
    {
        if (!Enum.IsDefined(pairs))
        {
            throw new ArgumentOutOfRangeException(nameof(pairs), pairs,
                $"{Name}: there is no such pairing; the pairings are HalfSplit and Interleaved.");
        }

        if (x.Shape.Rank < 2 || x.Shape[-1] < (long)headCount * headSize)
        {
            throw ShapeException.Wrong(Name, "x", $"(..., T, C) with C at least {(long)headCount * headSize}", x.Shape,
                $"{headCount} heads of {headSize} elements are rotated");
        }

        int steps = x.Shape[-2], columns = x.Shape[-1],
            batch = steps == 0 || columns == 0 ? 0 : x.Shape.ElementCount / steps / columns;
        if (table.Shape.Rank != 3 || table.Shape[1] != 2 || table.Shape[2] < 2 || table.Shape[2] > headSize
            || table.Shape[2] % 2 != 0)
        {
            throw ShapeException.Wrong(Name, "table", $"(P, 2, R) with R even and at most {headSize}", table.Shape,
                $"a head has {headSize} elements");
        }

        if (table.Shape[0] < (long)firstPosition + steps)
        {
            throw ShapeException.Wrong(Name, "table", $"(P, 2, R) with P at least {(long)firstPosition + steps}", table.Shape,
                $"x is {x.Shape} and begins at position {firstPosition}");
        }

        return new RotaryShape(batch, steps, columns, headCount, headSize, table.Shape[2], firstPosition, pairs);
    }
}
