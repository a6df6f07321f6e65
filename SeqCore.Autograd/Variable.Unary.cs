using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

// The formulas and derivatives stand in SeqCore.Kernels/Elementwise/Operations.
public partial class Variable
{
    /// <summary>e^x</summary>
    public Variable Exp() => Map(new ExpOperation());

    /// <summary>The natural logarithm.</summary>
    public Variable Log() => Map(new LogOperation());

    /// <summary>x^2</summary>
    public Variable Square() => Map(new SquareOperation());

    /// <summary>The square root.</summary>
    public Variable Sqrt() => Map(new SqrtOperation());

    /// <summary>1 / sqrt(x)</summary>
    public Variable Rsqrt() => Map(new RsqrtOperation());

    /// <summary>1 / x</summary>
    public Variable Reciprocal() => Map(new ReciprocalOperation());

    /// <summary>x to a constant power.</summary>
    public Variable Power(float exponent) => Map(new PowerConstantOperation(exponent));

    /// <summary>x to the power y, broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Power(Variable x, Variable y) => Map(new PowerOperation(), x, y);

    /// <summary>The greater of x and y, broadcast; equal ones share the gradient evenly.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Maximum(Variable x, Variable y) => Map(new MaximumOperation(), x, y);

    /// <summary>The lesser of x and y, broadcast; equal ones share the gradient evenly.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Minimum(Variable x, Variable y) => Map(new MinimumOperation(), x, y);

    /// <summary>|x|; the gradient at 0 is 0.</summary>
    public Variable Abs() => Map(new AbsOperation());

    /// <summary>The nearest number in [low, high]; no gradient outside.</summary>
    /// <exception cref="ArgumentException">low is above high.</exception>
    public Variable Clamp(float low, float high) => Map(new ClampOperation(low, high));

    /// <summary>The hyperbolic tangent.</summary>
    public Variable Tanh() => Map(new TanhOperation());

    /// <summary>1 / (1 + e^-x)</summary>
    public Variable Sigmoid() => Map(new SigmoidOperation());

    /// <summary>The error function.</summary>
    public Variable Erf() => Map(new ErfOperation());

    /// <summary>max(x, 0); the gradient at 0 is 0.</summary>
    public Variable Relu() => Map(new ReluOperation());

    /// <summary>x where x &gt; 0, else slope x.</summary>
    public Variable LeakyRelu(float slope = 0.01f) => Map(new LeakyReluOperation(slope));

    /// <summary>x where x &gt; 0, else alpha (e^x - 1).</summary>
    public Variable Elu(float alpha = 1f) => Map(new EluOperation(alpha));

    /// <summary>x / (1 + e^-x)</summary>
    public Variable Silu() => Map(new SiluOperation());

    /// <summary>log(1 + e^x), without overflow.</summary>
    public Variable Softplus() => Map(new SoftplusOperation());

    /// <summary>x Phi(x), Phi the normal distribution function.</summary>
    public Variable Gelu() => Map(new GeluErfOperation());

    /// <summary>
    /// x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2: the approximation of <see cref="Gelu"/> by a hyperbolic tangent.
    /// </summary>
    public Variable GeluTanh() => Map(new GeluTanhOperation());
}
