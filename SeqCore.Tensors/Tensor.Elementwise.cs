using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

// Any formula over lanes can be mapped over a tensor; the named methods are those that the kernels define.
public sealed partial class Tensor
{
    /// <summary>y = f(x) for each element, for any operation, a caller's own included. One pass, one new tensor.</summary>
    public Tensor Map<TOperation>(TOperation operation) where TOperation : struct, IUnaryOperation
    {
        var result = Uninitialized(Shape, Backend);
        Backend.Unary(operation, Strided, result.Strided);
        return result;
    }

    /// <summary>
    /// z = f(x, y) for each pair of elements, broadcast as NumPy does, for any operation. One pass, one new tensor.
    /// </summary>
    /// <param name="operation">The formula.</param>
    /// <param name="x">The left operand.</param>
    /// <param name="y">The right operand.</param>
    /// <param name="name">What errors call it; the operation's type if null.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Map<TOperation>(TOperation operation, Tensor x, Tensor y, string? name = null)
        where TOperation : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        SameDevice(name ?? typeof(TOperation).Name, x, y);
        var shape = Shape.Broadcast(x.Shape, y.Shape, name ?? typeof(TOperation).Name);
        var result = Uninitialized(shape, x.Backend);
        x.Backend.Binary(operation, x.StridedAs(shape), y.StridedAs(shape), result.Strided);
        return result;
    }

    /// <summary>e^x for each element.</summary>
    public Tensor Exp() => Map(new ExpOperation());

    /// <summary>The natural logarithm of each element.</summary>
    public Tensor Log() => Map(new LogOperation());

    /// <summary>The square root of each element.</summary>
    public Tensor Sqrt() => Map(new SqrtOperation());

    /// <summary>1 / sqrt(x) for each element.</summary>
    public Tensor Rsqrt() => Map(new RsqrtOperation());

    /// <summary>1 / x for each element.</summary>
    public Tensor Reciprocal() => Map(new ReciprocalOperation());

    /// <summary>x^2 for each element.</summary>
    public Tensor Square() => Map(new SquareOperation());

    /// <summary>|x| for each element.</summary>
    public Tensor Abs() => Map(new AbsOperation());

    /// <summary>-1, 0 or 1 by the sign of x, for each element.</summary>
    public Tensor Sign() => Map(new SignOperation());

    /// <summary>The greatest integer not above x, for each element.</summary>
    public Tensor Floor() => Map(new FloorOperation());

    /// <summary>The least integer not below x, for each element.</summary>
    public Tensor Ceiling() => Map(new CeilingOperation());

    /// <summary>The nearest integer, ties to even, for each element.</summary>
    public Tensor Round() => Map(new RoundOperation());

    /// <summary>The hyperbolic tangent of each element.</summary>
    public Tensor Tanh() => Map(new TanhOperation());

    /// <summary>1 / (1 + e^-x) for each element.</summary>
    public Tensor Sigmoid() => Map(new SigmoidOperation());

    /// <summary>max(x, 0) for each element.</summary>
    public Tensor Relu() => Map(new ReluOperation());

    /// <summary>x sigmoid(x) for each element.</summary>
    public Tensor Silu() => Map(new SiluOperation());

    /// <summary>log(1 + e^x) for each element.</summary>
    public Tensor Softplus() => Map(new SoftplusOperation());

    /// <summary>The error function of each element.</summary>
    public Tensor Erf() => Map(new ErfOperation());

    /// <summary>x Phi(x) for each element, Phi the normal distribution function.</summary>
    public Tensor Gelu() => Map(new GeluErfOperation());

    /// <summary>
    /// x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 for each element: the approximation of <see cref="Gelu"/> by a
    /// hyperbolic tangent.
    /// </summary>
    public Tensor GeluTanh() => Map(new GeluTanhOperation());

    /// <summary>x where x &gt; 0, else slope x.</summary>
    public Tensor LeakyRelu(float slope = 0.01f) => Map(new LeakyReluOperation(slope));

    /// <summary>x where x &gt; 0, else alpha (e^x - 1).</summary>
    public Tensor Elu(float alpha = 1f) => Map(new EluOperation(alpha));

    /// <summary>The nearest number in [low, high] to each element; NaN stays.</summary>
    /// <exception cref="ArgumentException">low is above high.</exception>
    public Tensor Clamp(float low, float high) => Map(new ClampOperation(low, high));
}
