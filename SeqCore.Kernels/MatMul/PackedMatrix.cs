namespace SeqCore.Kernels.MatMul;

/// <summary>A right-hand side in the order in which the micro-kernel reads it, for use in many products.</summary>
internal abstract class PackedMatrix : IDisposable
{
    /// <summary>The number of rows, K.</summary>
    public abstract int Rows { get; }

    /// <summary>The number of columns, N.</summary>
    public abstract int Columns { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
