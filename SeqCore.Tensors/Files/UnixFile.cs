using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SeqCore;

/// <summary>The kinds of file that a path can lead to.</summary>
internal enum FileKind
{
    /// <summary>A file on a disk, or nothing yet.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe, with or without a name: it ends when its writers close it, and cannot seek.</summary>
    Pipe,

    /// <summary>A terminal, /dev/null or another device.</summary>
    Device,
}

/// <summary>The few Unix calls that .NET does not offer.</summary>
internal static class UnixFile
{
    private const int ReadOnly = 0, WriteOnly = 1, NonBlocking = 0x800, CloseOnExec = 0x80000;
    private const int NoReader = 6; // ENXIO

    /// <summary>
    /// Returns the kind of file that a path leads to, through links. Pipes and devices are recognised on Linux only; elsewhere
    /// they are reported as files.
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
            return FileKind.File; // The C library is older than 2018.
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
    /// Makes the names in a folder survive a loss of power, as flushing a file does for its content: only then is a rename on the
    /// disk. It does nothing on Windows, which has no such call, or if the folder may not be read.
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
    /// Opens a pipe for reading without waiting for a writer. Until <see cref="LetWait"/>, reads do not wait either: if there are
    /// no data yet, they throw an <see cref="IOException"/>, and if no writer is left, they return 0.
    /// </summary>
    internal static SafeFileHandle OpenReader(string pipe) => Open(pipe, ReadOnly | NonBlocking);

    /// <summary>
    /// Opens a pipe for writing without waiting for a reader; the handle is invalid if the pipe has no reader or may not be
    /// written.
    /// </summary>
    /// <param name="pipe">The path of the pipe.</param>
    /// <param name="hasReader">Whether the pipe has a reader.</param>
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
