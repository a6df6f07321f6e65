using System.Buffers.Binary;

namespace SeqCore;

/// <summary>Writes the content of a safetensors file, which is checked before the first byte is written.</summary>
/// <exception cref="ArgumentException">
/// Two tensors have the same name, one is named <c>__metadata__</c>, a name or the metadata contain an unpaired surrogate, or the
/// header is longer than readers accept, 100 MB.
/// </exception>
/// <exception cref="ObjectDisposedException">A tensor has been disposed.</exception>
internal sealed class SafetensorsWriter
{
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
        var names = new TensorNames(Operation, ["__metadata__"]);
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

        var texts = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>());
        foreach (var (key, value) in texts)
        {
            TensorNames.RequireText(Operation, "a key of the metadata", key);
            TensorNames.RequireText(Operation, $"the value of '{key}' in the metadata", value);
        }

        IEnumerable<(string, ElementType, Shape)> entries =
        [
            .. floats.Select(t => (t.Key, ElementType.Float32, t.Value.Shape)),
            .. integers.Select(t => (t.Key, ElementType.Int32, t.Value.Shape)),
        ];

        // A checksum in the given metadata belongs to another file.
        texts.Remove(SafetensorsChecksum.Key);
        if (checksum)
            texts[SafetensorsChecksum.Key] = SafetensorsChecksum.Blank;
        header = SafetensorsHeader.Format(entries, texts);
        if (header.Length > SafetensorsHeader.MaxLength)
        {
            throw new ArgumentException($"{Operation}: names and metadata take {header.Length} bytes, but"
                + $" readers accept at most {SafetensorsHeader.MaxLength}.");
        }
    }

    internal void Write(Stream stream)
    {
        if (!checksum)
            WriteAll(stream);
        else if (stream.CanSeek)
            WriteAndSeal(stream);
        else
            SealAndWrite(stream);
    }

    /// <summary>Writes everything and then the checksum into the header, so that the tensors are read once.</summary>
    private void WriteAndSeal(Stream stream)
    {
        var start = stream.Position;
        using var sum = new ChecksumStream(stream);
        WriteAll(sum);
        var end = stream.Position;
        stream.Position = start + sizeof(long) + SafetensorsChecksum.PositionIn(header);
        stream.Write(SafetensorsChecksum.Digits(sum.Crc));
        stream.Position = end;
    }

    /// <summary>Computes the checksum first, for a pipe, where nothing can be changed afterwards.</summary>
    private void SealAndWrite(Stream stream)
    {
        using var sum = new ChecksumStream(Stream.Null);
        WriteAll(sum);
        SafetensorsChecksum.Digits(sum.Crc).CopyTo(header, SafetensorsChecksum.PositionIn(header));
        WriteAll(stream);
    }

    private void WriteAll(Stream stream)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in floats)
            TensorSink.Write(stream, tensor);
        foreach (var (_, tensor) in integers)
            TensorSink.Write(stream, tensor);
    }
}
