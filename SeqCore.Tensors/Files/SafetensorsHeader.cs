using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SeqCore;

/// <summary>An entry of one tensor in the header of a safetensors file.</summary>
/// <param name="TypeName">The name of the element type, for example F32.</param>
/// <param name="Shape">The sizes of the tensor's axes.</param>
public sealed record SafetensorsEntry(string TypeName, Shape Shape)
{
    internal long Begin { get; init; }

    internal long End { get; init; }

    internal ElementType? Type => SafetensorsHeader.TypeOf(TypeName);
}

/// <summary>
/// The JSON header of a safetensors file: the type and the shape of each tensor, and where its bytes begin and end. The bytes of
/// all tensors together cover the rest of the file, without overlap or gap.
/// </summary>
internal sealed class SafetensorsHeader
{
    internal const int MaxLength = 100_000_000;

    private readonly string file;

    private SafetensorsHeader(string file) => this.file = file;

    internal Dictionary<string, SafetensorsEntry> Entries { get; } = [];

    internal Dictionary<string, string> Metadata { get; } = [];

    internal static ElementType? TypeOf(string name) => name switch
    {
        "F32" => ElementType.Float32,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        "F64" => ElementType.Float64,
        "BOOL" => ElementType.Boolean,
        "I8" => ElementType.Int8,
        "U8" => ElementType.UInt8,
        "I16" => ElementType.Int16,
        "U16" => ElementType.UInt16,
        "I32" => ElementType.Int32,
        "U32" => ElementType.UInt32,
        "I64" => ElementType.Int64,
        "U64" => ElementType.UInt64,
        _ => null,
    };

    private static string NameOf(ElementType type) => type switch
    {
        ElementType.Float32 => "F32",
        ElementType.Int32 => "I32",
        ElementType.UInt8 => "U8",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "SafetensorsFile: this element type cannot be written."),
    };

    /// <summary>Reads and checks a header.</summary>
    /// <param name="json">The bytes of the header.</param>
    /// <param name="dataLength">The number of bytes that follow the header.</param>
    /// <param name="file">The file's name for errors.</param>
    internal static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string file)
    {
        var header = new SafetensorsHeader(file);
        if (!Utf8.IsValid(json))
            throw header.Error(null, "its header is not valid UTF-8.");
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
            header.ReadAll(ref reader);
        }
        catch (JsonException e)
        {
            throw header.Error(null, $"its header is not valid JSON: {e.Message}", e);
        }

        header.CheckCoverage(dataLength);
        return header;
    }

    private void ReadAll(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(reader, JsonTokenType.StartObject, null, "the header");
        var metadataSeen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(reader, null);
            reader.Read();
            if (name == "__metadata__")
            {
                if (metadataSeen)
                    throw Error(null, "its header has __metadata__ twice.");
                metadataSeen = true;
                ReadMetadata(ref reader);
            }
            else if (!Entries.TryAdd(name, ReadEntry(ref reader, name)))
            {
                throw Error(name, "the header has it twice.");
            }
        }

        // Only white space may follow the closing brace; the reader throws on anything else.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(reader, JsonTokenType.StartObject, null, "__metadata__");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text(reader, null);
            reader.Read();
            Expect(reader, JsonTokenType.String, null, $"the value of '{key}' in __metadata__");
            if (!Metadata.TryAdd(key, Text(reader, null)))
                throw Error(null, $"__metadata__ has the key '{key}' twice.");
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        Expect(reader, JsonTokenType.StartObject, name, "its entry");
        string? type = null;
        long[]? sizes = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text(reader, name);
            reader.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(reader, JsonTokenType.String, name, "dtype");
                    type = Text(reader, name);
                    break;
                case "shape" when sizes is null: sizes = Numbers(ref reader, name, key); break;
                case "data_offsets" when offsets is null: offsets = Numbers(ref reader, name, key); break;
                case "dtype" or "shape" or "data_offsets": throw Error(name, $"its entry has the key '{key}' twice.");
                default: throw Error(name, $"its entry has the unknown key '{key}'.");
            }
        }

        if (type is null || sizes is null || offsets is not [var begin, var end])
            throw Error(name, "its entry should have dtype, shape and two data_offsets.");
        var shape = TensorSource.CheckSizes(sizes, file, name);
        if (begin < 0 || end < begin)
            throw Error(name, $"its data_offsets {begin} to {end} are not valid.");
        var entry = new SafetensorsEntry(type, shape) { Begin = begin, End = end };
        if (entry.Type is { } known && (long)shape.ElementCount * known.Size() != end - begin)
        {
            throw Error(name, $"shape {shape} of {type} takes {(long)shape.ElementCount * known.Size()} bytes,"
                + $" but data_offsets {begin} to {end} are {end - begin}.");
        }

        return entry;
    }

    private void CheckCoverage(long dataLength)
    {
        long position = 0;
        string? previous = null;
        foreach (var (name, entry) in Entries.OrderBy(e => e.Value.Begin).ThenBy(e => e.Value.End))
        {
            if (entry.Begin < position)
                throw Error(name, $"its bytes from {entry.Begin} overlap those of '{previous}', which end at {position}.");
            if (entry.Begin > position)
                throw Error(name, $"it begins at byte {entry.Begin}, but the bytes from {position} on belong to no tensor.");
            if (entry.End > dataLength)
            {
                throw Error(name,
                    $"it ends at byte {entry.End}, but only {dataLength} follow the header. Is the file cut short?");
            }

            (position, previous) = (entry.End, name);
        }

        if (position != dataLength)
            throw Error(null, $"{dataLength} bytes follow the header, but its tensors end at byte {position}.");
    }

    private long[] Numbers(ref Utf8JsonReader reader, string name, string key)
    {
        Expect(reader, JsonTokenType.StartArray, name, key);
        var values = new List<long>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out var value))
            {
                throw Error(name,
                    $"{key} has the number {Encoding.UTF8.GetString(reader.ValueSpan)}, which is not a 64-bit integer.");
            }

            values.Add(value);
        }

        Expect(reader, JsonTokenType.EndArray, name, $"the end of {key}");
        return [.. values];
    }

    private string Text(in Utf8JsonReader reader, string? name)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Error(name, "its header contains an unpaired surrogate in a string.", e);
        }
    }

    private void Expect(in Utf8JsonReader reader, JsonTokenType type, string? name, string what)
    {
        if (reader.TokenType != type)
            throw Error(name, $"{what} should be {type} in the header's JSON; got {reader.TokenType}.");
    }

    private TensorFileException Error(string? tensor, string problem, Exception? inner = null) =>
        new(file, tensor, problem, inner);

    /// <summary>
    /// Formats the header of tensors that lie one after the other, padded with spaces to a multiple of 8 bytes.
    /// </summary>
    internal static byte[] Format(IEnumerable<(string Name, ElementType Type, Shape Shape)> tensors,
        IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            long position = 0;
            foreach (var (name, type, shape) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", NameOf(type));
                json.WriteStartArray("shape");
                foreach (var size in shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(position);
                json.WriteNumberValue(position += (long)type.Size() * shape.ElementCount);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var padding = (8 - buffer.WrittenCount % 8) % 8;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan.ToArray();
    }
}
