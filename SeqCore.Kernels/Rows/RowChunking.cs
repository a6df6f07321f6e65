namespace SeqCore.Kernels;

/// <summary>Divides the rows of kernels that work row by row into chunks.</summary>
internal static class RowChunking
{
    /// <summary>
    /// The number of elements of a chunk: about ten microseconds of work, compared to which distributing a chunk costs little.
    /// </summary>
    private const int ChunkElements = 16384;

    /// <summary>Returns the number of rows of a chunk; it depends on the row's length only.</summary>
    internal static int PerChunk(int columns) => Math.Max(1, ChunkElements / Math.Max(1, columns));

    /// <summary>Returns the number of chunks of all rows.</summary>
    internal static int Chunks(int rows, int perChunk) => (int)((rows + (long)perChunk - 1) / perChunk);
}
