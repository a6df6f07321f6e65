namespace SeqCore.Kernels;

/// <summary>How the kernels that work row by row cut their rows into chunks.</summary>
internal static class RowChunking
{
    /// <summary>Elements per chunk: some ten microseconds of work, so that handing out a chunk costs little beside it.</summary>
    private const int ChunkElements = 16384;

    /// <summary>Rows in one chunk; depends on the row's length only.</summary>
    internal static int PerChunk(int columns) => Math.Max(1, ChunkElements / Math.Max(1, columns));

    /// <summary>Chunks that cover all rows.</summary>
    internal static int Chunks(int rows, int perChunk) => (int)((rows + (long)perChunk - 1) / perChunk);
}
