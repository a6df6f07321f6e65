using System.Runtime.CompilerServices;
using SeqCore.Kernels.Operations;

namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>Adds x and y with broadcasting: x + y.</summary>
    public static Tensor operator +(Tensor x, Tensor y) => Map(new AddOperation(), x, y, "Add");

    /// <summary>Subtracts y from x with broadcasting: x - y.</summary>
    public static Tensor operator -(Tensor x, Tensor y) => Map(new SubtractOperation(), x, y, "Subtract");

    /// <summary>
    /// Multiplies x and y element by element, with broadcasting; the matrix product is <see cref="MatMul(Tensor, Tensor)"/>.
    /// </summary>
    public static Tensor operator *(Tensor x, Tensor y) => Map(new MultiplyOperation(), x, y, "Multiply");

    /// <summary>Divides x by y with broadcasting: x / y.</summary>
    public static Tensor operator /(Tensor x, Tensor y) => Map(new DivideOperation(), x, y, "Divide");

    /// <summary>Negates each element: -x.</summary>
    public static Tensor operator -(Tensor x) => Checked(x).Map(new NegateOperation());

    /// <summary>Adds a number to each element.</summary>
    public static Tensor operator +(Tensor x, float y) => Checked(x).Map(new WithRight<AddOperation>(y));

    /// <summary>Adds a number to each element.</summary>
    public static Tensor operator +(float x, Tensor y) => Checked(y) + x;

    /// <summary>Computes x - y for each element, where one operand is a number.</summary>
    public static Tensor operator -(Tensor x, float y) => x + -y;

    /// <summary>Computes x - y for each element, where one operand is a number.</summary>
    public static Tensor operator -(float x, Tensor y) => Checked(y).Map(new WithLeft<SubtractOperation>(x));

    /// <summary>Multiplies each element by a number.</summary>
    public static Tensor operator *(Tensor x, float y) => Checked(x).Map(new WithRight<MultiplyOperation>(y));

    /// <summary>Multiplies each element by a number.</summary>
    public static Tensor operator *(float x, Tensor y) => Checked(y) * x;

    /// <summary>Computes x / y for each element, where one operand is a number.</summary>
    public static Tensor operator /(Tensor x, float y) => Checked(x).Map(new WithRight<DivideOperation>(y));

    /// <summary>Computes x / y for each element, where one operand is a number.</summary>
    public static Tensor operator /(float x, Tensor y) => Checked(y).Map(new WithLeft<DivideOperation>(x));

    /// <summary>Returns the larger of x and y for each pair of elements, with broadcasting; NaN if either is NaN.</summary>
    public static Tensor Maximum(Tensor x, Tensor y) => Map(new MaximumOperation(), x, y, "Maximum");

    /// <summary>Returns the larger of each element and that of y, as <see cref="Maximum(Tensor, Tensor)"/> does.</summary>
    public Tensor Maximum(Tensor y) => Maximum(this, y);

    /// <summary>Returns the smaller of x and y for each pair of elements, with broadcasting; NaN if either is NaN.</summary>
    public static Tensor Minimum(Tensor x, Tensor y) => Map(new MinimumOperation(), x, y, "Minimum");

    /// <summary>Returns the smaller of each element and that of y, as <see cref="Minimum(Tensor, Tensor)"/> does.</summary>
    public Tensor Minimum(Tensor y) => Minimum(this, y);

    /// <summary>Computes x^y with broadcasting; NaN for a negative x unless y is an integer.</summary>
    public static Tensor Power(Tensor x, Tensor y) => Map(new PowerOperation(), x, y, "Power");

    /// <summary>Computes x^y for each element x, as <see cref="Power(Tensor, Tensor)"/> does.</summary>
    public Tensor Power(Tensor y) => Power(this, y);

    /// <summary>Computes x^exponent for each element; NaN for a negative x unless the exponent is an integer.</summary>
    public Tensor Power(float exponent) => Map(new PowerConstantOperation(exponent));

    /// <summary>
    /// Returns the angle in [-pi, pi] of the point with ordinate y and abscissa x for each pair of elements, with broadcasting;
    /// zeros and infinities as in IEEE 754.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Atan2(Tensor y, Tensor x) => Map(new Atan2Operation(), y, x, "Atan2");

    /// <summary>Returns the angle of the ordinate y, this, and the abscissa x: <see cref="Atan2(Tensor, Tensor)"/>.</summary>
    public Tensor Atan2(Tensor x) => Atan2(this, x);

    /// <summary>
    /// Computes x - y floor(x / y) for each pair of elements, with broadcasting, without rounding errors where the signs agree:
    /// the sign is that of y, as in Python and torch.remainder; NaN for y = 0.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Remainder(Tensor x, Tensor y) => Map(new RemainderOperation(), x, y, "Remainder");

    /// <summary>Computes x - y floor(x / y) for each element x, as <see cref="Remainder(Tensor, Tensor)"/> does.</summary>
    public Tensor Remainder(Tensor y) => Remainder(this, y);

    /// <summary>
    /// Computes floor(x / y) of the exact quotient for each pair of elements, with broadcasting, as Python's <c>//</c>: infinite
    /// or NaN for y = 0.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor FloorDivide(Tensor x, Tensor y) => Map(new FloorDivideOperation(), x, y, "FloorDivide");

    /// <summary>Computes floor(x / y) for each element x, as <see cref="FloorDivide(Tensor, Tensor)"/> does.</summary>
    public Tensor FloorDivide(Tensor y) => FloorDivide(this, y);

    /// <summary>Computes x - y floor(x / y) for each element x, where y is a number.</summary>
    public Tensor Remainder(float y) => Map(new WithRight<RemainderOperation>(y));

    /// <summary>Computes floor(x / y) for each element x, where y is a number.</summary>
    public Tensor FloorDivide(float y) => Map(new WithRight<FloorDivideOperation>(y));

    /// <summary>Returns an argument that is not null, else throws an error with its name.</summary>
    internal static T Checked<T>(T argument, [CallerArgumentExpression(nameof(argument))] string? name = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(argument, name);
        return argument;
    }
}
