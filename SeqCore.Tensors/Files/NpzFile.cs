using System.IO.Compression;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>NumPy's format for several arrays: a zip file of .npy files, stored or deflated.</summary>
public sealed class NpzFile : IDisposable
{
    /// <summary>The most that deflate can expand: 258 bytes from two bits.</summary>
    private const long MaxExpansion = 1032;

    private const string Extension = ".npy";

    private readonly ZipArchive archive;
    private readonly string file;
    private readonly Dictionary<string, ZipArchiveEntry> entries = [];

    private NpzFile(ZipArchive archive, string file)
    {
        this.archive = archive;
        this.file = file;
    }

    /// <summary>The arrays' names, without <c>.npy</c>.</summary>
    public IReadOnlyCollection<string> Names => entries.Keys;

    /// <summary>Opens a file and checks its directory; no array is read yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumBytes">
    /// The most that all arrays may take when unpacked, lest a small file fill the memory; a larger file may take its own size.
    /// </param>
    /// <exception cref="TensorFileException">The file is damaged, or unpacks to more.</exception>
    public static NpzFile Open(string path, long maximumBytes = 1L << 32) => Open(File.OpenRead(path), path, maximumBytes);

    /// <summary>The same for a stream that can seek; it is closed with the result.</summary>
    /// <param name="stream">Taken over.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="maximumBytes">The most that all arrays may take when unpacked.</param>
    /// <exception cref="TensorFileException">The file is damaged, or unpacks to more.</exception>
    public static NpzFile Open(Stream stream, string name, long maximumBytes = 1L << 32)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            var result = new NpzFile(new ZipArchive(stream, ZipArchiveMode.Read), name);
            result.ReadDirectory(stream.Length, Math.Max(maximumBytes, stream.Length));
            return result;
        }
        catch (InvalidDataException e)
        {
            stream.Dispose();
            throw new TensorFileException(name, null, $"it is not a sound zip file: {e.Message}", e);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads an array of floats; see <see cref="NpyFile.Read(string, bool, Backend?)"/>.</summary>
    /// <exception cref="TensorFileException">
    /// There is none of this name, it is damaged, or its elements are of another kind.
    /// </exception>
    public Tensor Read(string name, bool convert = false, Backend? backend = null) =>
        ReadEntry(name, source => NpyFile.Read(source, convert, backend));

    /// <summary>Reads an array of integers; see <see cref="NpyFile.ReadIndices(string, Backend?)"/>.</summary>
    /// <exception cref="TensorFileException">
    /// There is none of this name, it is damaged, or its elements are of another kind.
    /// </exception>
    public IndexTensor ReadIndices(string name, Backend? backend = null) =>
        ReadEntry(name, source => NpyFile.ReadIndices(source, backend));

    /// <summary>Closes the file.</summary>
    public void Dispose() => archive.Dispose();

    /// <summary>Writes arrays of float32.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">By name, without <c>.npy</c>.</param>
    /// <param name="compress">Whether they are deflated.</param>
    /// <exception cref="ArgumentException">Two have one name.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compress = false)
    {
        using var stream = File.Create(path);
        Write(stream, tensors, compress);
    }

    /// <summary>The same to a stream, which stays open.</summary>
    /// <exception cref="ArgumentException">Two have one name.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compress = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var names = new HashSet<string>();
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, tensor) in tensors)
        {
            if (!names.Add(name))
                throw new ArgumentException($"NpzFile.Write: the name '{name}' is taken; each array needs one of its own.");
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
            var name = entry.FullName.EndsWith(Extension, StringComparison.Ordinal)
                ? entry.FullName[..^Extension.Length]
                : entry.FullName;
            if (!entries.TryAdd(name, entry))
                throw new TensorFileException(file, name, "the file has it twice.");
            if (entry.CompressedLength < 0 || entry.Length < 0 || entry.CompressedLength > fileLength - packed)
            {
                throw new TensorFileException(file, name,
                    "it claims more bytes than the file has; entries overlap or are cut short.");
            }

            if (entry.Length / MaxExpansion > entry.CompressedLength)
            {
                throw new TensorFileException(file, name, $"it claims to unpack {entry.CompressedLength} bytes to {entry.Length},"
                    + " which no compression used here can do.");
            }

            packed += entry.CompressedLength;
            if (entry.Length > maximumBytes - unpacked)
            {
                throw new TensorFileException(file, name,
                    $"up to it, the file unpacks to more than {maximumBytes} bytes. Raise maximumBytes if you trust the file.");
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
                + $" It has {(entries.Count == 0 ? "none at all" : string.Join(", ", entries.Keys.Take(10)))}.");
        }

        try
        {
            using var content = new CheckedStream(entry.Open());
            var result = read(new TensorSource(content, entry.Length, file, name));
            if (content.Crc == entry.Crc32)
                return result;
            result.Dispose();
            throw new TensorFileException(file, name, "its checksum does not agree with its bytes.");
        }
        catch (InvalidDataException e)
        {
            throw new TensorFileException(file, name, $"its entry in the zip file is damaged: {e.Message}", e);
        }
    }

    /// <summary>Computes the checksum of what is read through it.</summary>
    private sealed class CheckedStream(Stream inner) : Stream
    {
        internal uint Crc { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var count = inner.Read(buffer);
            Crc = Crc32.Append(Crc, buffer[..count]);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
