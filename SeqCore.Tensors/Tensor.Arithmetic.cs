using SeqCore.Kernels;

namespace SeqCore.Tensors;

public sealed partial class Tensor
{
    /// <summary>x + y, broadcast.</summary>
    public static Tensor operator +(Tensor x, Tensor y) => Map(new Operations.Sum(), x, y, "Add");

    /// <summary>x - y, broadcast.</summary>
    public static Tensor operator -(Tensor x, Tensor y) => Map(new Operations.Difference(), x, y, "Subtract");

    /// <summary>x y element by element, broadcast; the matrix product is <see cref="MatMul(Tensor, Tensor)"/>.</summary>
    public static Tensor operator *(Tensor x, Tensor y) => Map(new Operations.Product(), x, y, "Multiply");

    /// <summary>x / y, broadcast.</summary>
    public static Tensor operator /(Tensor x, Tensor y) => Map(new Operations.Quotient(), x, y, "Divide");

    /// <summary>-x</summary>
    public static Tensor operator -(Tensor x) => Checked(x).Map(new Operations.Negative());

    /// <summary>x + y for each element.</summary>
    public static Tensor operator +(Tensor x, float y) => Checked(x).Map(new Operations.Plus(y));

    /// <summary>x + y for each element.</summary>
    public static Tensor operator +(float x, Tensor y) => y + x;

    /// <summary>x - y for each element.</summary>
    public static Tensor operator -(Tensor x, float y) => x + -y;

    /// <summary>x - y for each element.</summary>
    public static Tensor operator -(float x, Tensor y) => Checked(y).Map(new Operations.Minus(x));

    /// <summary>x y for each element.</summary>
    public static Tensor operator *(Tensor x, float y) => Checked(x).Map(new Operations.Times(y));

    /// <summary>x y for each element.</summary>
    public static Tensor operator *(float x, Tensor y) => y * x;

    /// <summary>x / y for each element.</summary>
    public static Tensor operator /(Tensor x, float y) => Checked(x).Map(new Operations.Over(y));

    /// <summary>x / y for each element.</summary>
    public static Tensor operator /(float x, Tensor y) => Checked(y).Map(new Operations.Divided(x));

    /// <summary>The greater of x and y, broadcast; NaN if either is.</summary>
    public static Tensor Maximum(Tensor x, Tensor y) => Map(new Operations.Greater(), x, y, "Maximum");

    /// <summary>The lesser of x and y, broadcast; NaN if either is.</summary>
    public static Tensor Minimum(Tensor x, Tensor y) => Map(new Operations.Lesser(), x, y, "Minimum");

    private static Tensor Checked(Tensor tensor, string name = "tensor")
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        return tensor;
    }
}
