namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// c_ij = activation(alpha sum_l a_il b_lj + beta c_ij + bias_j). The gradients of a product are products too: for c = a b,
    /// dA = dC b' and dB = a' dC.
    /// </summary>
    /// <param name="a">Shape (M, K), or (K, M) where it is transposed.</param>
    /// <param name="b">Shape (K, N), or (N, K) where it is transposed.</param>
    /// <param name="c">Shape (M, N): read where beta is not 0, and written.</param>
    /// <param name="m">The number of rows of the result, M.</param>
    /// <param name="n">The number of columns of the result, N.</param>
    /// <param name="k">The number of terms of each sum, K.</param>
    /// <param name="transposeA">Whether a is stored as its transpose.</param>
    /// <param name="transposeB">Whether b is stored as its transpose.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <param name="beta">The factor of the previous values of c.</param>
    /// <param name="bias">Shape (N), or empty for 0.</param>
    /// <param name="activation">The activation, applied last.</param>
    internal static void MatMul(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> c, int m, int n, int k,
        bool transposeA = false, bool transposeB = false, double alpha = 1, double beta = 0, ReadOnlySpan<double> bias = default,
        Activation activation = Activation.None)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = 0.0;
                for (var l = 0; l < k; l++)
                    sum += (transposeA ? a[(l * m) + i] : a[(i * k) + l]) * (transposeB ? b[(j * k) + l] : b[(l * n) + j]);
                sum *= alpha;
                if (beta != 0)
                    sum += beta * c[(i * n) + j];
                if (!bias.IsEmpty)
                    sum += bias[j];
                c[(i * n) + j] = Activate(activation, sum);
            }
        }
    }

    private static double Activate(Activation activation, double x) => activation switch
    {
        Activation.Relu => Math.Max(x, 0),
        Activation.Tanh => Math.Tanh(x),
        Activation.Sigmoid => Sigmoid(x),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        _ => x,
    };
}
