using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace SeqCore.Kernels;

/// <summary>
/// Rents blocks of a few large allocations, the slabs. A call of the driver costs hundreds of microseconds and may wait for the
/// device, so a returned block is kept, merged with free neighbours, and reused for the next request that it fits best. All
/// kernels run on one stream, so a block may be reused while kernels that read its old contents are still queued.
/// <code>
/// request           slab
/// below 1 MB        of 8 MB, shared by small requests only, so that long-lived small blocks do not pin large ones
/// 1 to 8 MB         of 64 MB, shared
/// above 8 MB        of its own, rounded up to 2 MB; once free, its memory serves any request of 1 MB or more
/// </code>
/// </summary>
/// <param name="device">The name of the device, for errors.</param>
/// <param name="accelerator">The device.</param>
/// <param name="allocate">Allocates a slab of the given number of bytes; null uses the accelerator.</param>
internal sealed partial class GpuMemoryPool(
    Device device, Accelerator accelerator, Func<long, MemoryBuffer1D<byte, Stride1D.Dense>>? allocate = null) : IDisposable
{
    /// <summary>The start and the size of every block are multiples of this.</summary>
    internal const int Alignment = 256;

    /// <summary>Requests of fewer bytes are small.</summary>
    internal const long SmallBytes = 1 << 20;

    /// <summary>Requests of more bytes get their own slab.</summary>
    internal const long LargeBytes = 8 << 20;

    /// <summary>The size of a slab for small requests, in bytes.</summary>
    internal const long SmallSlabBytes = 8 << 20;

    /// <summary>The size of a slab for requests from <see cref="SmallBytes"/> to <see cref="LargeBytes"/>.</summary>
    internal const long SlabBytes = 64 << 20;

    /// <summary>The size of larger slabs is a multiple of this, the size of the driver's pages.</summary>
    internal const long LargeUnit = 2 << 20;

    private static readonly Comparer<Block> BySize = Comparer<Block>.Create(static (a, b) =>
        a.Bytes != b.Bytes ? a.Bytes.CompareTo(b.Bytes)
        : a.Slab.Number != b.Slab.Number ? a.Slab.Number.CompareTo(b.Slab.Number)
        : a.Start.CompareTo(b.Start));

    private readonly Lock gate = new();
    private readonly List<Slab> slabs = [];
    private readonly SortedSet<Block> freeSmall = new(BySize);
    private readonly SortedSet<Block> freeOthers = new(BySize);
    private readonly List<Block> collected = [];
    private int slabsMade;
    private long reserved;
    private long inUse;
    private long peakInUse;

    internal MemoryUse Use
    {
        get
        {
            lock (gate)
                return new MemoryUse(reserved, inUse, peakInUse);
        }
    }

    internal Block Take(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var size = Math.Max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment);
        lock (gate)
        {
            var block = BestFit(size, size < SmallBytes) ?? AddSlab(size, bytes);
            var free = FreeOf(block.Slab);
            free.Remove(block);
            block.IsFree = false;
            if (block.Bytes > size)
                free.Add(block.Split(size));
            inUse += size;
            peakInUse = Math.Max(peakInUse, inUse);
            return block;
        }
    }

    internal void Return(Block block)
    {
        lock (gate)
            Free(block);
    }

    /// <summary>
    /// Records a block that the garbage collector has found; the next <see cref="TakeBackCollected"/> frees it.
    /// </summary>
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

    /// <summary>Returns unused slabs to the driver, and resets the record of the most memory in use.</summary>
    internal void Trim()
    {
        lock (gate)
        {
            peakInUse = inUse;
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
            freeSmall.Clear();
            freeOthers.Clear();
        }
    }

    private IEnumerable<Block> Taken() => slabs.SelectMany(static s => s.Blocks()).Where(static b => !b.IsFree);

    private SortedSet<Block> FreeOf(Slab slab) => slab.IsSmall ? freeSmall : freeOthers;

    private Block? BestFit(long size, bool small) =>
        (small ? freeSmall : freeOthers)
            .GetViewBetween(new Block(Slab.None, 0, size), new Block(Slab.Last, 0, long.MaxValue)).Min;

    private void Free(Block block)
    {
        if (block.IsFree)
            return;
        block.IsFree = true;
        inUse -= block.Bytes;
        var free = FreeOf(block.Slab);
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
        var small = size < SmallBytes;
        var bytes = small ? SmallSlabBytes : size <= LargeBytes ? SlabBytes : (size + LargeUnit - 1) / LargeUnit * LargeUnit;
        MemoryBuffer1D<byte, Stride1D.Dense> allocation;
        try
        {
            allocation = Allocate(bytes, size);
        }
        catch (Exception exception) when (exception is AcceleratorException or OutOfMemoryException)
        {
            // When the device is full, there may still be a free block among those for other sizes.
            return BestFit(size, !small) ?? throw Full(asked, exception);
        }

        var slab = new Slab(++slabsMade, allocation, small);
        slabs.Add(slab);
        reserved += slab.First.Bytes;
        FreeOf(slab).Add(slab.First);
        return slab.First;
    }

    private void GiveBackUnused()
    {
        foreach (var slab in slabs.Where(static s => s.First.IsFree && s.First.Next is null).ToList())
        {
            FreeOf(slab).Remove(slab.First);
            slabs.Remove(slab);
            reserved -= slab.First.Bytes;
            DeviceCleanup.Run(slab.Memory.Dispose);
        }
    }

    // A device without space for a whole slab may still have space for the request.
    private MemoryBuffer1D<byte, Stride1D.Dense> Allocate(long bytes, long least)
    {
        try
        {
            return Ask(bytes);
        }
        catch (Exception exception) when (exception is AcceleratorException or OutOfMemoryException)
        {
            GiveBackUnused();
            return Ask(least);
        }
    }

    private MemoryBuffer1D<byte, Stride1D.Dense> Ask(long bytes) =>
        allocate?.Invoke(bytes) ?? accelerator.Allocate1D<byte>(bytes);

    private DeviceException Full(long asked, Exception exception)
    {
        string rest;
        try
        {
            rest = DescribeMemory();
        }
        catch (AcceleratorException)
        {
            // A device that cannot report its memory is not full: it has failed, and returns that error from every call.
            return new DeviceException(
                device,
                $"{device} failed when memory was asked for: {exception.Message}. A kernel that was queued before may be the "
                    + "cause; with SEQCORE_GPU_WAIT=1 the error names its operation.",
                exception);
        }

        var taken = Taken().ToList();
        var largest = taken.GroupBy(static b => b.Bytes).OrderByDescending(static g => g.Key * g.Count()).Take(4)
            .Select(static g => $"{g.Count()} x {Megabytes(g.Key)}");
        var holders = taken.Count == 0 ? "nothing" : string.Join(", ", largest);
        return new DeviceMemoryException(device, asked,
            $"{device} has no memory for {Megabytes(asked)}: {rest}; this backend holds {Megabytes(reserved)}, of which"
                + $" {Megabytes(inUse)} are in use (largest holders: {holders})."
                + " Use a smaller batch or shorter sequences, dispose tapes and tensors, or call TrimMemory.", exception);
    }

    private string DescribeMemory()
    {
        var all = Megabytes(accelerator.MemorySize);
        return accelerator switch
        {
            CudaAccelerator cuda => $"{Megabytes(cuda.GetFreeMemory())} free of {all}",
            CLAccelerator cl => $"{all} in all, at most {Megabytes(MostAtOnce(cl))} at once",
            _ => $"{all} in all",
        };
    }

    private static long MostAtOnce(CLAccelerator accelerator) =>
        CLAPI.CurrentAPI.GetDeviceInfo<long>(accelerator.DeviceId, CLDeviceInfoType.CL_DEVICE_MAX_MEM_ALLOC_SIZE);

    private static string Megabytes(long bytes) =>
        bytes < 1 << 20 ? $"{(bytes + 1023) >> 10} KB" : $"{bytes / (double)(1 << 20):0.#} MB";
}
