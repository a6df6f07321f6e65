using System.Runtime.CompilerServices;
using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

// A comparison with NaN is false, except NotEqualTo and !=.
public sealed partial class Tensor
{
    /// <summary>Returns true where x &lt; y; the operands are broadcast.</summary>
    public static BoolTensor operator <(Tensor x, Tensor y) => Mask(new LessOperation(), x, y, "Less");

    /// <summary>Returns true where x &gt; y; the operands are broadcast.</summary>
    public static BoolTensor operator >(Tensor x, Tensor y) => Mask(new GreaterOperation(), x, y, "Greater");

    /// <summary>Returns true where x &lt;= y; the operands are broadcast.</summary>
    public static BoolTensor operator <=(Tensor x, Tensor y) => Mask(new LessOrEqualOperation(), x, y, "LessOrEqual");

    /// <summary>Returns true where x &gt;= y; the operands are broadcast.</summary>
    public static BoolTensor operator >=(Tensor x, Tensor y) => Mask(new GreaterOrEqualOperation(), x, y, "GreaterOrEqual");

    /// <summary>Returns true where x &lt; y, a number.</summary>
    public static BoolTensor operator <(Tensor x, float y) => new(Checked(x).Map(new WithRight<LessOperation>(y)));

    /// <summary>Returns true where x &gt; y, a number.</summary>
    public static BoolTensor operator >(Tensor x, float y) => new(Checked(x).Map(new WithRight<GreaterOperation>(y)));

    /// <summary>Returns true where x &lt;= y, a number.</summary>
    public static BoolTensor operator <=(Tensor x, float y) => new(Checked(x).Map(new WithRight<LessOrEqualOperation>(y)));

    /// <summary>Returns true where x &gt;= y, a number.</summary>
    public static BoolTensor operator >=(Tensor x, float y) => new(Checked(x).Map(new WithRight<GreaterOrEqualOperation>(y)));

    /// <summary>
    /// Returns true where the elements are equal; the operands are broadcast. <see cref="AllClose"/> gives one answer for all
    /// elements.
    /// </summary>
    public BoolTensor EqualTo(Tensor other) => Mask(new EqualOperation(), this, Checked(other), "EqualTo");

    /// <summary>Returns true where the elements equal a number.</summary>
    public BoolTensor EqualTo(float other) => new(Map(new WithRight<EqualOperation>(other)));

    /// <summary>Returns true where the elements differ (NaN differs from everything); the operands are broadcast.</summary>
    public BoolTensor NotEqualTo(Tensor other) => Mask(new NotEqualOperation(), this, Checked(other), "NotEqualTo");

    /// <summary>Returns true where the elements differ from a number.</summary>
    public BoolTensor NotEqualTo(float other) => new(Map(new WithRight<NotEqualOperation>(other)));

    /// <summary>
    /// Returns true where the elements are equal, as <see cref="EqualTo(Tensor)"/> does. For the question whether two references
    /// are the same tensor there is <see cref="object.ReferenceEquals"/>, and for null <c>x is null</c>.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator ==(Tensor x, Tensor y) => Checked(x).EqualTo(y);

    /// <summary>Returns true where the elements differ, as <see cref="NotEqualTo(Tensor)"/> does.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator !=(Tensor x, Tensor y) => Checked(x).NotEqualTo(y);

    /// <summary>Returns true where the elements equal a number.</summary>
    public static BoolTensor operator ==(Tensor x, float y) => Checked(x).EqualTo(y);

    /// <summary>Returns true where the elements differ from a number.</summary>
    public static BoolTensor operator !=(Tensor x, float y) => Checked(x).NotEqualTo(y);

    /// <summary>Returns whether an object is this tensor, whatever its elements; collections compare tensors so.</summary>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <summary>Returns a hash code of the object, which does not depend on the elements.</summary>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns x where the mask is true, else y; all three are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Where(BoolTensor mask, Tensor x, Tensor y) => Where(mask, x, y, "Where");

    /// <summary>Returns x where the mask is true, else a number; mask and x are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Where(BoolTensor mask, Tensor x, float y)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var number = Full(Shape.Scalar, y, x.Backend);
        return Where(mask, x, number);
    }

    /// <summary>Returns a number where the mask is true, else y; mask and y are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Where(BoolTensor mask, float x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        using var number = Full(Shape.Scalar, x, y.Backend);
        return Where(mask, number, y);
    }

    private static Tensor Where(BoolTensor mask, Tensor x, Tensor y, string name)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        SameDevice(name, mask.Values, x);
        SameDevice(name, x, y);
        var shape = Shape.Broadcast(mask.Shape, Shape.Broadcast(x.Shape, y.Shape, name), name);
        var result = Uninitialized(shape, x.Backend);
        x.Backend.Where(mask.Values.StridedAs(shape), x.StridedAs(shape), y.StridedAs(shape), result.Strided);
        return result;
    }

    /// <summary>Returns the tensor with a number in the elements where the mask, which is broadcast, is true.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor MaskedFill(BoolTensor mask, float value)
    {
        using var number = Full(Shape.Scalar, value, Backend);
        return Where(mask, number, this, "MaskedFill");
    }

    private static BoolTensor Mask<TOperation>(TOperation operation, Tensor x, Tensor y, string name)
        where TOperation : struct, IBinaryOperation => new(Map(operation, x, y, name));

    /// <summary>
    /// Returns whether |x - y| &lt;= absolute + relative |y| for all elements, with broadcasting: NumPy's <c>allclose</c>.
    /// </summary>
    /// <param name="other">The tensor y that this tensor x is compared with.</param>
    /// <param name="relativeTolerance">The tolerance relative to |y|, at least 0.</param>
    /// <param name="absoluteTolerance">The absolute tolerance, at least 0.</param>
    /// <param name="nanEqual">Whether NaN counts as equal to NaN.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public bool AllClose(Tensor other, float relativeTolerance = 1e-5f, float absoluteTolerance = 1e-8f, bool nanEqual = false)
    {
        Number.AtLeast(0f, relativeTolerance, "AllClose", nameof(relativeTolerance));
        Number.AtLeast(0f, absoluteTolerance, "AllClose", nameof(absoluteTolerance));
        ArgumentNullException.ThrowIfNull(other);
        using var close = Map(new CloseOperation(relativeTolerance, absoluteTolerance, nanEqual), this, other, "AllClose");
        return close.All();
    }

    /// <summary>Returns whether all elements are nonzero, which holds if there is none.</summary>
    public bool All()
    {
        using var nonzero = NotEqualTo(0f);
        return nonzero.All();
    }

    /// <summary>Returns whether any element is nonzero; NaN counts as nonzero.</summary>
    public bool Any()
    {
        using var nonzero = NotEqualTo(0f);
        return nonzero.Any();
    }

    /// <summary>
    /// Returns whether no element is NaN or infinite, in two passes over the elements and without a temporary copy of them.
    /// </summary>
    public bool IsFinite()
    {
        if (ElementCount == 0)
            return true;
        using var most = Max();
        if (!float.IsFinite(most.Item()))
            return false;
        using var least = Min();
        return float.IsFinite(least.Item());
    }
}
