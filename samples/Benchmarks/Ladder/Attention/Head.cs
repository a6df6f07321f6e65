namespace SeqCore.Benchmarks;

/// <summary>One head of attention: queries, keys and values, each of shape (T, K), row-major.</summary>
internal sealed record Head(float[] Queries, float[] Keys, float[] Values, int Length)
{
    /// <summary>K: four vectors of sixteen floats.</summary>
    internal const int Size = 64;

    /// <summary>1 / sqrt(K)</summary>
    internal const float Scale = 0.125f;

    internal ReadOnlySpan<float> Query(int i) => Queries.AsSpan(i * Size, Size);

    internal ReadOnlySpan<float> Key(int j) => Keys.AsSpan(j * Size, Size);

    internal ReadOnlySpan<float> Value(int j) => Values.AsSpan(j * Size, Size);
}
