namespace SeqCore;

/// <summary>
/// The exception for a shape that does not fit. Its message always reads <c>Operation: NAME should have shape EXPECTED because
/// REASON; got ACTUAL. Hint: ...</c>
/// </summary>
public sealed class ShapeException : ArgumentException
{
    private ShapeException(string operation, string expected, string actual, string message) : base(message)
    {
        Operation = operation;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The name of the operation that was called.</summary>
    public string Operation { get; }

    /// <summary>The shape that was expected.</summary>
    public string Expected { get; }

    /// <summary>The shape that was given.</summary>
    public string Actual { get; }

    /// <summary>Makes the exception for a tensor whose shape does not fit the other arguments.</summary>
    /// <param name="operation">The name of the operation, for example LstmCell.</param>
    /// <param name="name">The name of the argument.</param>
    /// <param name="expected">The expected shape in letters and numbers, for example <c>(B, 4H) = (32, 2048)</c>.</param>
    /// <param name="actual">The shape that was given.</param>
    /// <param name="because">The reason why the shape is expected, for example <c>previousCell is (32, 512)</c>; or null.</param>
    /// <param name="hint">A hint about what was perhaps meant; or null.</param>
    public static ShapeException Wrong(string operation, string name, string expected, Shape actual, string? because = null,
        string? hint = null) =>
        new(operation, expected, Tensor.Checked(actual).ToString(),
            $"{operation}: {name} should have shape {expected}{(because is null ? "" : $" because {because}")}; got {actual}."
            + (hint is null ? "" : $" Hint: {hint}"));

    /// <summary>Makes the exception for two shapes that do not broadcast.</summary>
    internal static ShapeException CannotBroadcast(string operation, Shape left, Shape right, int axis) =>
        new(operation, left.ToString(), right.ToString(),
            $"{operation}: {left} and {right} do not broadcast: their sizes differ on axis {axis} of the result and neither is 1."
            + " Hint: reshape one of them, or insert axes of size 1 with Unsqueeze.");
}
