using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SeqCore;

/// <summary>The content of a safetensors file, checked before the first byte is written.</summary>
/// <exception cref="ArgumentException">
/// Two tensors have one name, one is called <c>__metadata__</c>, a name or metadata hold half of a surrogate pair, or the header
/// is longer than readers accept, 100 MB.
/// </exception>
/// <exception cref="ObjectDisposedException">A tensor is closed.</exception>
internal sealed class SafetensorsWriter
{
    internal const string ChecksumName = "checksum.sha256";

    private const string Operation = "SafetensorsFile.Write";
    private readonly List<KeyValuePair<string, Tensor>> floats;
    private readonly List<KeyValuePair<string, IndexTensor>> integers;
    private readonly bool checksum;
    private readonly byte[] header;

    internal SafetensorsWriter(IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IEnumerable<KeyValuePair<string, IndexTensor>>? indices, IReadOnlyDictionary<string, string>? metadata, bool checksum)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        floats = [.. tensors];
        integers = indices is null ? [] : [.. indices];
        this.checksum = checksum;
        var names = new TensorNames(Operation, checksum ? ["__metadata__", ChecksumName] : ["__metadata__"]);
        foreach (var (name, tensor) in floats)
        {
            names.Add(name, tensor);
            _ = tensor.Strided;
        }

        foreach (var (name, tensor) in integers)
        {
            names.Add(name, tensor);
            _ = tensor.Span;
        }

        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
        {
            TensorNames.RequireText(Operation, "a key of the metadata", key);
            TensorNames.RequireText(Operation, $"the value of '{key}' in the metadata", value);
        }

        IEnumerable<(string, ElementType, Shape)> entries =
        [
            .. floats.Select(t => (t.Key, ElementType.Float32, t.Value.Shape)),
            .. integers.Select(t => (t.Key, ElementType.Int32, t.Value.Shape)),
        ];
        if (checksum)
            entries = entries.Append((ChecksumName, ElementType.UInt8, new Shape(SHA256.HashSizeInBytes)));
        header = SafetensorsHeader.Format(entries, metadata);
        if (header.Length > SafetensorsHeader.MaxLength)
        {
            throw new ArgumentException($"{Operation}: names and metadata take {header.Length} bytes;"
                + $" {SafetensorsHeader.MaxLength} are the most that readers accept.");
        }
    }

    internal void Write(Stream stream)
    {
        using var hashing = new HashingStream(stream);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        hashing.Write(length);
        hashing.Write(header);
        foreach (var (_, tensor) in floats)
            TensorSink.Write(hashing, tensor);
        foreach (var (_, tensor) in integers)
            TensorSink.Write(hashing, tensor);
        if (checksum)
            stream.Write(hashing.TakeHash());
    }
}
