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

    /// <summary>
    /// Returns the larger of x and y for each pair of elements, with broadcasting; equal elements share the gradient evenly.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Maximum(Variable x, Variable y) => Map(new MaximumOperation(), x, y);

    /// <summary>
    /// Returns the smaller of x and y for each pair of elements, with broadcasting; equal elements share the gradient evenly.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Minimum(Variable x, Variable y) => Map(new MinimumOperation(), x, y);

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
}
