using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

// A comparison with NaN is false, except NotEqualTo.
public sealed partial class Tensor
{
    /// <summary>True where x &lt; y; broadcast.</summary>
    public static BoolTensor operator <(Tensor x, Tensor y) => Mask(new LessOperation(), x, y, "Less");

    /// <summary>True where x &gt; y; broadcast.</summary>
    public static BoolTensor operator >(Tensor x, Tensor y) => Mask(new GreaterOperation(), x, y, "Greater");

    /// <summary>True where x &lt;= y; broadcast.</summary>
    public static BoolTensor operator <=(Tensor x, Tensor y) => Mask(new LessOrEqualOperation(), x, y, "LessOrEqual");

    /// <summary>True where x &gt;= y; broadcast.</summary>
    public static BoolTensor operator >=(Tensor x, Tensor y) => Mask(new GreaterOrEqualOperation(), x, y, "GreaterOrEqual");

    /// <summary>True where x &lt; y.</summary>
    public static BoolTensor operator <(Tensor x, float y) => new(Checked(x).Map(new WithRight<LessOperation>(y)));

    /// <summary>True where x &gt; y.</summary>
    public static BoolTensor operator >(Tensor x, float y) => new(Checked(x).Map(new WithRight<GreaterOperation>(y)));

    /// <summary>True where x &lt;= y.</summary>
    public static BoolTensor operator <=(Tensor x, float y) => new(Checked(x).Map(new WithRight<LessOrEqualOperation>(y)));

    /// <summary>True where x &gt;= y.</summary>
    public static BoolTensor operator >=(Tensor x, float y) => new(Checked(x).Map(new WithRight<GreaterOrEqualOperation>(y)));

    /// <summary>
    /// True where the elements are equal; broadcast. For one answer about all of them, see <see cref="AllClose"/>.
    /// </summary>
    public BoolTensor EqualTo(Tensor other) => Mask(new EqualOperation(), this, Checked(other), "EqualTo");

    /// <summary>True where the elements equal a number.</summary>
    public BoolTensor EqualTo(float other) => new(Map(new WithRight<EqualOperation>(other)));

    /// <summary>True where the elements differ (NaN differs from all); broadcast.</summary>
    public BoolTensor NotEqualTo(Tensor other) => Mask(new NotEqualOperation(), this, Checked(other), "NotEqualTo");

    /// <summary>True where the elements differ from a number.</summary>
    public BoolTensor NotEqualTo(float other) => new(Map(new WithRight<NotEqualOperation>(other)));

    /// <summary>x where the mask is true, else y; all three broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Where(BoolTensor mask, Tensor x, Tensor y) => Where(mask, x, y, "Where");

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

    /// <summary>The tensor with a number in place of the elements where the mask (broadcast) is true.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor MaskedFill(BoolTensor mask, float value)
    {
        using var number = Full(Shape.Scalar, value, Backend);
        return Where(mask, number, this, "MaskedFill");
    }

    private static BoolTensor Mask<TOperation>(TOperation operation, Tensor x, Tensor y, string name)
        where TOperation : struct, IBinaryOperation => new(Map(operation, x, y, name));

    /// <summary>Whether |x - y| &lt;= absolute + relative |y| for all elements, broadcast: NumPy's <c>allclose</c>.</summary>
    /// <param name="other">y</param>
    /// <param name="relativeTolerance">A fraction of |y|, at least 0.</param>
    /// <param name="absoluteTolerance">At least 0.</param>
    /// <param name="nanEqual">Whether NaN counts as equal to NaN.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public bool AllClose(Tensor other, float relativeTolerance = 1e-5f, float absoluteTolerance = 1e-8f, bool nanEqual = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(relativeTolerance);
        ArgumentOutOfRangeException.ThrowIfNegative(absoluteTolerance);
        ArgumentNullException.ThrowIfNull(other);
        using var close = Map(new CloseOperation(relativeTolerance, absoluteTolerance, nanEqual), this, other, "AllClose");
        return close.All();
    }

    /// <summary>Whether every element is other than 0; true where there is none.</summary>
    public bool All()
    {
        using var nonzero = NotEqualTo(0f);
        return nonzero.All();
    }

    /// <summary>Whether some element is other than 0 (NaN is).</summary>
    public bool Any()
    {
        using var nonzero = NotEqualTo(0f);
        return nonzero.Any();
    }

    /// <summary>Whether no element is NaN or infinite. Two passes over the elements; takes no memory of their size.</summary>
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
