namespace SeqCore.Benchmarks;

/// <summary>Products of two matrices.</summary>
internal static class MatMulWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        new("matmul", "N", sizes => Square(sizes[0])),
        new("matmul_nt", "MxKxN", sizes => Transposed(sizes[0], sizes[1], sizes[2])),
    ];

    private static Workload Square(int n)
    {
        var a = Inputs.Normal(n, n);
        var b = Inputs.Normal(n, n);
        return Workload.Inference(() => Tensor.MatMul(a, b), 2.0 * n * n * n);
    }

    /// <summary>C = A Bᵀ with B stored (N, K), as in a linear layer.</summary>
    private static Workload Transposed(int m, int k, int n)
    {
        var a = Inputs.Normal(m, k);
        var b = Inputs.Normal(n, k);
        return Workload.Inference(() => Tensor.MatMul(a, b.Transpose()), 2.0 * m * k * n);
    }
}
