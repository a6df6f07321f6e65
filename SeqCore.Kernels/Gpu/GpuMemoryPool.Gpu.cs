using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace SeqCore.Kernels;

/// <summary>
/// Hands out blocks of a few large allocations. Asking the driver costs hundreds of microseconds and may wait for the device, so
/// a block that comes back is kept, joined with free neighbours, and given to the next request it fits best. Everything runs on
/// one stream, so a block may be used anew while kernels that read its old contents are still queued before.
/// </summary>
internal sealed class GpuMemoryPool(Device device, Accelerator accelerator) : IDisposable
{
    /// <summary>Every block starts at a multiple of this, and its size is one.</summary>
    internal const int Alignment = 256;

    private const long SlabBytes = 64 << 20;
    private readonly Lock gate = new();
    private readonly List<Slab> slabs = [];
    private readonly SortedSet<Block> free = new(Comparer<Block>.Create(static (a, b) =>
        a.Bytes != b.Bytes ? a.Bytes.CompareTo(b.Bytes) : a.Slab.Number != b.Slab.Number ? a.Slab.Number.CompareTo(b.Slab.Number) : a.Start.CompareTo(b.Start)));

    private readonly List<Block> collected = [];
    private int slabsMade;
    private long reserved;
    private long inUse;
    private long mostInUse;

    internal MemoryUse Use
    {
        get
        {
            lock (gate)
                return new MemoryUse(reserved, inUse, mostInUse);
        }
    }

