namespace SeqCore.Kernels;

/// <summary>
/// A matrix, or a batch of them, for a product: row-major with a distance between rows, read as its transpose where
/// <see cref="Transposed"/> says so.
/// </summary>
/// <param name="Data">Element (0, 0) of the first matrix first.</param>
/// <param name="RowStride">Elements between the starts of neighbouring stored rows.</param>
/// <param name="Transposed">Whether the stored matrix is the transpose of the one meant.</param>
/// <param name="BatchStride">Elements between neighbouring matrices of the batch; 0 uses one matrix for all.</param>
public readonly record struct Matrix(DeviceSpan<float> Data, int RowStride, bool Transposed = false, int BatchStride = 0);

/// <summary>C = activation(alpha A B + beta C + bias), for each matrix of a batch.</summary>
public readonly struct MatMulArguments
{
    /// <summary>Rows of A and C.</summary>
    public required int M { get; init; }

    /// <summary>Columns of B and C.</summary>
    public required int N { get; init; }

    /// <summary>Columns of A, rows of B.</summary>
    public required int K { get; init; }

    /// <summary>Shape (M, K).</summary>
    public required Matrix A { get; init; }

    /// <summary>Shape (K, N). Ignored where <see cref="PackedB"/> is given.</summary>
    public Matrix B { get; init; }

    /// <summary>B, packed before by <see cref="Backend.Pack"/> and kept.</summary>
    internal PackedMatrix? PackedB { get; init; }

    /// <summary>Shape (M, N); not transposed. Must not overlap A, B or the bias.</summary>
    public required Matrix C { get; init; }

    /// <summary>Shape (N): added to each row; or absent.</summary>
    public DeviceSpan<float> Bias { get; init; }

    /// <summary>Factor of the product.</summary>
    public float Alpha { get; init; } = 1f;

    /// <summary>Factor of what C held before; 0 does not read C.</summary>
    public float Beta { get; init; }

    /// <summary>Applied last.</summary>
    public Activation Activation { get; init; }

    /// <summary>Number of products.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Sets the defaults.</summary>
    public MatMulArguments()
    {
    }
}

/// <summary>A right-hand side in the order that the micro-kernel reads it, for reuse over many products.</summary>
internal abstract class PackedMatrix : IDisposable
{
    /// <summary>Rows (K).</summary>
    public abstract int Rows { get; }

    /// <summary>Columns (N).</summary>
    public abstract int Columns { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}

public abstract partial class Backend
{
    /// <summary>C = activation(alpha A B + beta C + bias): the matrix product, batched.</summary>
    /// <exception cref="ArgumentException">A matrix does not fit into its memory.</exception>
    public void MatMul(in MatMulArguments arguments)
    {
        RunMatMul(arguments);
        KeepAlive(arguments);
    }

    /// <summary>Packs a right-hand side of shape (rows, columns) = (K, N), to be reused by products.</summary>
    internal PackedMatrix Pack(Matrix b, int rows, int columns)
    {
        MatMulChecks.CheckMatrix(b, rows, columns, 1, "B");
        var result = RunPack(b, rows, columns);
        KeepAlive(b.Data);
        return result;
    }

    private protected abstract void RunMatMul(in MatMulArguments arguments);

    private protected abstract PackedMatrix RunPack(Matrix b, int rows, int columns);
}
