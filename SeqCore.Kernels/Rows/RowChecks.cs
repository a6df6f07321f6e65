namespace SeqCore.Kernels;

/// <summary>The checks of operands that hold rows.</summary>
internal static class RowChecks
{
    /// <summary>Throws where a span is shorter than the rows and columns it should hold.</summary>
    internal static void Check<T>(string operation, string name, DeviceSpan<T> span, int rows, int columns) where T : unmanaged
    {
        if (rows < 0 || columns < 0 || span.Length < (long)rows * columns)
            Throw(operation, name, span.Length, rows, columns);
    }

    /// <summary>As <see cref="Check{T}"/>, for a span that may be left out.</summary>
    internal static void CheckOptional<T>(string operation, string name, DeviceSpan<T> span, int rows, int columns)
        where T : unmanaged
    {
        if (!span.IsAbsent)
            Check(operation, name, span, rows, columns);
    }

    /// <summary>Throws unless a residual and the sum that it asks for are both there, or neither.</summary>
    internal static void CheckResidual(string operation, DeviceSpan<float> residual, DeviceSpan<float> sum, int rows, int columns)
    {
        if (residual.IsAbsent != sum.IsAbsent)
        {
            throw new ArgumentException($"{operation}: a residual and a sum go together;"
                + $" got {(sum.IsAbsent ? "no sum" : "no residual")}.");
        }

        CheckOptional(operation, nameof(residual), residual, rows, columns);
        CheckOptional(operation, nameof(sum), sum, rows, columns);
    }

    private static void Throw(string operation, string name, int length, int rows, int columns) => throw new ArgumentException(
        $"{operation}: {name} should hold ({rows}, {columns}) = {(long)rows * columns} elements; got {length}.");
}
