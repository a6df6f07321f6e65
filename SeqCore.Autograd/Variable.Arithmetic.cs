using SeqCore.Functions;

namespace SeqCore;

public partial class Variable
{
    /// <summary>Adds x and y with broadcasting: x + y.</summary>
    public static Variable operator +(Variable x, Variable y) => new AddFunction(x, y).Apply();

    /// <summary>Subtracts y from x with broadcasting: x - y.</summary>
    public static Variable operator -(Variable x, Variable y) => new SubtractFunction(x, y).Apply();

    /// <summary>
    /// Multiplies x and y element by element, with broadcasting; the matrix product is <see cref="MatMul(Variable, Variable)"/>.
    /// </summary>
    public static Variable operator *(Variable x, Variable y) => new MultiplyFunction(x, y).Apply();

    /// <summary>Divides x by y with broadcasting: x / y.</summary>
    public static Variable operator /(Variable x, Variable y) => new DivideFunction(x, y).Apply();

    /// <summary>Negates each element: -x.</summary>
    public static Variable operator -(Variable x) => new AffineFunction(x, -1f, 0f).Apply();

    /// <summary>Adds a number to each element.</summary>
    public static Variable operator +(Variable x, float y) => new AffineFunction(x, 1f, y).Apply();

    /// <summary>Adds a number to each element.</summary>
    public static Variable operator +(float x, Variable y) => new AffineFunction(y, 1f, x).Apply();

    /// <summary>Computes x - y for each element, where one operand is a number.</summary>
    public static Variable operator -(Variable x, float y) => new AffineFunction(x, 1f, -y).Apply();

    /// <summary>Computes x - y for each element, where one operand is a number.</summary>
    public static Variable operator -(float x, Variable y) => new AffineFunction(y, -1f, x).Apply();

    /// <summary>Multiplies each element by a number.</summary>
    public static Variable operator *(Variable x, float y) => new AffineFunction(x, y, 0f).Apply();

    /// <summary>Multiplies each element by a number.</summary>
    public static Variable operator *(float x, Variable y) => new AffineFunction(y, x, 0f).Apply();

    /// <summary>Computes x / y for each element, where one operand is a number.</summary>
    public static Variable operator /(Variable x, float y)
    {
        ArgumentNullException.ThrowIfNull(x);
        return new DivideFunction(x, Tensor.Full(Shape.Scalar, y, x.Value.Backend)).Apply();
    }

    /// <summary>Computes x / y for each element, where one operand is a number.</summary>
    public static Variable operator /(float x, Variable y)
    {
        ArgumentNullException.ThrowIfNull(y);
        return new DivideFunction(Tensor.Full(Shape.Scalar, x, y.Value.Backend), y).Apply();
    }

    /// <summary>
    /// Computes the matrix product over the last two axes, broadcast over the axes before them: shapes (..., M, K) and (..., K,
    /// N) to (..., M, N). A vector on the left is a row, on the right a column; the result does not have its axis.
    /// </summary>
    /// <exception cref="ShapeException">
    /// The inner sizes differ, the batch axes do not broadcast, or an operand is a scalar.
    /// </exception>
    public static Variable MatMul(Variable a, Variable b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new MatMulFunction(a, b).Apply();
    }

    /// <summary>Computes the matrix product with another variable, as <see cref="MatMul(Variable, Variable)"/> does.</summary>
    public Variable MatMul(Variable b) => MatMul(this, b);
}
