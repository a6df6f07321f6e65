namespace SeqCore.Kernels.Optimizers;

/// <summary>
/// A tensor in a list of tensors that are processed together in chunks of fixed length, numbered over the whole list; as the
/// result of <see cref="Find"/>, one such chunk.
/// </summary>
internal unsafe struct TensorChunk
{
    /// <summary>The number of elements of a chunk: five streams of 64 KB take about ten microseconds.</summary>
    internal const int ChunkLength = 16384;

    internal int FirstChunk;
    internal int Length;
    internal float* Value;
    internal float* Gradient;
    internal float* First;
    internal float* Second;

    /// <summary>Returns the chunk with a number, counted over all tensors.</summary>
    internal static TensorChunk Find(TensorChunk* tensors, int count, int chunk)
    {
        // The last tensor whose first chunk is not greater; empty tensors before it have the same first chunk.
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
