namespace SeqCore.Benchmarks;

/// <summary>
/// One pass over the keys for each query, without a row of scores: it keeps a largest score and a sum, and where a score
/// exceeds the largest so far, the sums are scaled down (Milakov and Gimelshein, arXiv:1805.02867).
/// </summary>
internal static class OnlineSoftmax
{
    internal static void Attend(Head head, float[] y)
    {
        for (var i = 0; i < head.Length; i++)
            Query(head, head.Query(i), y.AsSpan(i * Head.Size, Head.Size));
    }

    private static void Query(Head head, ReadOnlySpan<float> query, Span<float> result)
    {
        result.Clear();
        float greatest = float.NegativeInfinity, sum = 0f;
        for (var j = 0; j < head.Length; j++)
        {
            var score = Head.Scale * WholeMatrix.Dot(query, head.Key(j));
            if (score > greatest)
            {
                var factor = MathF.Exp(greatest - score);
                sum *= factor;
                for (var c = 0; c < result.Length; c++)
                    result[c] *= factor;
                greatest = score;
            }

            var weight = MathF.Exp(score - greatest);
            sum += weight;
            var value = head.Value(j);
            for (var c = 0; c < result.Length; c++)
                result[c] += weight * value[c];
        }

        for (var c = 0; c < result.Length; c++)
            result[c] /= sum;
    }
}
