namespace SeqCore;

// A literal such as 0.5 is a double in C#. Elements are float32, so the number is rounded to the nearest one first. For an int or
// a float, C# chooses the operators with a float.
public partial class Variable
{
    /// <summary>Adds a number to each element.</summary>
    public static Variable operator +(Variable x, double y) => x + (float)y;

    /// <summary>Adds a number to each element.</summary>
    public static Variable operator +(double x, Variable y) => (float)x + y;

    /// <summary>Computes x - y for each element, where one operand is a number.</summary>
    public static Variable operator -(Variable x, double y) => x - (float)y;

    /// <summary>Computes x - y for each element, where one operand is a number.</summary>
    public static Variable operator -(double x, Variable y) => (float)x - y;

    /// <summary>Multiplies each element by a number.</summary>
    public static Variable operator *(Variable x, double y) => x * (float)y;

    /// <summary>Multiplies each element by a number.</summary>
    public static Variable operator *(double x, Variable y) => (float)x * y;

    /// <summary>Computes x / y for each element, where one operand is a number.</summary>
    public static Variable operator /(Variable x, double y) => x / (float)y;

    /// <summary>Computes x / y for each element, where one operand is a number.</summary>
    public static Variable operator /(double x, Variable y) => (float)x / y;
}
