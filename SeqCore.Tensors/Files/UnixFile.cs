using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SeqCore;

/// <summary>What a path leads to.</summary>
internal enum FileKind
{
    /// <summary>A file on a disk, or nothing yet.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe, with or without a name: it ends when its writers close it, and has no places to seek.</summary>
    Pipe,

    /// <summary>A terminal, /dev/null or another device.</summary>
    Device,
}

/// <summary>The few calls of Unix that .NET has no names for.</summary>
internal static class UnixFile
{
    private const int ReadOnly = 0, WriteOnly = 1, NonBlocking = 0x800, CloseOnExec = 0x80000;
    private const int NoReader = 6; // ENXIO

    /// <summary>
    /// What a path leads to, through links. Pipes and devices are known on Linux only; elsewhere they are files.
    /// </summary>
    internal static FileKind KindOf(string path)
    {
        if (Directory.Exists(path))
            return FileKind.Folder;
        if (!OperatingSystem.IsLinux())
            return FileKind.File;

        // struct statx has one layout on every processor: the mode is the 16-bit number at byte 28.
        const int atWorkingFolder = -100, typeOnly = 1;
        var status = new byte[256];
        try
        {
            if (Statx(atWorkingFolder, Native(path), 0, typeOnly, status) != 0)
                return FileKind.File;
        }
        catch (EntryPointNotFoundException)
        {
            return FileKind.File; // A C library from before 2018.
        }

        var mode = BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(28))
            : BinaryPrimitives.ReadUInt16BigEndian(status.AsSpan(28));
        return (mode & 0xF000) switch
        {
            0x1000 or 0xC000 => FileKind.Pipe,
            0x2000 or 0x6000 => FileKind.Device,
            _ => FileKind.File,
        };
    }

    /// <summary>
    /// Makes the names in a folder last through a loss of power, as a file's own flush makes its content: a rename is on the disk
    /// only then. Does nothing on Windows, which has no such call, and where the folder may not be read.
    /// </summary>
    /// <exception cref="IOException">The disk reports an error.</exception>
    internal static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var handle = Open(folder, ReadOnly);
        if (!handle.IsInvalid)
            RandomAccess.FlushToDisk(handle);
    }

    /// <summary>
    /// Opens a pipe for reading without waiting for a writer. Reads do not wait either until <see cref="LetWait"/>: where nothing
    /// is there yet, they throw an <see cref="IOException"/>, and where no program will write either, they return 0.
    /// </summary>
    internal static SafeFileHandle OpenReader(string pipe) => Open(pipe, ReadOnly | NonBlocking);

    /// <summary>
    /// Opens a pipe for writing without waiting for a reader; invalid where no program has it open for reading, or it may not be
    /// written.
    /// </summary>
    /// <param name="pipe">Its path.</param>
    /// <param name="hasReader">Whether a program reads it.</param>
    internal static SafeFileHandle OpenWriter(string pipe, out bool hasReader)
    {
        var handle = Open(pipe, WriteOnly | NonBlocking);
        hasReader = !handle.IsInvalid || Marshal.GetLastPInvokeError() != NoReader;
        return handle;
    }

    /// <summary>Makes reads and writes of a handle wait for the program at the other end of the pipe.</summary>
    internal static void LetWait(SafeFileHandle handle)
    {
        const int setFlags = 4;
        _ = Control(handle, setFlags, ReadOnly);
    }

    private static SafeFileHandle Open(string path, int flags) =>
        new(OpenDescriptor(Native(path), OperatingSystem.IsLinux() ? flags | CloseOnExec : flags), ownsHandle: true);

    private static byte[] Native(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenDescriptor(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] status);

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle handle, int command, int value);
}
