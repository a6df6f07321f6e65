namespace SeqCore.Kernels;

/// <summary>Checks operands that consist of rows.</summary>
internal static class RowChecks
{
    /// <summary>Throws if a span is shorter than its rows and columns.</summary>
    internal static void Check<T>(string operation, string name, DeviceSpan<T> span, int rows, int columns) where T : unmanaged
    {
        if (rows < 0 || columns < 0 || span.Length < (long)rows * columns)
            Throw(operation, name, span.Length, rows, columns);
    }

    /// <summary>Works like <see cref="Check{T}"/>, for a span that may be absent.</summary>
    internal static void CheckOptional<T>(string operation, string name, DeviceSpan<T> span, int rows, int columns)
        where T : unmanaged
    {
        if (!span.IsAbsent)
            Check(operation, name, span, rows, columns);
    }

    /// <summary>Throws unless a residual and its sum are both present or both absent.</summary>
    internal static void CheckResidual(string operation, DeviceSpan<float> residual, DeviceSpan<float> sum, int rows, int columns)
    {
        if (residual.IsAbsent != sum.IsAbsent)
        {
            throw new ArgumentException($"{operation}: a residual and a sum should be given together;"
                + $" got {(sum.IsAbsent ? "no sum" : "no residual")}.");
        }

        CheckOptional(operation, nameof(residual), residual, rows, columns);
        CheckOptional(operation, nameof(sum), sum, rows, columns);
    }

    private static void Throw(string operation, string name, int length, int rows, int columns) => throw new ArgumentException(
        $"{operation}: {name} should hold ({rows}, {columns}) = {(long)rows * columns} elements; got {length}.");
}
