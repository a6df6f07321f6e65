using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

public sealed partial class IndexTensor
{
    /// <summary>Returns true where x &lt; y; the operands are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator <(IndexTensor x, IndexTensor y) => Compare(IndexComparison.Less, x, y, "Less");

    /// <summary>Returns true where x &gt; y; the operands are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator >(IndexTensor x, IndexTensor y) =>
        Compare(IndexComparison.Less, Tensor.Checked(y), Tensor.Checked(x), "Greater");

    /// <summary>Returns true where x &lt;= y; the operands are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator <=(IndexTensor x, IndexTensor y) =>
        Compare(IndexComparison.LessOrEqual, x, y, "LessOrEqual");

    /// <summary>Returns true where x &gt;= y; the operands are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator >=(IndexTensor x, IndexTensor y) =>
        Compare(IndexComparison.LessOrEqual, Tensor.Checked(y), Tensor.Checked(x), "GreaterOrEqual");

    /// <summary>Returns true where x &lt; y, a number.</summary>
    public static BoolTensor operator <(IndexTensor x, int y) => Compare(x, y, static (a, b) => a < b);

    /// <summary>Returns true where x &gt; y, a number.</summary>
    public static BoolTensor operator >(IndexTensor x, int y) => Compare(x, y, static (a, b) => a > b);

    /// <summary>Returns true where x &lt;= y, a number.</summary>
    public static BoolTensor operator <=(IndexTensor x, int y) => Compare(x, y, static (a, b) => a <= b);

    /// <summary>Returns true where x &gt;= y, a number.</summary>
    public static BoolTensor operator >=(IndexTensor x, int y) => Compare(x, y, static (a, b) => a >= b);

    /// <summary>
    /// Returns true where the indices are equal; the operands are broadcast. With the indices of the largest logits,
    /// <c>logits.ArgMax().EqualTo(targets)</c>, it is what an accuracy counts.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public BoolTensor EqualTo(IndexTensor other) => Compare(IndexComparison.Equal, this, Tensor.Checked(other), "EqualTo");

    /// <summary>Returns true where the indices equal a number.</summary>
    public BoolTensor EqualTo(int other) => Compare(this, other, static (a, b) => a.EqualTo(b));

    /// <summary>Returns true where the indices differ; the operands are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public BoolTensor NotEqualTo(IndexTensor other)
    {
        using var equal = Compare(IndexComparison.Equal, this, Tensor.Checked(other), "NotEqualTo");
        return !equal;
    }

    /// <summary>Returns true where the indices differ from a number.</summary>
    public BoolTensor NotEqualTo(int other) => Compare(this, other, static (a, b) => a.NotEqualTo(b));

    /// <summary>
    /// Returns true where the indices are equal, as <see cref="EqualTo(IndexTensor)"/> does: <c>predicted == labels</c>. For the
    /// question whether two references are the same tensor there is <see cref="object.ReferenceEquals"/>, and for null
    /// <c>x is null</c>.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator ==(IndexTensor x, IndexTensor y) => Tensor.Checked(x).EqualTo(y);

    /// <summary>Returns true where the indices differ, as <see cref="NotEqualTo(IndexTensor)"/> does.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator !=(IndexTensor x, IndexTensor y) => Tensor.Checked(x).NotEqualTo(y);

    /// <summary>Returns true where the indices equal a number.</summary>
    public static BoolTensor operator ==(IndexTensor x, int y) => Tensor.Checked(x).EqualTo(y);

    /// <summary>Returns true where the indices differ from a number.</summary>
    public static BoolTensor operator !=(IndexTensor x, int y) => Tensor.Checked(x).NotEqualTo(y);

    /// <summary>Returns whether an object is this tensor, whatever its elements; collections compare tensors so.</summary>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <summary>Returns a hash code of the object, which does not depend on the elements.</summary>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    private static BoolTensor Compare(IndexTensor x, int y, Func<IndexTensor, IndexTensor, BoolTensor> comparison)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var number = FromSpan([y], Shape.Scalar, x.Backend);
        return comparison(x, number);
    }

    private static BoolTensor Compare(IndexComparison comparison, IndexTensor x, IndexTensor y, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        Tensor.SameDevice(name, x.Backend, y.Backend);
        var shape = Shape.Broadcast(x.Shape, y.Shape, name);
        using var spreadX = x.Spread(shape);
        using var spreadY = y.Spread(shape);
        var result = Tensor.Uninitialized(shape, x.Backend);
        x.Backend.CompareIndices(comparison, (spreadX ?? x).Span, (spreadY ?? y).Span, result.Span);
        return new BoolTensor(result);
    }

    /// <summary>Returns a copy broadcast to a shape; null if this tensor has that shape.</summary>
    private IndexTensor? Spread(Shape shape) => shape.Equals(Shape) ? null : BroadcastTo(shape);
}
