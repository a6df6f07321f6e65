using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// ALiBi: scores fall with the distance of query and key, by a slope of its own for each head, and no position is added to the
/// vectors (Press, Smith and Lewis, "Train short, test long", arXiv:2108.12409). The slopes go into
/// <see cref="AttentionOptions.Slopes"/>.
/// </summary>
public static class AlibiSlopes
{
    /// <summary>
    /// The slopes of N heads. Where N is a power of two, slope i of 1 to N is 2^(-8i/N), a geometric sequence as in the paper;
    /// else those of the greatest power of two P below N come first, and then the first, third, fifth, ... of 2P heads, which lie
    /// between them: what the authors' program does, the paper leaves it open.
    /// </summary>
    /// <param name="headCount">N, at least 1.</param>
    /// <param name="backend">Where the slopes go; null for the default.</param>
    /// <returns>Shape (N,), owned by the caller.</returns>
    public static Tensor Of(int headCount, Backend? backend = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(headCount, 1);
        var power = 1 << System.Numerics.BitOperations.Log2((uint)headCount);
        var slopes = new float[headCount];
        for (var i = 0; i < headCount; i++)
        {
            slopes[i] = (float)(i < power
                ? Math.Pow(2, -8.0 * (i + 1) / power)
                : Math.Pow(2, -4.0 * (2 * (i - power) + 1) / power));
        }

        return Tensor.FromSpan(slopes, [headCount], backend);
    }
}
