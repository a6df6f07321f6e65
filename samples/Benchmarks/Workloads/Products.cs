using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Benchmarks;

/// <summary>Products of contiguous matrices through the kernel.</summary>
internal static class Products
{
    /// <summary>C = A B, or A Bᵀ with B stored (N, K).</summary>
    internal static Tensor MatMul(this Tensor a, Tensor b, bool transposeB = false)
    {
        var c = Tensor.Uninitialized(new Shape(a.Shape[0], b.Shape[transposeB ? 0 : 1]), a.Backend);
        a.Backend.MatMul(new MatMulArguments
        {
            M = a.Shape[0],
            N = c.Shape[1],
            K = a.Shape[1],
            A = new Matrix(a.Span, a.Shape[1]),
            B = new Matrix(b.Span, b.Shape[1], transposeB),
            C = new Matrix(c.Span, c.Shape[1]),
        });
        return c;
    }
}
