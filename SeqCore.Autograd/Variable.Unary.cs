using SeqCore.Kernels.Operations;

namespace SeqCore;

// The formulas and derivatives are in SeqCore.Kernels/Elementwise/Operations.
public partial class Variable
{
    /// <summary>Computes e^x for each element.</summary>
    public Variable Exp() => Map(new ExpOperation());

    /// <summary>Computes the natural logarithm of each element.</summary>
    public Variable Log() => Map(new LogOperation());

    /// <summary>Computes x^2 for each element.</summary>
    public Variable Square() => Map(new SquareOperation());

    /// <summary>Computes the square root of each element.</summary>
    public Variable Sqrt() => Map(new SqrtOperation());

    /// <summary>Computes 1 / sqrt(x) for each element.</summary>
    public Variable Rsqrt() => Map(new RsqrtOperation());

    /// <summary>Computes 1 / x for each element.</summary>
    public Variable Reciprocal() => Map(new ReciprocalOperation());

    /// <summary>Raises each element to a constant power.</summary>
    public Variable Power(float exponent) => Map(new PowerConstantOperation(exponent));

    /// <summary>Raises x to the power y, with broadcasting.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Power(Variable x, Variable y) => Map(new PowerOperation(), x, y);

    /// <summary>Computes x^y for each element x, as <see cref="Power(Variable, Variable)"/> does.</summary>
    public Variable Power(Variable y) => Power(this, y);

    /// <summary>
    /// Returns the larger of x and y for each pair of elements, with broadcasting; equal elements share the gradient evenly.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Maximum(Variable x, Variable y) => Map(new MaximumOperation(), x, y);

    /// <summary>Returns the larger of each element and that of y, as <see cref="Maximum(Variable, Variable)"/> does.</summary>
    public Variable Maximum(Variable y) => Maximum(this, y);

    /// <summary>
    /// Returns the smaller of x and y for each pair of elements, with broadcasting; equal elements share the gradient evenly.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Minimum(Variable x, Variable y) => Map(new MinimumOperation(), x, y);

    /// <summary>Returns the smaller of each element and that of y, as <see cref="Minimum(Variable, Variable)"/> does.</summary>
    public Variable Minimum(Variable y) => Minimum(this, y);

    /// <summary>Computes |x| for each element; the gradient at 0 is 0.</summary>
    public Variable Abs() => Map(new AbsOperation());

    /// <summary>Clamps each element to [low, high]; no gradient flows where it was outside.</summary>
    /// <exception cref="ArgumentException">The lower bound is above the upper one.</exception>
    public Variable Clamp(float low, float high) => Map(new ClampOperation(low, high));

    /// <summary>Computes the hyperbolic tangent of each element.</summary>
    public Variable Tanh() => Map(new TanhOperation());

    /// <summary>Computes the sigmoid of each element, 1 / (1 + e^-x).</summary>
    public Variable Sigmoid() => Map(new SigmoidOperation());

    /// <summary>Computes the error function of each element.</summary>
    public Variable Erf() => Map(new ErfOperation());

    /// <summary>Computes max(x, 0) for each element; the gradient at 0 is 0.</summary>
    public Variable Relu() => Map(new ReluOperation());

    /// <summary>Returns x where x &gt; 0, else slope x.</summary>
    public Variable LeakyRelu(float slope = 0.01f) => Map(new LeakyReluOperation(slope));

    /// <summary>Returns x where x &gt; 0, else alpha (e^x - 1).</summary>
    public Variable Elu(float alpha = 1f) => Map(new EluOperation(alpha));

    /// <summary>Computes the SiLU of each element, x / (1 + e^-x).</summary>
    public Variable Silu() => Map(new SiluOperation());

    /// <summary>Computes log(1 + e^x) for each element, without overflow.</summary>
    public Variable Softplus() => Map(new SoftplusOperation());

    /// <summary>Computes the Mish of each element, x tanh(log(1 + e^x)).</summary>
    public Variable Mish() => Map(new MishOperation());