    internal Block Take(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var size = Math.Max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment);
        lock (gate)
        {
            var block = BestFit(size) ?? AddSlab(size, bytes);
            free.Remove(block);
            block.IsFree = false;
            if (block.Bytes > size)
                free.Add(block.Split(size));
            inUse += size;
            mostInUse = Math.Max(mostInUse, inUse);
            return block;
        }
    }

    internal void Give(Block block)
    {
        lock (gate)
            Free(block);
    }

    /// <summary>Notes a block that the garbage collector has found; it is free from the next <see cref="TakeBackCollected"/> on.</summary>
    internal void Collected(Block block)
    {
        lock (gate)
            collected.Add(block);
    }

    internal void TakeBackCollected()
    {
        lock (gate)
        {
            foreach (var block in collected)
                Free(block);
            collected.Clear();
        }
    }

    internal IEnumerable<(nint Start, long Bytes)> RentedBlocks()
    {
        lock (gate)
            return [.. Taken().Select(static b => (b.Slab.Memory.NativePtr + (nint)b.Start, b.Bytes))];
    }

    /// <summary>Gives allocations of which nothing is in use back to the driver, and begins anew to watch how much is in use.</summary>
    internal void Trim()
    {
        lock (gate)
        {
            mostInUse = inUse;
            GiveBackUnused();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var slab in slabs)
                DeviceCleanup.Run(slab.Memory.Dispose);
            slabs.Clear();
            free.Clear();
        }
    }

    private IEnumerable<Block> Taken() => slabs.SelectMany(static s => s.Blocks()).Where(static b => !b.IsFree);

    private Block? BestFit(long size) =>
        free.GetViewBetween(new Block(Slab.None, 0, size), new Block(Slab.Last, 0, long.MaxValue)).Min;

    private void Free(Block block)
    {
        if (block.IsFree)
            return;
        block.IsFree = true;
        inUse -= block.Bytes;
        if (block.Next is { IsFree: true } next)
        {
            free.Remove(next);
            block.JoinNext();
        }

        if (block.Previous is { IsFree: true } previous)
        {
            free.Remove(previous);
            previous.JoinNext();
            block = previous;
        }

        free.Add(block);
    }

    private Block AddSlab(long size, long asked)
    {
        var bytes = Math.Max(SlabBytes, size);
        MemoryBuffer1D<byte, Stride1D.Dense> allocation;
        try
        {
            allocation = Allocate(bytes, size);
        }
        catch (Exception exception) when (exception is AcceleratorException or OutOfMemoryException)
        {
            throw Full(asked, exception);
        }

        var slab = new Slab(++slabsMade, allocation);
        slabs.Add(slab);
        reserved += slab.First.Bytes;
        free.Add(slab.First);
        return slab.First;
    }

    private void GiveBackUnused()
    {
        foreach (var slab in slabs.Where(static s => s.First.IsFree && s.First.Next is null).ToList())
        {
            free.Remove(slab.First);
            slabs.Remove(slab);
            reserved -= slab.First.Bytes;
            slab.Memory.Dispose();
        }
    }

    // A device that has no room for a whole slab may still have it for the request.
    private MemoryBuffer1D<byte, Stride1D.Dense> Allocate(long bytes, long least)
    {
        try
        {
            return accelerator.Allocate1D<byte>(bytes);
        }
        catch (Exception exception) when (exception is AcceleratorException or OutOfMemoryException)
        {
            GiveBackUnused();
            return accelerator.Allocate1D<byte>(least);
        }
    }

    private DeviceMemoryException Full(long asked, Exception exception)
    {
        var taken = Taken().ToList();
        var largest = taken.GroupBy(static b => b.Bytes).OrderByDescending(static g => g.Key * g.Count()).Take(4)
            .Select(static g => $"{g.Count()} x {Megabytes(g.Key)}");
        var holders = taken.Count == 0 ? "nothing" : string.Join(", ", largest);
        var rest = accelerator switch
        {
            CudaAccelerator cuda => $"{Megabytes(cuda.GetFreeMemory())} free of {Megabytes(accelerator.MemorySize)}",
            CLAccelerator cl => $"{Megabytes(accelerator.MemorySize)} in all, at most {Megabytes(CLAPI.CurrentAPI.GetDeviceInfo<long>(cl.DeviceId, CLDeviceInfoType.CL_DEVICE_MAX_MEM_ALLOC_SIZE))} at once",
            _ => $"{Megabytes(accelerator.MemorySize)} in all",
        };
        return new DeviceMemoryException(device, asked,
            $"{device} has no memory for {Megabytes(asked)}: {rest}; this backend holds {Megabytes(reserved)}, of which {Megabytes(inUse)} are in use (largest holders: {holders}). Use a smaller batch or shorter sequences, dispose tapes and tensors, or call TrimMemory.", exception);
    }

    private static string Megabytes(long bytes) => bytes < 1 << 20 ? $"{(bytes + 1023) >> 10} KB" : $"{bytes / (double)(1 << 20):0.#} MB";

    /// <summary>One allocation of the driver.</summary>
    internal sealed class Slab
    {
        internal static readonly Slab None = new(0);
        internal static readonly Slab Last = new(int.MaxValue);

        internal Slab(int number, MemoryBuffer1D<byte, Stride1D.Dense> memory)
        {
            Number = number;
            Memory = memory;
            First = new Block(this, 0, memory.LengthInBytes) { IsFree = true };
        }

        private Slab(int number)
        {
            Number = number;
            Memory = null!;
            First = null!;
        }

        internal int Number { get; }

        internal MemoryBuffer1D<byte, Stride1D.Dense> Memory { get; }

        internal Block First { get; }

        internal IEnumerable<Block> Blocks()
        {
            for (Block? block = First; block is not null; block = block.Next)
                yield return block;
        }
    }

    /// <summary>A part of a slab, between its neighbours.</summary>
    internal sealed class Block(Slab slab, long start, long bytes)
    {
        internal Slab Slab { get; } = slab;

        internal long Start { get; } = start;

        internal long Bytes { get; private set; } = bytes;

        internal bool IsFree { get; set; }

        internal Block? Next { get; private set; }

        internal Block? Previous { get; private set; }

        internal ArrayView<byte> View => Slab.Memory.View.AsContiguous().SubView(Start, Bytes);

        /// <summary>Keeps the first bytes and returns the rest, free.</summary>
        internal Block Split(long size)
        {
            var rest = new Block(Slab, Start + size, Bytes - size) { IsFree = true, Previous = this, Next = Next };
            if (Next is not null)
                Next.Previous = rest;
            Next = rest;
            Bytes = size;
            return rest;
        }

        internal void JoinNext()
        {
            Bytes += Next!.Bytes;
            Next = Next.Next;
            if (Next is not null)
                Next.Previous = this;
        }
    }
}
