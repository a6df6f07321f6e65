using System.Runtime.InteropServices;

namespace SeqCore.Kernels;

/// <summary>
/// Memory from the system. On Linux large blocks are mappings of their own: the C library would cut them out of heaps, one a
/// thread, and of a heap in which anything is still in use it gives little back. From 2 MB on they ask for huge pages, which cost
/// one fault where small ones cost 512.
/// </summary>
internal static unsafe class SystemMemory
{
    /// <summary>What the addresses of blocks are multiples of, at least.</summary>
    internal const int Alignment = 64;

    private const long LeastMapping = 256 << 10;
    private const nuint HugePage = 2 << 20;

    /// <summary>Takes a block, aligned to 64 bytes, or to 2 MB where it is that large, the size of a huge page.</summary>
    /// <exception cref="DeviceMemoryException">The system gives no more.</exception>
    internal static nint Take(long bytes)
    {
        var block = IsMapped(bytes) ? Map((nuint)bytes) : Allocate((nuint)bytes);
        return block != 0 ? block : throw DeviceMemoryException.OfProcess(nameof(CpuBackend), bytes);
    }

    /// <summary>Gives a block back.</summary>
    internal static void Give(nint block, long bytes)
    {
        if (!IsMapped(bytes))
            NativeMemory.AlignedFree((void*)block);
        else if (Unmap(block, (nuint)bytes) != 0)
            throw new InvalidOperationException($"munmap failed with error {Marshal.GetLastPInvokeError()}.");
    }

    private static bool IsMapped(long bytes) => bytes >= LeastMapping && OperatingSystem.IsLinux();

    private static nint Allocate(nuint bytes)
    {
        try
        {
            return (nint)NativeMemory.AlignedAlloc(bytes, bytes >= HugePage ? HugePage : Alignment);
        }
        catch (OutOfMemoryException)
        {
            return 0;
        }
    }

    private static nint Map(nuint bytes)
    {
        const int readAndWrite = 3, isPrivate = 2, isAnonymous = 0x20, useHugePages = 14;
        var spare = bytes >= HugePage ? HugePage : 0;
        var start = Map(0, bytes + spare, readAndWrite, isPrivate | isAnonymous, -1, 0);
        if (start == -1)
            return 0;
        if (spare == 0)
            return start;

        // What lies before the first multiple of 2 MB, and behind the block, goes back at once.
        var block = (nint)(((nuint)start + HugePage - 1) & ~(HugePage - 1));
        var before = (nuint)(block - start);
        if (before > 0)
            _ = Unmap(start, before);
        if (before < spare)
            _ = Unmap(block + (nint)bytes, spare - before);
        _ = Advise(block, bytes, useHugePages);
        return block;
    }

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Map(nint address, nuint bytes, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "madvise", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nint address, nuint bytes, int advice);

    [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmap(nint address, nuint bytes);
}
