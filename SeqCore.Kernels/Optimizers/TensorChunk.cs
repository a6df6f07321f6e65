namespace SeqCore.Kernels.Optimizers;

/// <summary>
/// A tensor in a list of tensors that are processed together in chunks, numbered over the whole list; as the result of
/// <see cref="Part"/>, what one chunk has of it. A long tensor is divided into chunks, and short ones share a chunk:
/// <code>
/// tensor   [0 .. 16383 | .. ][0 .. 9][0 .. 99][0 .. 16383 | ..
/// chunk     0            1    2       2        3            4
/// </code>
/// </summary>
internal unsafe struct TensorChunk
{
    /// <summary>The number of elements of a chunk: five streams of 64 KB take about ten microseconds.</summary>
    internal const int ChunkLength = 16384;

    internal int FirstChunk;

    /// <summary>The number of parts of the tensors before it.</summary>
    internal int FirstPart;
    internal int Length;
    internal float* Value;
    internal float* Gradient;
    internal float* First;
    internal float* Second;

    /// <summary>
    /// Returns the first tensor that has elements in a chunk; those after it whose first chunk is not greater have some too.
    /// </summary>
    internal static int Find(TensorChunk* tensors, int count, int chunk)
    {
        // The first tensor whose first chunk is not less; if it is greater, the chunk belongs to the long tensor before.
        int low = 0, high = count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (tensors[middle].FirstChunk < chunk)
                low = middle + 1;
            else
                high = middle;
        }

        return low < count && tensors[low].FirstChunk == chunk ? low : low - 1;
    }

    /// <summary>Returns the part of the tensor in a chunk.</summary>
    internal readonly TensorChunk Part(int chunk)
    {
        var part = this;
        var offset = (chunk - FirstChunk) * ChunkLength;
        part.FirstPart += chunk - FirstChunk;
        part.Length = Math.Min(ChunkLength, Length - offset);
        part.Value += offset;
        part.Gradient += offset;
        part.First = First == null ? null : First + offset;
        part.Second = Second == null ? null : Second + offset;
        return part;
    }
}

/// <summary>Numbers the chunks of tensors, one tensor after the other.</summary>
internal struct ChunkNumbers
{
    /// <summary>The number of elements that fit into the last chunk; 0 if it belongs to a long tensor.</summary>
    private int room;

    /// <summary>The number of chunks so far.</summary>
    internal int Chunks { get; private set; }

    /// <summary>The number of parts so far: those of a long tensor, and one for each short tensor.</summary>
    internal int Parts { get; private set; }

    /// <summary>Adds a tensor.</summary>
    /// <returns>The number of its first chunk and of its first part.</returns>
    internal (int Chunk, int Part) Add(int length)
    {
        var part = Parts;
        var parts = RowChunking.Chunks(length, TensorChunk.ChunkLength);
        Parts += parts;
        if (room > 0 && length <= room)
        {
            room -= length;
            return (Chunks - 1, part);
        }

        var chunk = Chunks;
        Chunks += parts;
        room = parts == 1 ? TensorChunk.ChunkLength - length : 0;
        return (chunk, part);
    }
}
