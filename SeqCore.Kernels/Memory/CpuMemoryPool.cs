using System.Numerics;

namespace SeqCore.Kernels;

/// <summary>
/// Keeps native memory for reuse, in size classes that waste at most an eighth (below 512 bytes: less than 256 bytes). Each
/// training step requests the same sizes, so after the first step nothing more is taken from the system.
/// </summary>
internal sealed unsafe class CpuMemoryPool
{
    private readonly Dictionary<long, Stack<nint>> free = [];
    private readonly Lock gate = new();
    private long reserved;
    private long inUse;
    private long peakInUse;
    private bool closed;

    internal MemoryUse Use
    {
        get
        {
            lock (gate)
                return new MemoryUse(reserved, inUse, peakInUse);
        }
    }

    /// <param name="bytes">The size requested.</param>
    /// <param name="users">
    /// The number of threads that may request this size at once. If no block is free, one for each thread is taken from the
    /// system, so that the memory of later steps does not depend on which threads overlapped in the first step.
    /// </param>
    internal byte* Take(long bytes, int users)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var size = ClassOf(bytes);
        lock (gate)
        {
            var blocks = BlocksOf(size);
            for (var i = blocks.Count == 0 ? users : 0; i > 0; i--)
            {
                blocks.Push(SystemMemory.Take(size));
                reserved += size;
            }

            inUse += size;
            peakInUse = Math.Max(peakInUse, inUse);
            return (byte*)blocks.Pop();
        }
    }

    internal void Return(byte* pointer, long bytes)
    {
        var size = ClassOf(bytes);
        lock (gate)
        {
            inUse -= size;
            BlocksOf(size).Push((nint)pointer);
            if (closed)
                Trim();
        }
    }

    /// <summary>
    /// Returns unused memory to the system, and from now on also blocks that are in use, as soon as the caller returns them.
    /// </summary>
    internal void Close()
    {
        lock (gate)
        {
            closed = true;
            Trim();
        }
    }

    /// <summary>Returns unused memory to the system.</summary>
    internal void Trim()
    {
        lock (gate)
        {
            peakInUse = inUse;
            TrimTo(0);
        }
    }

    /// <summary>
    /// Returns unused memory to the system, the largest blocks first, until at most the given number of bytes is left.
    /// </summary>
    internal void TrimTo(long unused)
    {
        lock (gate)
        {
            if (reserved - inUse <= unused)
                return;
            foreach (var size in free.Keys.OrderDescending())
            {
                while (reserved - inUse > unused && free[size].TryPop(out var block))
                {
                    SystemMemory.Return(block, size);
                    reserved -= size;
                }
            }
        }
    }

    private Stack<nint> BlocksOf(long size)
    {
        if (!free.TryGetValue(size, out var blocks))
            free[size] = blocks = new Stack<nint>();
        return blocks;
    }

    /// <summary>Rounds up to one of eight steps within each power of two, at least 256 bytes.</summary>
    private static long ClassOf(long bytes)
    {
        if (bytes <= 256)
            return 256;
        var step = 1L << (BitOperations.Log2((ulong)(bytes - 1)) - 3);
        step = Math.Max(step, SystemMemory.Alignment);
        return (bytes + step - 1) / step * step;
    }
}
