namespace SeqCore.Benchmarks;

/// <summary>The first rungs: one multiplication at a time.</summary>
internal static class Scalar
{
    /// <summary>The definition: c_ij = sum_k a_ik b_kj. The inner loop walks down a column of B, n floats a step.</summary>
    internal static void TripleLoop(float[] a, float[] b, float[] c, int n)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = 0f;
                for (var k = 0; k < n; k++)
                    sum += a[i * n + k] * b[k * n + j];
                c[i * n + j] = sum;
            }
        }
    }

    /// <summary>The same terms with k in the middle: the inner loop walks along rows of B and C, one float a step.</summary>
    internal static void RowOrder(float[] a, float[] b, float[] c, int n)
    {
        Array.Clear(c);
        for (var i = 0; i < n; i++)
        {
            var row = c.AsSpan(i * n, n);
            for (var k = 0; k < n; k++)
            {
                var factor = a[i * n + k];
                var other = b.AsSpan(k * n, n);
                for (var j = 0; j < row.Length; j++)
                    row[j] += factor * other[j];
            }
        }
    }
}
