namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>output_i = table_(indices_i): table (rows, columns), output (indices, columns).</summary>
    internal static float[] Gather(ReadOnlySpan<float> table, ReadOnlySpan<int> indices, int columns)
    {
        var output = new float[indices.Length * columns];
        for (var i = 0; i < indices.Length; i++)
        {
            for (var c = 0; c < columns; c++)
                output[(i * columns) + c] = table[(indices[i] * columns) + c];
        }

        return output;
    }

    /// <summary>
    /// table_(indices_i) += source_i for i in ascending order: source (indices, columns), table (rows, columns). In float,
    /// because the order fixes the bits.
    /// </summary>
    internal static void ScatterAdd(ReadOnlySpan<float> source, ReadOnlySpan<int> indices, Span<float> table, int columns)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            for (var c = 0; c < columns; c++)
                table[(indices[i] * columns) + c] += source[(i * columns) + c];
        }
    }

    /// <summary>table_(indices_i) = 0: table (rows, columns).</summary>
    internal static void ClearRows(ReadOnlySpan<int> indices, Span<float> table, int columns)
    {
        foreach (var index in indices)
        {
            for (var c = 0; c < columns; c++)
                table[(index * columns) + c] = 0f;
        }
    }

    /// <summary>
    /// y_(o, j, i) = x_(o, indices_(o, j, i), i), where a negative index counts from the end: x (outer, size, inner), indices and
    /// y (outer, count, inner).
    /// </summary>
    internal static float[] GatherAlong(ReadOnlySpan<float> x, ReadOnlySpan<int> indices, int size, int count, int inner)
    {
        var y = new float[indices.Length];
        for (var n = 0; n < indices.Length; n++)
            y[n] = x[PlaceAlong(indices[n], n, size, count, inner)];
        return y;
    }

    /// <summary>
    /// table_(o, indices_(o, j, i), i) = source_(o, j, i), or += if values are added, for j in ascending order. In float, because
    /// the order fixes the bits. Shapes: source and indices (outer, count, inner), table (outer, size, inner).
    /// </summary>
    internal static void ScatterAlong(ReadOnlySpan<float> source, ReadOnlySpan<int> indices, Span<float> table, int size,
        int count, int inner, bool adds)
    {
        for (var n = 0; n < indices.Length; n++)
        {
            ref var to = ref table[PlaceAlong(indices[n], n, size, count, inner)];
            to = adds ? to + source[n] : source[n];
        }
    }

    private static int PlaceAlong(int index, int n, int size, int count, int inner)
    {
        int outer = n / (count * inner), along = index < 0 ? index + size : index;
        return (((outer * size) + along) * inner) + (n % inner);
    }
}
