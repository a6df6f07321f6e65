using System.Numerics;

namespace SeqCore.Kernels;

/// <summary>
/// Keeps native memory for reuse, in size classes that waste at most an eighth (below 512 bytes: less than 256 bytes). Each
/// training step requests the same sizes, so after the first step nothing more is taken from the system.
/// </summary>
internal sealed unsafe class CpuMemoryPool
{
    /// <summary>The number of size classes between two powers of two.</summary>
    private const int Steps = 8;

    private readonly Stack<nint>?[] free = new Stack<nint>?[64 * Steps];
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
            for (var i = free.Length - 1; i >= 0; i--)
            {
                while (reserved - inUse > unused && free[i] is { } blocks && blocks.TryPop(out var block))
                {
                    SystemMemory.Return(block, SizeOf(i));
                    reserved -= SizeOf(i);
                }
            }
        }
    }

    private Stack<nint> BlocksOf(long size)
    {
        var log = BitOperations.Log2((ulong)(size - 1));
        return free[(log * Steps) + (int)((size - 1) >> (log - 3)) % Steps] ??= new Stack<nint>();
    }

    /// <summary>Returns the size of a class of blocks.</summary>
    private static long SizeOf(int index) => (long)(Steps + (index % Steps) + 1) << ((index / Steps) - 3);

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
