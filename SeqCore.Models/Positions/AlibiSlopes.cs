using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Makes the slopes of ALiBi: scores decrease with the distance between query and key, with another slope for each head, and no
/// position is added to the vectors (Press, Smith and Lewis, "Train short, test long", arXiv:2108.12409). The slopes are for
/// <see cref="AttentionOptions.Slopes"/>.
/// </summary>
public static class AlibiSlopes
{
    /// <summary>
    /// Makes the slopes of N heads. If N is a power of two, slope i of 1 to N is 2^(-8i/N), a geometric sequence as in the paper;
    /// otherwise the slopes of the largest power of two P below N come first, and then the first, third, fifth, ... of 2P heads,
    /// which lie between them, as in the authors' program; the paper leaves it open.
    /// </summary>
    /// <param name="headCount">The number of heads, N, at least 1.</param>
    /// <param name="backend">The backend on which the slopes are made; null for the default.</param>
    /// <returns>The slopes, shape (N,), which the caller owns.</returns>
    public static Tensor Of(int headCount, Backend? backend = null)
    {
        Argument.AtLeast(headCount, nameof(AlibiSlopes), nameof(headCount));
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
