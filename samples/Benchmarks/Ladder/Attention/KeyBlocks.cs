using System.Runtime.Intrinsics;

namespace SeqCore.Benchmarks;

/// <summary>
/// The keys in blocks of 256: their scores go into a row that stays in the first-level cache, so the maximum is compared and the
/// result scaled once a block, and exponentials are computed sixteen at a time.
/// </summary>
internal static class KeyBlocks
{
    private const int Block = 256;

    internal static void Attend(Head head, float[] y)
    {
        Span<float> scores = stackalloc float[Block];
        for (var i = 0; i < head.Length; i++)
            Query(head, new FourVectors(head.Query(i)), y.AsSpan(i * Head.Size, Head.Size), scores);
    }

    private static void Query(Head head, FourVectors query, Span<float> y, Span<float> scores)
    {
        var result = new FourVectors(0f);
        float greatest = float.NegativeInfinity, sum = 0f;
        for (var first = 0; first < head.Length; first += Block)
        {
            var row = scores[..Math.Min(Block, head.Length - first)];
            var before = greatest;
            for (var j = 0; j < row.Length; j++)
            {
                row[j] = Head.Scale * query.Dot(head.Key(first + j));
                greatest = MathF.Max(greatest, row[j]);
            }

            var factor = MathF.Exp(before - greatest);
            sum = (sum * factor) + ExpAndSum(row, greatest);
            result.Multiply(factor);
            for (var j = 0; j < row.Length; j++)
                result.Add(row[j], head.Value(first + j));
        }

        result.Multiply(1f / sum);
        result.Store(y);
    }

    /// <summary>x_j = e^(x_j - greatest), and their sum.</summary>
    private static float ExpAndSum(Span<float> x, float greatest)
    {
        var sums = Vector512<float>.Zero;
        var j = 0;
        for (; j <= x.Length - Vectors.Width; j += Vectors.Width)
        {
            var weights = Vector512.Exp(Vector512.Create<float>(x[j..]) - Vector512.Create(greatest));
            weights.CopyTo(x[j..]);
            sums += weights;
        }

        var sum = Vector512.Sum(sums);
        for (; j < x.Length; j++)
            sum += x[j] = MathF.Exp(x[j] - greatest);
        return sum;
    }
}
