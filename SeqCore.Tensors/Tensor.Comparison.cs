using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

// Masks are tensors of 1 (true) and 0 (false). A comparison with NaN is false, except NotEqualTo.
public sealed partial class Tensor
{
    /// <summary>1 where x &lt; y, else 0; broadcast.</summary>
    public static Tensor operator <(Tensor x, Tensor y) => Map(new LessOperation(), x, y, "Less");

    /// <summary>1 where x &gt; y, else 0; broadcast.</summary>
    public static Tensor operator >(Tensor x, Tensor y) => Map(new GreaterOperation(), x, y, "Greater");

    /// <summary>1 where x &lt;= y, else 0; broadcast.</summary>
    public static Tensor operator <=(Tensor x, Tensor y) => Map(new LessOrEqualOperation(), x, y, "LessOrEqual");

    /// <summary>1 where x &gt;= y, else 0; broadcast.</summary>
    public static Tensor operator >=(Tensor x, Tensor y) => Map(new GreaterOrEqualOperation(), x, y, "GreaterOrEqual");

    /// <summary>1 where x &lt; y, else 0.</summary>
    public static Tensor operator <(Tensor x, float y) => Checked(x).Map(new WithRight<LessOperation>(y));

    /// <summary>1 where x &gt; y, else 0.</summary>
    public static Tensor operator >(Tensor x, float y) => Checked(x).Map(new WithRight<GreaterOperation>(y));

    /// <summary>1 where x &lt;= y, else 0.</summary>
    public static Tensor operator <=(Tensor x, float y) => Checked(x).Map(new WithRight<LessOrEqualOperation>(y));

    /// <summary>1 where x &gt;= y, else 0.</summary>
    public static Tensor operator >=(Tensor x, float y) => Checked(x).Map(new WithRight<GreaterOrEqualOperation>(y));

    /// <summary>
    /// 1 where the elements are equal, else 0; broadcast. For one answer about all of them, see <see cref="AllClose"/>.
    /// </summary>
    public Tensor EqualTo(Tensor other) => Map(new EqualOperation(), this, other, "EqualTo");

    /// <summary>1 where the elements equal a number, else 0.</summary>
    public Tensor EqualTo(float other) => Map(new WithRight<EqualOperation>(other));

    /// <summary>1 where the elements differ (NaN differs from all), else 0; broadcast.</summary>
    public Tensor NotEqualTo(Tensor other) => Map(new NotEqualOperation(), this, other, "NotEqualTo");

    /// <summary>1 where the elements differ from a number, else 0.</summary>
    public Tensor NotEqualTo(float other) => Map(new WithRight<NotEqualOperation>(other));

    /// <summary>x where the mask is not 0, else y; all three broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Where(Tensor mask, Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        SameDevice("Where", mask, x);
        SameDevice("Where", x, y);
        var shape = Shape.Broadcast(mask.Shape, Shape.Broadcast(x.Shape, y.Shape, "Where"), "Where");
        var result = Uninitialized(shape, x.Backend);
        x.Backend.Where(mask.StridedAs(shape), x.StridedAs(shape), y.StridedAs(shape), result.Strided);
        return result;
    }

    /// <summary>The tensor with a number in place of the elements where the mask (broadcast) is not 0.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor MaskedFill(Tensor mask, float value)
    {
        using var number = Full(Shape.Scalar, value, Backend);
        return Where(mask, number, this);
    }

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
        using var close = Map(new CloseOperation(relativeTolerance, absoluteTolerance, nanEqual), this, other, "AllClose");
        return close.All();
    }

    /// <summary>Whether every element is other than 0; true where there is none.</summary>
    public bool All()
    {
        using var zeros = EqualTo(0f);
        return !zeros.Any();
    }

    /// <summary>Whether some element is other than 0 (NaN is).</summary>
    public bool Any()
    {
        if (ElementCount == 0)
            return false;
        using var nonzero = NotEqualTo(0f);
        using var most = nonzero.Max();
        return most.Item() != 0f;
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
