using System.Runtime.CompilerServices;
using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>x + y, broadcast.</summary>
    public static Tensor operator +(Tensor x, Tensor y) => Map(new AddOperation(), x, y, "Add");

    /// <summary>x - y, broadcast.</summary>
    public static Tensor operator -(Tensor x, Tensor y) => Map(new SubtractOperation(), x, y, "Subtract");

    /// <summary>x y element by element, broadcast; the matrix product is <see cref="MatMul(Tensor, Tensor)"/>.</summary>
    public static Tensor operator *(Tensor x, Tensor y) => Map(new MultiplyOperation(), x, y, "Multiply");

    /// <summary>x / y, broadcast.</summary>
    public static Tensor operator /(Tensor x, Tensor y) => Map(new DivideOperation(), x, y, "Divide");

    /// <summary>-x</summary>
    public static Tensor operator -(Tensor x) => Checked(x).Map(new NegateOperation());

    /// <summary>x + y for each element.</summary>
    public static Tensor operator +(Tensor x, float y) => Checked(x).Map(new WithRight<AddOperation>(y));

    /// <summary>x + y for each element.</summary>
    public static Tensor operator +(float x, Tensor y) => Checked(y) + x;

    /// <summary>x - y for each element.</summary>
    public static Tensor operator -(Tensor x, float y) => x + -y;

    /// <summary>x - y for each element.</summary>
    public static Tensor operator -(float x, Tensor y) => Checked(y).Map(new WithLeft<SubtractOperation>(x));

    /// <summary>x y for each element.</summary>
    public static Tensor operator *(Tensor x, float y) => Checked(x).Map(new WithRight<MultiplyOperation>(y));

    /// <summary>x y for each element.</summary>
    public static Tensor operator *(float x, Tensor y) => Checked(y) * x;

    /// <summary>x / y for each element.</summary>
    public static Tensor operator /(Tensor x, float y) => Checked(x).Map(new WithRight<DivideOperation>(y));

    /// <summary>x / y for each element.</summary>
    public static Tensor operator /(float x, Tensor y) => Checked(y).Map(new WithLeft<DivideOperation>(x));

    /// <summary>The greater of x and y, broadcast; NaN if either is.</summary>
    public static Tensor Maximum(Tensor x, Tensor y) => Map(new MaximumOperation(), x, y, "Maximum");

    /// <summary>The lesser of x and y, broadcast; NaN if either is.</summary>
    public static Tensor Minimum(Tensor x, Tensor y) => Map(new MinimumOperation(), x, y, "Minimum");

    /// <summary>x^y, broadcast; NaN for a negative x unless y is whole.</summary>
    public static Tensor Power(Tensor x, Tensor y) => Map(new PowerOperation(), x, y, "Power");

    /// <summary>x^exponent for each element; NaN for a negative x unless the exponent is whole.</summary>
    public Tensor Power(float exponent) => Map(new PowerConstantOperation(exponent));

    /// <summary>An argument that is not null, else an error with its name.</summary>
    internal static T Checked<T>(T argument, [CallerArgumentExpression(nameof(argument))] string? name = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(argument, name);
        return argument;
    }
}
