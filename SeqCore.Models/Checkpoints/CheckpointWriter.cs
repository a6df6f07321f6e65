using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace SeqCore.Models;

/// <summary>
/// Writes a checkpoint as one safetensors file: values in its <c>__metadata__</c>, then the tensors as F32, and last a tensor
/// <c>checksum.sha256</c> of 32 bytes, the SHA-256 of everything before them. So every byte of the file is covered, and any
/// program that reads safetensors can open it.
/// </summary>
internal static class CheckpointWriter
{
    internal const string ChecksumName = "checksum.sha256";
    internal const string Format = "seqcore-checkpoint 1";
    private const int ChunkBytes = 1 << 16;

    /// <summary>Writes to a stream, a chunk at a time: takes no memory that grows with the tensors.</summary>
    internal static void Write(Stream stream, CheckpointData checkpoint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = Header(checkpoint);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        Put(stream, hash, length);
        Put(stream, hash, header);
        var chunk = new byte[ChunkBytes];
        foreach (var tensor in checkpoint.Tensors.Values)
            PutTensor(stream, hash, tensor, chunk);
        stream.Write(hash.GetHashAndReset());
    }

    private static byte[] Header(CheckpointData checkpoint)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", Format);
            foreach (var (name, value) in checkpoint.Values)
                json.WriteString(name, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (var (name, tensor) in checkpoint.Tensors)
                WriteEntry(json, name, "F32", tensor.Shape.Sizes, ref offset, (long)tensor.ElementCount * sizeof(float));
            WriteEntry(json, ChecksumName, "U8", [SHA256.HashSizeInBytes], ref offset, SHA256.HashSizeInBytes);
            json.WriteEndObject();
        }

        // Readers map the file and want the tensors aligned to 8 bytes; the format allows spaces after the header.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, string type, ReadOnlySpan<int> shape, ref long offset, long bytes)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", type);
        json.WriteStartArray("shape");
        foreach (var size in shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset += bytes);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void PutTensor(Stream stream, IncrementalHash hash, Tensor tensor, byte[] chunk)
    {
        var span = tensor.Span;
        for (var start = 0; start < span.Length; start += ChunkBytes / sizeof(float))
        {
            var count = Math.Min(ChunkBytes / sizeof(float), span.Length - start);
            var words = MemoryMarshal.Cast<byte, int>(chunk.AsSpan(0, count * sizeof(float)));
            tensor.Backend.Download(span.Slice(start, count), MemoryMarshal.Cast<int, float>(words));
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(words, words);
            Put(stream, hash, chunk.AsSpan(0, count * sizeof(float)));
        }
    }

    private static void Put(Stream stream, IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        stream.Write(bytes);
    }
}
