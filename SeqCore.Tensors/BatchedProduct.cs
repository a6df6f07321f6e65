using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// Brings a broadcast, batched product of views into the layout that the kernel takes: two matrices with a row stride each,
/// perhaps transposed, and one stride from each matrix of the batch to the next.
/// </summary>
internal static class BatchedProduct
{
    /// <summary>Computes C = activation(A B + bias), with C contiguous.</summary>
    /// <param name="a">The left operand A, shape (..., M, K).</param>
    /// <param name="b">The right operand B, shape (..., K, N).</param>
    /// <param name="c">The result C, shape (batch..., M, N), in row-major order.</param>
    /// <param name="batch">The broadcast axes before the last two.</param>
    /// <param name="bias">The bias, shape (N,); empty for none.</param>
    /// <param name="activation">The activation, which is applied last.</param>
    internal static void Run(Tensor a, Tensor b, DeviceSpan<float> c, Shape batch, DeviceSpan<float> bias = default,
        Activation activation = Activation.None)
    {
        int m = a.Shape[-2], k = a.Shape[-1], n = b.Shape[-1];
        if (c.Length == 0)
            return;
        using var ownA = IsMatrix(a) ? null : a.Copy();
        using var ownB = IsMatrix(b) ? null : b.Copy();
        var left = (ownA ?? a).Strided;
        var right = (ownB ?? b).Strided;
        Span<int> sizes = stackalloc int[Layout.MaxRank];
        Span<int> stepsA = stackalloc int[Layout.MaxRank];
        Span<int> stepsB = stackalloc int[Layout.MaxRank];
        var rank = Collapse(batch, left.Layout, right.Layout, sizes, stepsA, stepsB);
        var matrixA = AsMatrix(left);
        var matrixB = AsMatrix(right);

        // Rows of a whole batch against one matrix are one tall product.
        if (rank == 1 && stepsB[0] == 0 && !matrixA.Transposed
            && (m == 1 || stepsA[0] == m * (long)matrixA.RowStride) && stepsA[0] >= k)
        {
            if (m == 1)
                matrixA = matrixA with { RowStride = stepsA[0] };
            m *= sizes[0];
            rank = 0;
        }

        var inner = rank == 0 ? 1 : sizes[rank - 1];
        matrixA = matrixA with { BatchStride = rank == 0 ? 0 : stepsA[rank - 1] };
        matrixB = matrixB with { BatchStride = rank == 0 ? 0 : stepsB[rank - 1] };
        var outer = 1;
        for (var i = 0; i < rank - 1; i++)
            outer *= sizes[i];
        for (var i = 0; i < outer; i++)
        {
            int skipA = 0, skipB = 0, rest = i;
            for (var axis = rank - 2; axis >= 0; axis--)
            {
                skipA += rest % sizes[axis] * stepsA[axis];
                skipB += rest % sizes[axis] * stepsB[axis];
                rest /= sizes[axis];
            }

            var size = inner * m * n;
            a.Backend.MatMul(new MatMulArguments
            {
                M = m,
                N = n,
                K = k,
                A = matrixA with { Data = From(left.Data, skipA) },
                B = matrixB with { Data = From(right.Data, skipB) },
                C = new Matrix(c.Slice(i * size, size), n, false, inner == 1 ? 0 : m * n),
                Bias = bias,
                Activation = activation,
                Batch = inner,
            });
        }
    }

    /// <summary>Whether the last two axes are rows of adjacent elements, or the transpose of such rows.</summary>
    private static bool IsMatrix(Tensor x)
    {
        var layout = x.Strided.Layout;
        return IsRows(layout, layout.Rank - 2, layout.Rank - 1) || IsRows(layout, layout.Rank - 1, layout.Rank - 2);
    }

    private static bool IsRows(in Layout layout, int rows, int columns) =>
        (layout.Stride(columns) == 1 || layout.Size(columns) == 1)
        && (layout.Stride(rows) >= layout.Size(columns) || layout.Size(rows) == 1);

    private static Matrix AsMatrix(in StridedSpan x)
    {
        int rows = x.Layout.Rank - 2, columns = x.Layout.Rank - 1;
        return IsRows(x.Layout, rows, columns)
            ? new Matrix(x.Data, RowStride(x.Layout, rows, columns))
            : new Matrix(x.Data, RowStride(x.Layout, columns, rows), Transposed: true);
    }

    // One row may carry any stride, for example 0 from broadcasting; the kernel needs one that a row fits into.
    private static int RowStride(in Layout layout, int rows, int columns) =>
        Math.Max(1, layout.Size(rows) == 1 ? layout.Size(columns) : layout.Stride(rows));

    // Without inner elements (K = 0) there is nothing to skip.
    private static DeviceSpan<float> From(DeviceSpan<float> data, int skip) =>
        data.Length == 0 ? data : data.Slice(skip, data.Length - skip);

    /// <summary>Joins adjacent batch axes that both operands step through evenly; returns the number of axes left.</summary>
    private static int Collapse(Shape batch, in Layout a, in Layout b, Span<int> sizes, Span<int> stepsA, Span<int> stepsB)
    {
        var rank = 0;
        for (var i = 0; i < batch.Rank; i++)
        {
            if (batch[i] == 1)
                continue;
            var stepA = Step(a, batch, i);
            var stepB = Step(b, batch, i);
            if (rank > 0 && stepsA[rank - 1] == stepA * batch[i] && stepsB[rank - 1] == stepB * batch[i])
            {
                sizes[rank - 1] *= batch[i];
                stepsA[rank - 1] = stepA;
                stepsB[rank - 1] = stepB;
                continue;
            }

            sizes[rank] = batch[i];
            stepsA[rank] = stepA;
            stepsB[rank++] = stepB;
        }

        return rank;
    }

    private static int Step(in Layout layout, Shape batch, int axis)
    {
        var own = axis - batch.Rank + layout.Rank - 2;
        return own < 0 || layout.Size(own) == 1 ? 0 : layout.Stride(own);
    }
}
