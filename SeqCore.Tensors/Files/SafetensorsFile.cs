using System.Buffers.Binary;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// A safetensors file, open for reading tensor by tensor; and, in
/// <see cref="Write(string, IEnumerable{KeyValuePair{string, Tensor}}, IReadOnlyDictionary{string, string}?, bool)"/>, the making
/// of one.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly string? checksum;
    private readonly long checksumPlace;
    private readonly Stream stream;
    private readonly string name;
    private readonly long start;
    private readonly long dataStart;
    private readonly SafetensorsHeader header;

    private SafetensorsFile(Stream stream, string name, SafetensorsHeader header, long start, int checksumPlace)
    {
        this.stream = stream;
        this.name = name;
        this.header = header;
        this.start = start;
        dataStart = stream.Position;
        this.checksumPlace = sizeof(long) + checksumPlace;
        header.Metadata.Remove(SafetensorsChecksum.Key, out checksum);
    }

    /// <summary>Whether the file has a checksum, as <see cref="VerifyChecksum"/> needs.</summary>
    public bool HasChecksum => checksum is not null;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => header.Entries;

    /// <summary>The file's own words about itself, without the checksum.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>Opens a file and checks its header against the file's length; no tensor is read yet.</summary>
    /// <exception cref="TensorFileException">The header is damaged.</exception>
    public static SafetensorsFile Open(string path) => Open(InputFile.Open(path), path);

    /// <summary>
    /// The same for a stream that can seek, from its present position to its end; it is closed with the result.
    /// </summary>
    /// <param name="stream">Taken over.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="TensorFileException">The header is damaged.</exception>
    public static SafetensorsFile Open(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        InputFile.RequireSeekable(stream);
        try
        {
            var start = stream.Position;
            var source = new TensorSource(stream, stream.Length - stream.Position, name);
            Span<byte> lengthBytes = stackalloc byte[8];
            source.Read(lengthBytes);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
            if (length > (ulong)Math.Min(source.Remaining, SafetensorsHeader.MaxLength))
                throw WrongStart(stream, name, start, length, source.Remaining);

            var json = new byte[length];
            source.Read(json);
            return new SafetensorsFile(stream, name, SafetensorsHeader.Parse(json, source.Remaining, name),
                start, SafetensorsChecksum.PlaceIn(json));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="tensor">Its name.</param>
    /// <param name="convert">
    /// Whether F64 and integers are rounded to float32; otherwise they are an error. F16 and BF16 are always read.
    /// </param>
    /// <param name="backend">Where the tensor is made.</param>
    /// <exception cref="TensorFileException">There is none of this name, or its type is another.</exception>
    public Tensor Read(string tensor, bool convert = false, Backend? backend = null)
    {
        var (source, entry, type) = Find(tensor);
        return source.ReadTensor(entry.Shape, type, convert, backend);
    }

    /// <summary>Reads integers of any size, provided that their values are 32-bit integers.</summary>
    /// <exception cref="TensorFileException">There is none of this name, or its type is another.</exception>
    public IndexTensor ReadIndices(string tensor, Backend? backend = null)
    {
        var (source, entry, type) = Find(tensor);
        return IndexTensor.FromSpan(source.ReadIntegers(entry.Shape, type), entry.Shape, backend);
    }

    /// <summary>Reads all tensors, or some of them. Either all are read or none.</summary>
    /// <param name="convert">
    /// Whether F64 and integers are rounded to float32; otherwise they are an error. F16 and BF16 are always read.
    /// </param>
    /// <param name="backend">Where the tensors are made.</param>
    /// <param name="where">
    /// Which to read; null for all. Files of other programs hold integers beside their weights, such as BERT's
    /// <c>position_ids</c>: <c>where: (name, entry) => entry.TypeName != "I64"</c> leaves them out.
    /// </param>
    /// <exception cref="TensorFileException">One is damaged or of another type.</exception>
    public Dictionary<string, Tensor> ReadAll(bool convert = false, Backend? backend = null,
        Func<string, SafetensorsEntry, bool>? where = null)
    {
        List<string> names = [.. Entries.Where(e => where?.Invoke(e.Key, e.Value) ?? true).Select(e => e.Key)];
        if (names.Find(n => Entries[n].Type is not { } type || !(convert || type.FitsFloat32())) is { } misfit)
        {
            throw new TensorFileException(name, misfit, $"its elements are {Entries[misfit].TypeName}."
                + $" Leave it out with where: (name, entry) => entry.TypeName != \"{Entries[misfit].TypeName}\""
                + (Entries[misfit].Type is null ? "." : ", or ask for conversion to float32."));
        }

        var tensors = new Dictionary<string, Tensor>(names.Count);
        try
        {
            foreach (var tensor in names)
                tensors.Add(tensor, Read(tensor, convert, backend));
            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads the whole file and compares its CRC-32C with the one in its metadata, which notices damage but no forgery. Measured:
    /// 190 MB that the system had in memory took 30 ms on an AMD EPYC.
    /// </summary>
    /// <exception cref="TensorFileException">They differ, or the file was written without a checksum.</exception>
    public void VerifyChecksum()
    {
        if (checksum is null)
            throw new TensorFileException(name, null, $"it has no checksum, '{SafetensorsChecksum.Key}' in its metadata.");
        stream.Position = start;
        var found = SafetensorsChecksum.Text(SafetensorsChecksum.Of(stream, checksumPlace));
        if (found != checksum)
        {
            throw new TensorFileException(name, null, $"its CRC-32C is {found}, and its metadata say {checksum}. Take another"
                + $" copy of it; or where a program changed it that keeps metadata, remove '{SafetensorsChecksum.Key}' there.");
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    /// <summary>
    /// Writes tensors as F32, in this order. Names and tensors are checked first; a file that was there stays whole until the new
    /// one is (see <see cref="AtomicFile"/>).
    /// </summary>
    /// <param name="path">Of the file; its folder exists.</param>
    /// <param name="tensors">Named tensors.</param>
    /// <param name="metadata">The file's own words about itself; null for none.</param>
    /// <param name="checksum">
    /// Whether the metadata get a checksum of the whole file, so that damage is noticed by <see cref="VerifyChecksum"/>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Two have one name, one is called <c>__metadata__</c>, a name or metadata have half of a surrogate pair, or the header is
    /// longer than readers accept, 100 MB.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A tensor is closed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null, bool checksum = false)
    {
        var writer = new SafetensorsWriter(tensors, null, metadata, checksum);
        AtomicFile.Write(path, writer.Write);
    }

    /// <summary>Writes tensors as F32 and indices as I32, in this order, a chunk at a time.</summary>
    /// <param name="stream">Written from its present position on.</param>
    /// <param name="tensors">Named tensors.</param>
    /// <param name="indices">Named index tensors; null for none.</param>
    /// <param name="metadata">The file's own words about itself; null for none.</param>
    /// <param name="checksum">
    /// Whether the metadata get a checksum of the whole file, <c>checksum.crc32c</c>, so that damage is noticed by
    /// <see cref="VerifyChecksum"/>. A stream that cannot seek is given it by reading the tensors twice.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Two have one name, one is called <c>__metadata__</c>, a name or metadata have half of a surrogate pair, or the header is
    /// longer than readers accept, 100 MB.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A tensor is closed.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IEnumerable<KeyValuePair<string, IndexTensor>>? indices = null, IReadOnlyDictionary<string, string>? metadata = null,
        bool checksum = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        new SafetensorsWriter(tensors, indices, metadata, checksum).Write(stream);
    }

    /// <summary>
    /// The error for a header that is too long. Every header begins with a brace; a file without one is of another kind.
    /// </summary>
    private static TensorFileException WrongStart(Stream stream, string name, long start, ulong length, long remaining)
    {
        var isOther = stream.ReadByte() is not ('{' or -1);
        return new TensorFileException(name, null, (isOther ? "it is not a safetensors file: " : "")
            + $"its header claims {length} bytes, " + (length > SafetensorsHeader.MaxLength
                ? $"and {SafetensorsHeader.MaxLength} are the most that are read."
                : $"but only {remaining} follow. Is the file cut short?") + (isOther ? FileGuess.Hint(stream, start) : ""))
        {
            IsOtherFormat = isOther,
        };
    }

    private (TensorSource Source, SafetensorsEntry Entry, ElementType Type) Find(string tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!Entries.TryGetValue(tensor, out var entry))
            throw new TensorFileException(name, tensor, $"the file has no tensor of this name. It has {Names()}.");
        if (entry.Type is not { } type)
        {
            throw new TensorFileException(name, tensor,
                $"its elements are {entry.TypeName}, which is no kind of number that is read.");
        }

        stream.Position = dataStart + entry.Begin;
        return (new TensorSource(stream, entry.End - entry.Begin, name, tensor), entry, type);
    }

    private string Names() => Entries.Count switch
    {
        0 => "none at all",
        <= 10 => string.Join(", ", Entries.Keys),
        _ => $"{string.Join(", ", Entries.Keys.Take(10))} and {Entries.Count - 10} more",
    };
}
