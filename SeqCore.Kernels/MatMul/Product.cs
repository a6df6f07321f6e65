namespace SeqCore.Kernels.MatMul;

/// <summary>One product of a batch, as addresses and strides.</summary>
internal unsafe struct Product
{
    internal Product(in MatMulArguments a, int index)
    {
        (M, N, K) = (a.M, a.N, a.K);
        A = a.A.Data.Pointer() + ((nint)index * a.A.BatchStride);
        (ARowStride, AColumnStride) = a.A.Transposed ? (1, a.A.RowStride) : (a.A.RowStride, 1);
        Packed = (PackedPanels?)a.PackedB;
        if (Packed is null)
        {
            B = a.B.Data.Pointer() + ((nint)index * a.B.BatchStride);
            (BRowStride, BColumnStride) = a.B.Transposed ? (1, a.B.RowStride) : (a.B.RowStride, 1);
        }

        C = a.C.Data.Pointer() + ((nint)index * a.C.BatchStride);
        CStride = a.C.RowStride;
        Bias = a.Bias.Pointer();
        (Alpha, Beta, Activation) = (a.Alpha, a.Beta, a.Activation);
    }

    internal int M;
    internal int N;
    internal int K;
    internal float* A;
    internal nint ARowStride;
    internal nint AColumnStride;
    internal float* B;
    internal nint BRowStride;
    internal nint BColumnStride;
    internal PackedPanels? Packed;
    internal float* C;
    internal nint CStride;
    internal float* Bias;
    internal float Alpha;
    internal float Beta;
    internal Activation Activation;

    internal readonly long Work => (long)M * N * K;

    /// <summary>C' = B' A', for a C of one column that is contiguous.</summary>
    internal readonly Product Transpose() => this with
    {
        M = N,
        N = M,
        A = B,
        ARowStride = BColumnStride,
        AColumnStride = BRowStride,
        B = A,
        BRowStride = AColumnStride,
        BColumnStride = ARowStride,
        CStride = M,
    };
}

/// <summary>Rejects products that would access memory outside their operands.</summary>
internal static class MatMulChecks
{
    /// <typeparam name="TPacked">The type of the backend's packed matrices.</typeparam>
    internal static void Check<TPacked>(in MatMulArguments a) where TPacked : PackedMatrix
    {
        if (a.M < 0 || a.N < 0 || a.K < 0 || a.Batch < 0)
        {
            throw new ArgumentException("MatMul: sizes should not be negative;"
                + $" got M = {a.M}, N = {a.N}, K = {a.K}, batch {a.Batch}.");
        }

        CheckMatrix(a.A, a.M, a.K, a.Batch, "A");
        if (a.PackedB is null)
            CheckMatrix(a.B, a.K, a.N, a.Batch, "B");
        else if (a.PackedB is not TPacked || a.PackedB.Rows != a.K || a.PackedB.Columns != a.N)
        {
            throw new ArgumentException($"MatMul: packed B should have shape (K, N) = ({a.K}, {a.N});"
                + $" got ({a.PackedB.Rows}, {a.PackedB.Columns}).");
        }

        if (a.C.Transposed)
            throw new ArgumentException("MatMul: C should not be transposed. Hint: swap A and B and transpose both.");
        CheckMatrix(a.C, a.M, a.N, a.Batch, "C");
        if (!a.Bias.IsAbsent && a.Bias.Length != a.N)
            throw new ArgumentException($"MatMul: bias should have shape (N) = ({a.N}); got ({a.Bias.Length}).");
    }

    internal static void CheckMatrix(Matrix m, int rows, int columns, int batch, string name)
    {
        var (outer, inner) = m.Transposed ? (columns, rows) : (rows, columns);
        if (outer == 0 || inner == 0 || batch == 0)
            return;
        if (m.RowStride < 0 || m.BatchStride < 0 || (outer > 1 && m.RowStride < inner && m.RowStride != 0))
            throw new ArgumentException($"MatMul: the row stride of {name} should be at least {inner}; got {m.RowStride}.");
        var last = ((batch - 1) * (long)m.BatchStride) + ((outer - 1) * (long)m.RowStride) + inner;
        if (last > m.Data.Length)
        {
            throw new ArgumentException($"MatMul: {name} of shape ({rows}, {columns}), row stride {m.RowStride},"
                + $" batch of {batch}, needs {last} elements; its memory has {m.Data.Length}.");
        }
    }
}
