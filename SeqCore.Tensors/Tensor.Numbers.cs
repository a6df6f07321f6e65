namespace SeqCore;

// A literal such as 0.5 is a double in C#. Elements are float32, so the number is rounded to the nearest one first. For an int or
// a float, C# chooses the operators with a float.
public sealed partial class Tensor
{
    /// <summary>Adds a number to each element.</summary>
    public static Tensor operator +(Tensor x, double y) => x + (float)y;

    /// <summary>Adds a number to each element.</summary>
    public static Tensor operator +(double x, Tensor y) => (float)x + y;

    /// <summary>Computes x - y for each element, where one operand is a number.</summary>
    public static Tensor operator -(Tensor x, double y) => x - (float)y;

    /// <summary>Computes x - y for each element, where one operand is a number.</summary>
    public static Tensor operator -(double x, Tensor y) => (float)x - y;

    /// <summary>Multiplies each element by a number.</summary>
    public static Tensor operator *(Tensor x, double y) => x * (float)y;

    /// <summary>Multiplies each element by a number.</summary>
    public static Tensor operator *(double x, Tensor y) => (float)x * y;

    /// <summary>Computes x / y for each element, where one operand is a number.</summary>
    public static Tensor operator /(Tensor x, double y) => x / (float)y;

    /// <summary>Computes x / y for each element, where one operand is a number.</summary>
    public static Tensor operator /(double x, Tensor y) => (float)x / y;

    /// <summary>Returns true where x &lt; y, a number.</summary>
    public static BoolTensor operator <(Tensor x, double y) => x < (float)y;

    /// <summary>Returns true where x &gt; y, a number.</summary>
    public static BoolTensor operator >(Tensor x, double y) => x > (float)y;

    /// <summary>Returns true where x &lt;= y, a number.</summary>
    public static BoolTensor operator <=(Tensor x, double y) => x <= (float)y;

    /// <summary>Returns true where x &gt;= y, a number.</summary>
    public static BoolTensor operator >=(Tensor x, double y) => x >= (float)y;

    /// <summary>Returns true where the elements equal a number.</summary>
    public static BoolTensor operator ==(Tensor x, double y) => x == (float)y;

    /// <summary>Returns true where the elements differ from a number.</summary>
    public static BoolTensor operator !=(Tensor x, double y) => x != (float)y;
}
