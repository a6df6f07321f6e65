using ILGPU;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// A copy of a right-hand side. Kernels on a GPU need no other order of elements; the rows of the copy start at multiples of 16
/// bytes, so that they are read as Float4s, whatever the stride of the original.
/// </summary>
internal sealed class GpuPackedMatrix : PackedMatrix
{
    private readonly DeviceBuffer buffer;

    internal GpuPackedMatrix(GpuBackend backend, Matrix b, int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        var (outer, inner) = b.Transposed ? (columns, rows) : (rows, columns);
        var stride = (inner + 3) / 4 * 4;
        buffer = backend.Rent(outer * (long)stride * sizeof(float));
        Matrix = new Matrix(new DeviceSpan<float>(buffer, 0, outer * stride), stride, b.Transposed);
        if (inner > 0)
        {
            var kernel = new CopyRowsKernel
            {
                From = backend.View(b.Data),
                FromStride = b.RowStride,
                To = backend.View(Matrix.Data),
                ToStride = stride,
                Rows = outer,
                Columns = inner,
            };
            backend.Launch(kernel, (int)(((long)outer * inner + 255) / 256), nameof(Backend.Pack));
        }
    }

    public override int Rows { get; }

    public override int Columns { get; }

    /// <summary>The copy.</summary>
    internal Matrix Matrix { get; }

    public override void Dispose() => buffer.Dispose();
}

/// <summary>
/// Copies rows to another stride, one element for each thread: thread i copies row i / Columns, column i mod Columns, so that
/// neighbours access neighbours.
/// </summary>
internal struct CopyRowsKernel : IGpuKernel
{
    internal ArrayView<float> From;
    internal ArrayView<float> To;
    internal int FromStride;
    internal int ToStride;
    internal int Rows;
    internal int Columns;

    public readonly void Run()
    {
        var i = (Grid.IdxX * Group.DimX) + Group.IdxX;
        int row = i / Columns, column = i - (row * Columns);
        if (row < Rows)
            To[(row * ToStride) + column] = From[(row * FromStride) + column];
    }
}
