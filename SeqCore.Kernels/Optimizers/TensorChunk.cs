namespace SeqCore.Kernels;

/// <summary>
/// A tensor in a list of tensors that are worked on together, in chunks of fixed length numbered through the whole list; and,
/// as the result of <see cref="Find"/>, one such chunk.
/// </summary>
internal unsafe struct TensorChunk
{
    /// <summary>Elements per chunk: five streams of 64 KB pass by in about ten microseconds.</summary>
    internal const int ChunkLength = 16384;

    internal int FirstChunk;
    internal int Length;
    internal float* Value;
    internal float* Gradient;
    internal float* First;
    internal float* Second;

    /// <summary>The chunk with a number, counted over all tensors.</summary>
    internal static TensorChunk Find(TensorChunk* tensors, int count, int chunk)
    {
        // The last tensor whose first chunk is not beyond; empty tensors before it share its first chunk.
        int low = 0, high = count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (tensors[middle].FirstChunk <= chunk)
                low = middle;
            else
                high = middle - 1;
        }

        var found = tensors[low];
        var offset = (chunk - found.FirstChunk) * ChunkLength;
        found.Length = Math.Min(ChunkLength, found.Length - offset);
        found.Value += offset;
        found.Gradient += offset;
        found.First = found.First == null ? null : found.First + offset;
        found.Second = found.Second == null ? null : found.Second + offset;
        return found;
    }
}
