using System.Runtime.InteropServices;

namespace SeqCore.Kernels;

/// <summary>
/// Takes memory from the system. On Linux large blocks are separate mappings: the C library would cut them from per-thread heaps,
/// and it returns little of a heap that is partly in use. From 2 MB on they request huge pages, which cost one page fault instead
/// of 512.
/// </summary>
internal static unsafe class SystemMemory
{
    /// <summary>The minimum alignment of blocks, in bytes.</summary>
    internal const int Alignment = 64;

    private const long LeastMapping = 256 << 10;
    private const nuint HugePage = 2 << 20;

    /// <summary>Takes a block that is aligned to 64 bytes or, if it is that large, to 2 MB, the size of a huge page.</summary>
    /// <exception cref="DeviceMemoryException">The system is out of memory.</exception>
    internal static nint Take(long bytes)
    {
        var block = IsMapped(bytes) ? Map((nuint)bytes) : Allocate((nuint)bytes);
        return block != 0 ? block : throw DeviceMemoryException.OfProcess(nameof(CpuBackend), bytes);
    }

    /// <summary>Returns a block to the system.</summary>
    internal static void Return(nint block, long bytes)
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

        // The memory before the first multiple of 2 MB and behind the block is returned at once.
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
