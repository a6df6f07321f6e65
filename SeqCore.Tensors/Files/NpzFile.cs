using System.IO.Compression;
using System.Text;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>Reads and writes NumPy's format for several arrays: a zip file of .npy files, stored or deflated.</summary>
public sealed class NpzFile : IDisposable
{
    /// <summary>The largest factor by which deflate can expand data: 258 bytes from two bits.</summary>
    private const long MaxExpansion = 1032;

    private const string Extension = ".npy", Operation = "NpzFile.Write";

    private readonly ZipArchive archive;
    private readonly string file;
    private readonly Dictionary<string, ZipArchiveEntry> entries = [];

    private NpzFile(ZipArchive archive, string file)
    {
        this.archive = archive;
        this.file = file;
    }

    /// <summary>The names of the arrays, without <c>.npy</c>; folders and other files in the archive are left out.</summary>
    public IReadOnlyCollection<string> Names => entries.Keys;

    /// <summary>Opens a file and checks its directory; no array is read yet.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="maximumBytes">
    /// The largest total size of the decompressed arrays, so that a small file cannot fill the memory; a larger file may take its
    /// own size.
    /// </param>
    /// <exception cref="TensorFileException">The file is damaged, or its decompressed size is above the maximum.</exception>
    public static NpzFile Open(string path, long maximumBytes = 1L << 32) => Open(InputFile.Open(path), path, maximumBytes);

    /// <summary>Opens an archive in a stream that can seek; the stream is closed with the result.</summary>
    /// <param name="stream">The stream, which the result owns.</param>
    /// <param name="name">The name that errors use for it.</param>
    /// <param name="maximumBytes">The largest total size of the decompressed arrays, in bytes.</param>
    /// <exception cref="TensorFileException">The archive is damaged, or its decompressed size is above the maximum.</exception>
    public static NpzFile Open(Stream stream, string name, long maximumBytes = 1L << 32)
    {
        ArgumentNullException.ThrowIfNull(stream);
        InputFile.RequireSeekable(stream);
        try
        {
            var result = new NpzFile(new ZipArchive(stream, ZipArchiveMode.Read), name);
            result.ReadDirectory(stream.Length, Math.Max(maximumBytes, stream.Length));
            return result;
        }
        catch (InvalidDataException e)
        {
            var hint = FileGuess.Hint(stream, 0);
            stream.Dispose();
            throw new TensorFileException(name, null, $"it is not a valid zip file: {e.Message}{hint}", e);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads an array of floats; see <see cref="NpyFile.Read(string, bool, Backend?)"/>.</summary>
    /// <exception cref="TensorFileException">
    /// There is no array of this name, it is damaged, or its elements are of a type that is not read.
    /// </exception>
    public Tensor Read(string name, bool convert = false, Backend? backend = null) =>
        ReadEntry(name, source => NpyFile.Read(source, convert, backend));

    /// <summary>Reads an array of integers; see <see cref="NpyFile.ReadIndices(string, Backend?)"/>.</summary>
    /// <exception cref="TensorFileException">
    /// There is no array of this name, it is damaged, or its elements are of a type that is not read.
    /// </exception>
    public IndexTensor ReadIndices(string name, Backend? backend = null) =>
        ReadEntry(name, source => NpyFile.ReadIndices(source, backend));

    /// <summary>Closes the file.</summary>
    public void Dispose() => archive.Dispose();

    /// <summary>
    /// Writes arrays of float32. Names and arrays are checked first; an earlier file stays whole until the new one is (see
    /// <see cref="AtomicFile"/>).
    /// </summary>
    /// <param name="path">The path of the file, in a folder that exists.</param>
    /// <param name="tensors">The tensors by name, without <c>.npy</c>.</param>
    /// <param name="compress">Whether the arrays are compressed by deflate.</param>
    /// <exception cref="ArgumentException">
    /// Two arrays have the same name, or a name is longer than a zip file can hold (65,531 bytes) or contains an unpaired
    /// surrogate.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A tensor has been disposed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compress = false)
    {
        var arrays = Checked(tensors);
        AtomicFile.Write(path, stream => Write(stream, arrays, compress));
    }

    /// <summary>Writes arrays of float32 to a stream, which stays open.</summary>
    /// <exception cref="ArgumentException">Two arrays have the same name, or a name cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">A tensor has been disposed.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compress = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream, Checked(tensors), compress);
    }

    private static List<KeyValuePair<string, Tensor>> Checked(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        List<KeyValuePair<string, Tensor>> arrays = [.. tensors];
        var names = new TensorNames(Operation);
        foreach (var (name, tensor) in arrays)
        {
            names.Add(name, tensor);
            _ = tensor.Strided;
            if (Encoding.UTF8.GetByteCount(name + Extension) > ushort.MaxValue)
            {
                throw new ArgumentException(
                    $"{Operation}: a name of {name.Length} characters is longer than a zip file can hold.");
            }
        }

        return arrays;
    }

    private static void Write(Stream stream, List<KeyValuePair<string, Tensor>> arrays, bool compress)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, tensor) in arrays)
        {
            var entry = archive.CreateEntry(name + Extension,
                compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            using var content = entry.Open();
            NpyFile.Write(content, tensor);
        }
    }

    private void ReadDirectory(long fileLength, long maximumBytes)
    {
        long packed = 0, unpacked = 0;
        foreach (var entry in archive.Entries)
        {
            var isArray = entry.FullName.EndsWith(Extension, StringComparison.Ordinal);
            var name = isArray ? entry.FullName[..^Extension.Length] : entry.FullName;
            if (isArray && !entries.TryAdd(name, entry))
                throw new TensorFileException(file, name, "the file has it twice.");
            if (entry.CompressedLength < 0 || entry.Length < 0 || entry.CompressedLength > fileLength - packed)
            {
                throw new TensorFileException(file, name,
                    "it claims more bytes than the file has; entries overlap or are cut short.");
            }

            if (entry.Length / MaxExpansion > entry.CompressedLength)
            {
                throw new TensorFileException(file, name, $"it claims to expand {entry.CompressedLength} bytes to {entry.Length},"
                    + " which no compression used here can do.");
            }

            packed += entry.CompressedLength;
            if (entry.Length > maximumBytes - unpacked)
            {
                throw new TensorFileException(file, name,
                    $"up to it, the file expands to more than {maximumBytes} bytes. Raise maximumBytes if you trust the file.");
            }

            unpacked += entry.Length;
        }
    }

    private T ReadEntry<T>(string name, Func<TensorSource, T> read) where T : IDisposable
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!entries.TryGetValue(name, out var entry))
        {
            throw new TensorFileException(file, name, "the file has no array of this name."
                + $" It has {(entries.Count == 0 ? "no arrays" : string.Join(", ", entries.Keys.Take(10)))}.");
        }

        try
        {
            using var content = new CheckedStream(entry.Open());
            var result = read(new TensorSource(content, entry.Length, file, name));
            if (content.Crc == entry.Crc32)
                return result;
            result.Dispose();
            throw new TensorFileException(file, name, "its checksum does not match its bytes.");
        }
        catch (InvalidDataException e)
        {
            throw new TensorFileException(file, name, $"its entry in the zip file is damaged: {e.Message}", e);
        }
    }

    /// <summary>A stream that computes the checksum of what is read through it.</summary>
    private sealed class CheckedStream(Stream inner) : ForwardStream
    {
        internal uint Crc { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var count = inner.Read(buffer);
            Crc = Crc32.Append(Crc, buffer[..count]);
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
