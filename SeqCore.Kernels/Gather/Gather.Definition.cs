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
}
