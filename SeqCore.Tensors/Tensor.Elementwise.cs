using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

// Any formula over lanes can be mapped over a tensor; the named methods are the formulas that the kernels define.
public sealed partial class Tensor
{
    /// <summary>
    /// Computes y = f(x) for each element, for any operation, including a caller's own, in one pass that makes one new tensor.
    /// </summary>
    public Tensor Map<TOperation>(TOperation operation) where TOperation : struct, IUnaryOperation
    {
        var result = Uninitialized(Shape, Backend);
        Backend.Unary(operation, Strided, result.Strided);
        return result;
    }

    /// <summary>
    /// Computes z = f(x, y) for each pair of elements, broadcast as in NumPy, for any operation, in one pass that makes one new
    /// tensor.
    /// </summary>
    /// <param name="operation">The operation, which holds the formula.</param>
    /// <param name="x">The left operand.</param>
    /// <param name="y">The right operand.</param>
    /// <param name="name">The name of the operation in errors; null for the name of its type.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Map<TOperation>(TOperation operation, Tensor x, Tensor y, string? name = null)
        where TOperation : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        SameDevice(name ?? typeof(TOperation).Name, x, y);
        var shape = Shape.Broadcast(x.Shape, y.Shape, name ?? typeof(TOperation).Name);
        var result = ReferenceEquals(shape, x.Shape) ? x.UninitializedLike() : Uninitialized(shape, x.Backend);
        x.Backend.Binary(operation, x.StridedAs(shape), y.StridedAs(shape), result.Strided);
        return result;
    }

    /// <summary>Computes e^x for each element.</summary>
    public Tensor Exp() => Map(new ExpOperation());

    /// <summary>Computes the natural logarithm of each element.</summary>
    public Tensor Log() => Map(new LogOperation());

    /// <summary>Computes the square root of each element.</summary>
    public Tensor Sqrt() => Map(new SqrtOperation());

    /// <summary>Computes 1 / sqrt(x) for each element.</summary>
    public Tensor Rsqrt() => Map(new RsqrtOperation());

    /// <summary>Computes 1 / x for each element.</summary>
    public Tensor Reciprocal() => Map(new ReciprocalOperation());

    /// <summary>Computes x^2 for each element.</summary>
    public Tensor Square() => Map(new SquareOperation());

    /// <summary>Computes |x| for each element.</summary>
    public Tensor Abs() => Map(new AbsOperation());

    /// <summary>Returns -1, 0 or 1 by the sign of x, for each element.</summary>
    public Tensor Sign() => Map(new SignOperation());

    /// <summary>Returns the largest integer that is at most x, for each element.</summary>
    public Tensor Floor() => Map(new FloorOperation());

    /// <summary>Returns the smallest integer that is at least x, for each element.</summary>
    public Tensor Ceiling() => Map(new CeilingOperation());

    /// <summary>Rounds each element to the nearest integer, ties to even.</summary>
    public Tensor Round() => Map(new RoundOperation());

    /// <summary>Computes the hyperbolic tangent of each element.</summary>
    public Tensor Tanh() => Map(new TanhOperation());

    /// <summary>Computes the sigmoid of each element, 1 / (1 + e^-x).</summary>
    public Tensor Sigmoid() => Map(new SigmoidOperation());

    /// <summary>Computes max(x, 0) for each element.</summary>
    public Tensor Relu() => Map(new ReluOperation());

    /// <summary>Computes x sigmoid(x) for each element.</summary>
    public Tensor Silu() => Map(new SiluOperation());

    /// <summary>Computes log(1 + e^x) for each element.</summary>
    public Tensor Softplus() => Map(new SoftplusOperation());

    /// <summary>Computes x tanh(log(1 + e^x)) for each element.</summary>
    public Tensor Mish() => Map(new MishOperation());

    /// <summary>Computes the error function of each element.</summary>
    public Tensor Erf() => Map(new ErfOperation());

    /// <summary>Computes x Phi(x) for each element, where Phi is the standard normal distribution function.</summary>
    public Tensor Gelu() => Map(new GeluErfOperation());

    /// <summary>
    /// Computes x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 for each element: the approximation of <see cref="Gelu"/> by a
    /// hyperbolic tangent.
    /// </summary>
    public Tensor GeluTanh() => Map(new GeluTanhOperation());

    /// <summary>Returns x where x &gt; 0, else slope x.</summary>
    public Tensor LeakyRelu(float slope = 0.01f) => Map(new LeakyReluOperation(slope));

    /// <summary>Returns x where x &gt; 0, else alpha (e^x - 1).</summary>
    public Tensor Elu(float alpha = 1f) => Map(new EluOperation(alpha));

    /// <summary>Clamps each element to [low, high]; NaN stays NaN.</summary>
    /// <exception cref="ArgumentException">The lower bound is above the upper one.</exception>
    public Tensor Clamp(float low, float high) => Map(new ClampOperation(low, high));
}
