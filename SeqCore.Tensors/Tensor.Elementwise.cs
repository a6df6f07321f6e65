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

    /// <summary>Rounds each element towards 0.</summary>
    public Tensor Truncate() => Map(new TruncateOperation());

    /// <summary>Computes the sine of each element, an angle in radians, right for every finite number.</summary>
    public Tensor Sin() => Map(new SinOperation());

    /// <summary>Computes the cosine of each element, an angle in radians, right for every finite number.</summary>
    public Tensor Cos() => Map(new CosOperation());

    /// <summary>Computes the tangent of each element, an angle in radians, right for every finite number.</summary>
    public Tensor Tan() => Map(new TanOperation());

    /// <summary>Returns the angle in [-pi/2, pi/2] whose sine is x, for each element; NaN where |x| is above 1.</summary>
    public Tensor Asin() => Map(new AsinOperation());

    /// <summary>Returns the angle in [0, pi] whose cosine is x, for each element; NaN where |x| is above 1.</summary>
    public Tensor Acos() => Map(new AcosOperation());

    /// <summary>Returns the angle in [-pi/2, pi/2] whose tangent is x, for each element.</summary>
    public Tensor Atan() => Map(new AtanOperation());

    /// <summary>Computes the hyperbolic sine of each element, (e^x - e^-x) / 2.</summary>
    public Tensor Sinh() => Map(new SinhOperation());

    /// <summary>Computes the hyperbolic cosine of each element, (e^x + e^-x) / 2.</summary>
    public Tensor Cosh() => Map(new CoshOperation());

    /// <summary>Computes the inverse hyperbolic sine of each element, log(x + sqrt(x^2 + 1)).</summary>
    public Tensor Asinh() => Map(new AsinhOperation());

    /// <summary>Computes the inverse hyperbolic cosine of each element, log(x + sqrt(x^2 - 1)); NaN below 1.</summary>
    public Tensor Acosh() => Map(new AcoshOperation());

    /// <summary>
    /// Computes the inverse hyperbolic tangent of each element, log((1 + x) / (1 - x)) / 2; infinite at -1 and 1, NaN beyond.
    /// </summary>
    public Tensor Atanh() => Map(new AtanhOperation());

    /// <summary>Computes log(1 + x) for each element, accurate near 0 too; -infinity at -1, NaN below.</summary>
    public Tensor Log1p() => Map(new Log1pOperation());

    /// <summary>Computes e^x - 1 for each element, accurate near 0 too.</summary>
    public Tensor Expm1() => Map(new Expm1Operation());

    /// <summary>Computes the logarithm of each element to base 2, exact for powers of two.</summary>
    public Tensor Log2() => Map(new Log2Operation());

    /// <summary>Computes the logarithm of each element to base 10, exact for powers of ten.</summary>
    public Tensor Log10() => Map(new Log10Operation());

    /// <summary>Computes 2^x for each element, exact for integers.</summary>
    public Tensor Exp2() => Map(new Exp2Operation());

    /// <summary>Computes the cube root of each element, negative for negative elements.</summary>
    public Tensor Cbrt() => Map(new CbrtOperation());

    /// <summary>Computes the logarithm of the sigmoid of each element, -log(1 + e^-x), without overflow.</summary>
    public Tensor LogSigmoid() => Map(new LogSigmoidOperation());

    /// <summary>Computes x / (1 + |x|) for each element.</summary>
    public Tensor Softsign() => Map(new SoftsignOperation());

    /// <summary>Returns s x where x &gt; 0, else s a (e^x - 1), with s = 1.0507 and a = 1.67326 (arXiv:1706.02515).</summary>
    public Tensor Selu() => Map(new SeluOperation());

    /// <summary>Computes min(max(x / 6 + 1/2, 0), 1) for each element.</summary>
    public Tensor Hardsigmoid() => Map(new HardsigmoidOperation());

    /// <summary>Computes x min(max(x / 6 + 1/2, 0), 1) for each element.</summary>
    public Tensor Hardswish() => Map(new HardswishOperation());

    /// <summary>Returns x where x &gt; 0, else alpha (e^(x / alpha) - 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">alpha is not above 0 and finite.</exception>
    public Tensor Celu(float alpha = 1f) => Map(new CeluOperation(alpha));

    /// <summary>Clamps each element to [low, high].</summary>
    /// <exception cref="ArgumentException">The lower bound is above the upper one.</exception>
    public Tensor Hardtanh(float low = -1f, float high = 1f) => Map(new HardtanhOperation(low, high));

    /// <summary>Computes min(max(x, 0), 6) for each element.</summary>
    public Tensor Relu6() => Map(new HardtanhOperation(0f, 6f));
}