    /// <summary>Computes x Phi(x) for each element, where Phi is the standard normal distribution function.</summary>
    public Variable Gelu() => Map(new GeluErfOperation());

    /// <summary>
    /// Computes x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 for each element: the approximation of <see cref="Gelu"/> by a
    /// hyperbolic tangent.
    /// </summary>
    public Variable GeluTanh() => Map(new GeluTanhOperation());

    /// <summary>Computes the sine of each element, an angle in radians, right for every finite number.</summary>
    public Variable Sin() => Map(new SinOperation());

    /// <summary>Computes the cosine of each element, an angle in radians, right for every finite number.</summary>
    public Variable Cos() => Map(new CosOperation());

    /// <summary>Computes the tangent of each element, an angle in radians, right for every finite number.</summary>
    public Variable Tan() => Map(new TanOperation());

    /// <summary>Returns the angle in [-pi/2, pi/2] whose sine is x, for each element; NaN where |x| is above 1.</summary>
    public Variable Asin() => Map(new AsinOperation());

    /// <summary>Returns the angle in [0, pi] whose cosine is x, for each element; NaN where |x| is above 1.</summary>
    public Variable Acos() => Map(new AcosOperation());

    /// <summary>Returns the angle in [-pi/2, pi/2] whose tangent is x, for each element.</summary>
    public Variable Atan() => Map(new AtanOperation());

    /// <summary>Computes the hyperbolic sine of each element, (e^x - e^-x) / 2.</summary>
    public Variable Sinh() => Map(new SinhOperation());

    /// <summary>Computes the hyperbolic cosine of each element, (e^x + e^-x) / 2.</summary>
    public Variable Cosh() => Map(new CoshOperation());

    /// <summary>Computes the inverse hyperbolic sine of each element, log(x + sqrt(x^2 + 1)).</summary>
    public Variable Asinh() => Map(new AsinhOperation());

    /// <summary>Computes the inverse hyperbolic cosine of each element, log(x + sqrt(x^2 - 1)); NaN below 1.</summary>
    public Variable Acosh() => Map(new AcoshOperation());

    /// <summary>
    /// Computes the inverse hyperbolic tangent of each element, log((1 + x) / (1 - x)) / 2; infinite at -1 and 1, NaN beyond.
    /// </summary>
    public Variable Atanh() => Map(new AtanhOperation());

    /// <summary>Computes log(1 + x) for each element, accurate near 0 too; -infinity at -1, NaN below.</summary>
    public Variable Log1p() => Map(new Log1pOperation());

    /// <summary>Computes e^x - 1 for each element, accurate near 0 too.</summary>
    public Variable Expm1() => Map(new Expm1Operation());

    /// <summary>Computes the logarithm of each element to base 2, exact for powers of two.</summary>
    public Variable Log2() => Map(new Log2Operation());

    /// <summary>Computes the logarithm of each element to base 10, exact for powers of ten.</summary>
    public Variable Log10() => Map(new Log10Operation());

    /// <summary>Computes 2^x for each element, exact for integers.</summary>
    public Variable Exp2() => Map(new Exp2Operation());

    /// <summary>Computes the cube root of each element, negative for negative elements; the gradient at 0 is infinite.</summary>
    public Variable Cbrt() => Map(new CbrtOperation());

    /// <summary>Computes the logarithm of the sigmoid of each element, -log(1 + e^-x), without overflow.</summary>
    public Variable LogSigmoid() => Map(new LogSigmoidOperation());

    /// <summary>Computes x / (1 + |x|) for each element.</summary>
    public Variable Softsign() => Map(new SoftsignOperation());

    /// <summary>Returns s x where x &gt; 0, else s a (e^x - 1), with s = 1.0507 and a = 1.67326 (arXiv:1706.02515).</summary>
    public Variable Selu() => Map(new SeluOperation());

