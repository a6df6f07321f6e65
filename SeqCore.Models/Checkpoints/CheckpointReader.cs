using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>Reads what <see cref="CheckpointWriter"/> wrote, after checking that every byte is as it was written.</summary>
internal static class CheckpointReader
{
    private const int ChunkBytes = 1 << 16;

    /// <summary>Reads a checkpoint from a stream that can seek.</summary>
    /// <param name="stream">At its start.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="backend">Where the tensors go; they belong to no scope.</param>
    /// <exception cref="CheckpointException">It is truncated, altered, or something else.</exception>
    internal static CheckpointData Read(Stream stream, string source, Backend? backend = null)
    {
        var chunk = new byte[ChunkBytes];
        RequireChecksum(stream, source, chunk);
        stream.Position = 0;
        stream.ReadExactly(chunk, 0, sizeof(ulong));
        var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(chunk);
        var dataBytes = stream.Length - sizeof(ulong) - (long)headerBytes - SHA256.HashSizeInBytes;
        if (headerBytes > int.MaxValue || dataBytes < 0)
            throw Foreign(source, "its header does not fit in it");
        var header = new byte[headerBytes];
        stream.ReadExactly(header);
        using var suspension = TensorScope.Suspend();
        var checkpoint = new CheckpointData(source);
        try
        {
            using var json = JsonDocument.Parse(header);
            ReadValues(json.RootElement, checkpoint, source);
            ReadTensors(json.RootElement, checkpoint, stream, source, dataBytes, backend ?? Backend.Default, chunk);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException or ArgumentException or OverflowException or EndOfStreamException)
        {
            checkpoint.Dispose();
            throw Foreign(source, malformed.Message);
        }

        return checkpoint;
    }

    private static void RequireChecksum(Stream stream, string source, byte[] chunk)
    {
        var left = stream.Length - SHA256.HashSizeInBytes;
        if (left < sizeof(ulong))
            throw new CheckpointException($"{source} is truncated: it has only {stream.Length} bytes.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (left > 0)
        {
            var count = (int)Math.Min(left, chunk.Length);
            stream.ReadExactly(chunk, 0, count);
            hash.AppendData(chunk, 0, count);
            left -= count;
        }

        Span<byte> written = stackalloc byte[SHA256.HashSizeInBytes];
        stream.ReadExactly(written);
        if (!written.SequenceEqual(hash.GetHashAndReset()))
            throw new CheckpointException($"{source} is truncated or altered: its SHA-256 is not the one at its end.");
    }

    private static void ReadValues(JsonElement root, CheckpointData checkpoint, string source)
    {
        foreach (var value in root.GetProperty("__metadata__").EnumerateObject())
            checkpoint.Values.Add(value.Name, value.Value.GetString() ?? "");
        if (!checkpoint.Values.Remove("format", out var format) || format != CheckpointWriter.Format)
            throw Foreign(source, $"its format is '{format}', not '{CheckpointWriter.Format}'");
    }

    private static void ReadTensors(JsonElement root, CheckpointData checkpoint, Stream stream, string source, long dataBytes,
        Backend backend, byte[] chunk)
    {
        long offset = 0;
        foreach (var entry in root.EnumerateObject().Where(e => e.Name is not ("__metadata__" or CheckpointWriter.ChecksumName)))
        {
            var shape = new Shape(entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray());
            var offsets = entry.Value.GetProperty("data_offsets");
            var end = offset + (long)shape.ElementCount * sizeof(float);
            if (entry.Value.GetProperty("dtype").GetString() != "F32" || offsets[0].GetInt64() != offset || offsets[1].GetInt64() != end || end > dataBytes)
                throw Foreign(source, $"its tensor '{entry.Name}' does not lie where it should");
            var tensor = Tensor.Uninitialized(shape, backend);
            checkpoint.Tensors.Add(entry.Name, tensor);
            ReadTensor(stream, tensor, chunk);
            offset = end;
        }

        if (offset != dataBytes)
            throw Foreign(source, "it holds bytes that belong to no tensor");
    }

    private static void ReadTensor(Stream stream, Tensor tensor, byte[] chunk)
    {
        var span = tensor.Span;
        for (var start = 0; start < span.Length; start += ChunkBytes / sizeof(float))
        {
            var count = Math.Min(ChunkBytes / sizeof(float), span.Length - start);
            stream.ReadExactly(chunk, 0, count * sizeof(float));
            var words = MemoryMarshal.Cast<byte, int>(chunk.AsSpan(0, count * sizeof(float)));
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(words, words);
            tensor.Backend.Upload<float>(MemoryMarshal.Cast<int, float>(words), span.Slice(start, count));
        }
    }

    private static CheckpointException Foreign(string source, string reason) => new($"{source} is not a checkpoint of SeqCore: {reason}.");
}
