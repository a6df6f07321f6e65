using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels;

/// <summary>
/// A matrix, or a batch of matrices, as an operand of a product: row-major with a row stride, and read as its transpose if
/// <see cref="Transposed"/> is set.
/// </summary>
/// <param name="Data">The memory, which starts with element (0, 0) of the first matrix.</param>
/// <param name="RowStride">The number of elements between the starts of neighbouring stored rows.</param>
/// <param name="Transposed">Whether the stored matrix is the transpose of the operand.</param>
/// <param name="BatchStride">The number of elements between neighbouring matrices of the batch; 0 uses one matrix for
/// all.</param>
public readonly record struct Matrix(DeviceSpan<float> Data, int RowStride, bool Transposed = false, int BatchStride = 0);

/// <summary>The arguments of C = activation(alpha A B + beta C + bias), for each matrix of a batch.</summary>
public readonly struct MatMulArguments
{
    /// <summary>The number of rows of A and C.</summary>
    public required int M { get; init; }

    /// <summary>The number of columns of B and C.</summary>
    public required int N { get; init; }

    /// <summary>The number of columns of A and of rows of B.</summary>
    public required int K { get; init; }

    /// <summary>The left operand A, shape (M, K).</summary>
    public required Matrix A { get; init; }

    /// <summary>The right operand B, shape (K, N); ignored if <see cref="PackedB"/> is set.</summary>
    public Matrix B { get; init; }

    /// <summary>The right operand B as packed by <see cref="Backend.Pack"/>.</summary>
    internal PackedMatrix? PackedB { get; init; }

    /// <summary>The result C, shape (M, N), not transposed; it must not overlap A, B or the bias.</summary>
    public required Matrix C { get; init; }

    /// <summary>The bias that is added to each row, shape (N); or absent.</summary>
    public DeviceSpan<float> Bias { get; init; }

    /// <summary>The factor of the product.</summary>
    public float Alpha { get; init; } = 1f;

    /// <summary>The factor of the previous values of C; 0 does not read C.</summary>
    public float Beta { get; init; }

    /// <summary>The activation, applied last.</summary>
    public Activation Activation { get; init; }

    /// <summary>The number of products.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Makes arguments with default values.</summary>
    public MatMulArguments()
    {
    }
}

public abstract partial class Backend
{
    /// <summary>C = activation(alpha A B + beta C + bias): the matrix product, batched.</summary>
    /// <exception cref="ArgumentException">A matrix exceeds its memory.</exception>
    public void MatMul(in MatMulArguments arguments)
    {
        RunMatMul(arguments);
        KeepAlive(arguments);
    }

    /// <summary>Packs a right-hand side of shape (rows, columns) = (K, N) for use in several products.</summary>
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
