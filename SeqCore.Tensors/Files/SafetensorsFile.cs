using System.Buffers.Binary;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>A safetensors file, open for reading tensor by tensor; and, in <see cref="Write(string, IEnumerable{KeyValuePair{string, Tensor}}, IReadOnlyDictionary{string, string}?)"/>, the making of one.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly Stream stream;
    private readonly string name;
    private readonly long dataStart;
    private readonly SafetensorsHeader header;

    private SafetensorsFile(Stream stream, string name, SafetensorsHeader header, long dataStart)
    {
        this.stream = stream;
        this.name = name;
        this.header = header;
        this.dataStart = dataStart;
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => header.Entries;

    /// <summary>The file's own words about itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>Opens a file and checks its header against the file's length; no tensor is read yet.</summary>
    /// <exception cref="TensorFileException">The header is damaged.</exception>
    public static SafetensorsFile Open(string path) => Open(File.OpenRead(path), path);

    /// <summary>The same for a stream that can seek, from its present position to its end; it is closed with the result.</summary>
    /// <param name="stream">Taken over.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="TensorFileException">The header is damaged.</exception>
    public static SafetensorsFile Open(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            var source = new TensorSource(stream, stream.Length - stream.Position, name);
            Span<byte> lengthBytes = stackalloc byte[8];
            source.Read(lengthBytes);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
            if (length > SafetensorsHeader.MaxLength)
                throw source.Error($"its header claims {length} bytes; {SafetensorsHeader.MaxLength} are the most that are read. Is it a safetensors file?");
            if ((long)length > source.Remaining)
                throw source.Error($"its header claims {length} bytes, but only {source.Remaining} follow. Is the file cut short?");
            var json = new byte[length];
            source.Read(json);
            return new SafetensorsFile(stream, name, SafetensorsHeader.Parse(json, source.Remaining, name), stream.Position);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="tensor">Its name.</param>
    /// <param name="convert">Whether F64 and integers are rounded to float32; otherwise they are an error. F16 and BF16 are always read.</param>
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

    /// <summary>Reads all tensors; integers among them are an error unless they are to be converted.</summary>
    /// <exception cref="TensorFileException">One is damaged or of another type.</exception>
    public Dictionary<string, Tensor> ReadAll(bool convert = false, Backend? backend = null) =>
        Entries.Keys.ToDictionary(key => key, key => Read(key, convert, backend));

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    /// <summary>Writes tensors as F32, in this order.</summary>
    /// <exception cref="ArgumentException">Two have one name, or one is called <c>__metadata__</c>.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = File.Create(path);
        Write(stream, tensors, [], metadata);
    }

    /// <summary>Writes tensors as F32 and indices as I32, in this order.</summary>
    /// <exception cref="ArgumentException">Two have one name, or one is called <c>__metadata__</c>.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IEnumerable<KeyValuePair<string, IndexTensor>>? indices = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var floats = tensors.ToList();
        var integers = indices?.ToList() ?? [];
        var names = new HashSet<string> { "__metadata__" };
        foreach (var name in floats.Select(t => t.Key).Concat(integers.Select(t => t.Key)))
        {
            if (!names.Add(name))
                throw new ArgumentException($"SafetensorsFile.Write: the name '{name}' is taken; each tensor needs one of its own.");
        }

        var header = SafetensorsHeader.Format(
            floats.Select(t => (t.Key, "F32", t.Value.Shape)).Concat(integers.Select(t => (t.Key, "I32", t.Value.Shape))), metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in floats)
            TensorSink.Write(stream, tensor);
        foreach (var (_, tensor) in integers)
            TensorSink.Write(stream, tensor);
    }

    private (TensorSource Source, SafetensorsEntry Entry, ElementType Type) Find(string tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!Entries.TryGetValue(tensor, out var entry))
            throw new TensorFileException(name, tensor, $"the file has no tensor of this name. It has {Names()}.");
        if (entry.Type is not { } type)
            throw new TensorFileException(name, tensor, $"its elements are {entry.TypeName}, which is no kind of number that is read.");
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
