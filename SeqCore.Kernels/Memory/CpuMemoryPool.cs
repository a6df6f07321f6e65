using System.Numerics;
using System.Runtime.InteropServices;

namespace SeqCore.Kernels;

/// <summary>
/// Keeps native memory for reuse, in classes of size that waste at most an eighth: a training step asks for the same sizes
/// again and again, so after the first step nothing more is taken from the system.
/// </summary>
internal sealed unsafe class CpuMemoryPool
{
    private const int Alignment = 64;
    private const long HugePage = 2 << 20;
    private readonly Dictionary<long, Stack<nint>> free = [];
    private readonly Lock gate = new();
    private long reserved;
    private long inUse;

    internal MemoryUse Use
    {
        get
        {
            lock (gate)
                return new MemoryUse(reserved, inUse);
        }
    }

    internal byte* Take(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var size = ClassOf(bytes);
        lock (gate)
        {
            inUse += size;
            if (free.TryGetValue(size, out var blocks) && blocks.TryPop(out var block))
                return (byte*)block;
            reserved += size;
        }

        try
        {
            return (byte*)NativeMemory.AlignedAlloc((nuint)size, size >= HugePage ? (nuint)HugePage : Alignment);
        }
        catch
        {
            lock (gate)
            {
                reserved -= size;
                inUse -= size;
            }

            throw;
        }
    }

    internal void Give(byte* pointer, long bytes)
    {
        var size = ClassOf(bytes);
        lock (gate)
        {
            inUse -= size;
            if (!free.TryGetValue(size, out var blocks))
                free[size] = blocks = new Stack<nint>();
            blocks.Push((nint)pointer);
        }
    }

    internal void Trim()
    {
        lock (gate)
        {
            foreach (var (size, blocks) in free)
            {
                while (blocks.TryPop(out var block))
                {
                    NativeMemory.AlignedFree((void*)block);
                    reserved -= size;
                }
            }
        }
    }

    /// <summary>Rounds up to one of eight steps within each power of two, at least 256 bytes.</summary>
    private static long ClassOf(long bytes)
    {
        if (bytes <= 256)
            return 256;
        var step = 1L << (BitOperations.Log2((ulong)(bytes - 1)) - 3);
        step = Math.Max(step, Alignment);
        return (bytes + step - 1) / step * step;
    }
}