    /// <summary>Computes min(max(x / 6 + 1/2, 0), 1) for each element.</summary>
    public Variable Hardsigmoid() => Map(new HardsigmoidOperation());

    /// <summary>Computes x min(max(x / 6 + 1/2, 0), 1) for each element.</summary>
    public Variable Hardswish() => Map(new HardswishOperation());

    /// <summary>Returns x where x &gt; 0, else alpha (e^(x / alpha) - 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">alpha is not above 0 and finite.</exception>
    public Variable Celu(float alpha = 1f) => Map(new CeluOperation(alpha));

    /// <summary>Clamps each element to [low, high]; no gradient flows where it was outside or at a bound.</summary>
    /// <exception cref="ArgumentException">The lower bound is above the upper one.</exception>
    public Variable Hardtanh(float low = -1f, float high = 1f) => Map(new HardtanhOperation(low, high));

    /// <summary>Computes min(max(x, 0), 6) for each element; the gradient at 0 and 6 is 0.</summary>
    public Variable Relu6() => Map(new HardtanhOperation(0f, 6f), "Relu6");

    /// <summary>
    /// Returns the angle in [-pi, pi] of the point with ordinate y and abscissa x for each pair of elements, with broadcasting;
    /// zeros and infinities as in IEEE 754. The gradient at the origin and where a coordinate is infinite is 0.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Atan2(Variable y, Variable x) => Map(new Atan2Operation(), y, x);

    /// <summary>Returns the angle of the ordinate y, this, and the abscissa x: <see cref="Atan2(Variable, Variable)"/>.</summary>
    public Variable Atan2(Variable x) => Atan2(this, x);

    /// <summary>
    /// Computes x - y floor(x / y) for each pair of elements, with broadcasting, without rounding errors where the signs agree:
    /// the sign is that of y, as in Python and torch.remainder; NaN for y = 0. The gradient of x is 1, that of y -floor(x / y).
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Remainder(Variable x, Variable y) => Map(new RemainderOperation(), x, y);

    /// <summary>Computes x - y floor(x / y) for each element x, as <see cref="Remainder(Variable, Variable)"/> does.</summary>
    public Variable Remainder(Variable y) => Remainder(this, y);

    /// <summary>
    /// Computes floor(x / y) of the exact quotient for each pair of elements, with broadcasting, as Python's <c>//</c>: infinite
    /// or NaN for y = 0. The gradient is 0.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable FloorDivide(Variable x, Variable y) => Map(new FloorDivideOperation(), x, y);

    /// <summary>Computes floor(x / y) for each element x, as <see cref="FloorDivide(Variable, Variable)"/> does.</summary>
    public Variable FloorDivide(Variable y) => FloorDivide(this, y);

    /// <summary>Computes x - y floor(x / y) for each element x, where y is a number; the gradient is 1.</summary>
    public Variable Remainder(float y) => Remainder(this, Tensor.Full(Shape.Scalar, y, Value.Backend));

    /// <summary>Computes floor(x / y) for each element x, where y is a number; the gradient is 0.</summary>
    public Variable FloorDivide(float y) => FloorDivide(this, Tensor.Full(Shape.Scalar, y, Value.Backend));

    /// <summary>Returns -1, 0 or 1 by the sign of x, for each element; the gradient is 0.</summary>
    public Variable Sign() => Map(new SignOperation());

    /// <summary>Returns the largest integer that is at most x, for each element; the gradient is 0.</summary>
    public Variable Floor() => Map(new FloorOperation());

    /// <summary>Returns the smallest integer that is at least x, for each element; the gradient is 0.</summary>
    public Variable Ceiling() => Map(new CeilingOperation());

    /// <summary>Rounds each element to the nearest integer, ties to even; the gradient is 0.</summary>
    public Variable Round() => Map(new RoundOperation());

    /// <summary>Rounds each element towards 0; the gradient is 0.</summary>
    public Variable Truncate() => Map(new TruncateOperation());
}
