namespace SeqCore.Benchmarks;

/// <summary>The definition: all T x T scores, the softmax of each row, and the sums of the values with these weights.</summary>
internal static class WholeMatrix
{
    internal static void Attend(Head head, float[] y)
    {
        var t = head.Length;
        var weights = new float[t * t];
        for (var i = 0; i < t; i++)
            Scores(head, i, weights.AsSpan(i * t, t));
        for (var i = 0; i < t; i++)
            Softmax(weights.AsSpan(i * t, t));
        for (var i = 0; i < t; i++)
            Mix(head, weights.AsSpan(i * t, t), y.AsSpan(i * Head.Size, Head.Size));
    }

    private static void Scores(Head head, int i, Span<float> row)
    {
        for (var j = 0; j < row.Length; j++)
            row[j] = Head.Scale * Dot(head.Query(i), head.Key(j));
    }

    /// <summary>Subtracts the largest score first, so that no exponential overflows.</summary>
    private static void Softmax(Span<float> row)
    {
        var greatest = float.NegativeInfinity;
        for (var j = 0; j < row.Length; j++)
            greatest = MathF.Max(greatest, row[j]);
        var sum = 0f;
        for (var j = 0; j < row.Length; j++)
            sum += row[j] = MathF.Exp(row[j] - greatest);
        for (var j = 0; j < row.Length; j++)
            row[j] /= sum;
    }

    private static void Mix(Head head, ReadOnlySpan<float> weights, Span<float> result)
    {
        result.Clear();
        for (var j = 0; j < weights.Length; j++)
        {
            var value = head.Value(j);
            for (var c = 0; c < result.Length; c++)
                result[c] += weights[j] * value[c];
        }
    }

    /// <summary>x y, one product after the other.</summary>
    internal static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var sum = 0f;
        for (var c = 0; c < x.Length; c++)
            sum += x[c] * y[c];
        return sum;
    }
}
