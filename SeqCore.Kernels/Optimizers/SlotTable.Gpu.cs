using ILGPU;

namespace SeqCore.Kernels.Optimizers;

/// <summary>
/// The offsets of the tensors of one slot in their allocations, in floats, and the number of its first chunk; 32 bytes.
/// </summary>
internal struct SlotRow
{
    internal int FirstChunk;
    internal int Length;
    internal int Value;
    internal int Gradient;
    internal int First;
    internal int Second;

    // A view is cast to elements by dividing its offset, so the size of an element has to divide the alignment of blocks.
    internal int Unused0;
    internal int Unused1;

    /// <summary>Returns the row that contains a chunk, in a kernel.</summary>
    internal static SlotRow Find(ArrayView<SlotRow> rows, int chunk)
    {
        int low = 0, high = rows.IntLength - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (rows[middle].FirstChunk <= chunk)
                low = middle;
            else
                high = middle - 1;
        }

        return rows[low];
    }
}

/// <summary>
/// Slots that kernels update together. A kernel can receive memory only as an argument, not from a table; but tensors are parts
/// of a few large allocations, which are passed as arguments, and a table contains the offset of each tensor. Slots whose tensors
/// are in the same allocations form a part, for one launch:
/// <code>
/// allocations   A [ w0 | w1 | g0 | .. ]   B [ g1 | m0 | v0 | m1 | v1 | .. ]
/// part 0        slot 0: values in A, gradients in A, moments in B
/// part 1        slot 1: values in A, gradients in B, moments in B
/// </code>
/// </summary>
internal sealed class SlotTable : IDisposable
{
    private readonly DeviceBuffer memory;

    /// <summary>Writes the table to the device; empty slots are skipped.</summary>
    /// <param name="backend">The backend that owns the memory of the slots.</param>
    /// <param name="slots">The slots, whose values and moments may be absent.</param>
    /// <param name="chunkLength">The number of elements that one group of threads handles.</param>
    internal SlotTable(GpuBackend backend, ReadOnlySpan<OptimizerSlot> slots, int chunkLength)
    {
        var rows = new SlotRow[slots.Length];
        var done = new bool[slots.Length];
        var ends = new List<(int Slot, int Rows, int Chunks)>();
        var count = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            if (done[i] || slots[i].Gradient.Length == 0)
                continue;
            var chunks = 0;
            var last = -1;
            for (var j = i; j < slots.Length; j++)
            {
                ref readonly var slot = ref slots[j];
                if (done[j] || slot.Gradient.Length == 0)
                    continue;

                // The rows of a sparse gradient are thousands of slots in the same buffers.
                var isSame = last >= 0 && SameBuffers(slot, slots[last]);
                if (!isSame && !SameAllocations(slot, slots[i]))
                    continue;
                done[j] = true;
                var length = slot.Value.IsAbsent ? slot.Gradient.Length : slot.Value.Length;
                var row = isSame
                    ? Moved(rows[count - 1], slots[last], slot)
                    : new SlotRow
                    {
                        Value = Offset(backend, slot.Value),
                        Gradient = Offset(backend, slot.Gradient),
                        First = Offset(backend, slot.First),
                        Second = Offset(backend, slot.Second),
                    };
                rows[count++] = row with { FirstChunk = chunks, Length = length };
                last = j;
                chunks += RowChunking.Chunks(length, chunkLength);
            }

            ends.Add((i, count, chunks));
        }

        const int RowInts = 8;
        memory = backend.Scratch(Math.Max(1, count) * RowInts * sizeof(int));
        var table = new DeviceSpan<SlotRow>(memory, 0, count);
        backend.Upload<SlotRow>(rows.AsSpan(0, count), table);
        var start = 0;
        foreach (var (first, end, chunks) in ends)
        {
            ref readonly var slot = ref slots[first];
            Parts.Add(new Part(Allocation(backend, slot.Value), Allocation(backend, slot.Gradient), Allocation(backend,
                slot.First), Allocation(backend, slot.Second), backend.View(table.Slice(start, end - start)), chunks,
                Array.TrueForAll(rows[start..end], static r => ((r.Value | r.Gradient | r.First | r.Second) & 3) == 0)));
            start = end;
        }
    }

    /// <summary>
    /// The arguments of one launch: allocations, rows, the number of chunks (and of groups), and whether all tensors start at
    /// multiples of 16 bytes.
    /// </summary>
    internal readonly record struct Part(ArrayView<float> Value, ArrayView<float> Gradient, ArrayView<float> First,
        ArrayView<float> Second, ArrayView<SlotRow> Rows, int Chunks, bool IsAligned);

    internal List<Part> Parts { get; } = [];

    public void Dispose() => memory.Dispose();

    private static bool SameAllocations(in OptimizerSlot a, in OptimizerSlot b) =>
        Allocation(a.Value) == Allocation(b.Value) && Allocation(a.Gradient) == Allocation(b.Gradient) &&
        Allocation(a.First) == Allocation(b.First) && Allocation(a.Second) == Allocation(b.Second);

    private static bool SameBuffers(in OptimizerSlot a, in OptimizerSlot b) =>
        a.Value.Buffer == b.Value.Buffer && a.Gradient.Buffer == b.Gradient.Buffer &&
        a.First.Buffer == b.First.Buffer && a.Second.Buffer == b.Second.Buffer;

    /// <summary>Returns the offsets of a slot from those of another one in the same buffers.</summary>
    private static SlotRow Moved(in SlotRow row, in OptimizerSlot from, in OptimizerSlot to) => new()
    {
        Value = Offset((long)row.Value - from.Value.Offset + to.Value.Offset),
        Gradient = Offset((long)row.Gradient - from.Gradient.Offset + to.Gradient.Offset),
        First = Offset((long)row.First - from.First.Offset + to.First.Offset),
        Second = Offset((long)row.Second - from.Second.Offset + to.Second.Offset),
    };

    private static GpuMemoryPool.Slab? Allocation(DeviceSpan<float> span) => (span.Buffer as GpuBuffer)?.Slab;

    private static ArrayView<float> Allocation(GpuBackend backend, DeviceSpan<float> span) =>
        Allocation(span) is { } slab ? slab.Memory.View.AsContiguous().Cast<float>() : backend.View(span);

    private static int Offset(GpuBackend backend, DeviceSpan<float> span) =>
        backend.Own(span.Buffer) is { } buffer ? Offset((buffer.Start / sizeof(float)) + span.Offset) : 0;

    private static int Offset(long floats) => floats <= int.MaxValue
        ? (int)floats
        : SizeLimitException.Check("Optimizer: the memory before a parameter in its allocation", floats);
}
