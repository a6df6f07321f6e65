using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>Writes elements as little-endian bytes, a chunk at a time.</summary>
internal static class TensorSink
{
    private const int ChunkElements = 1 << 16;

    internal static void Write(Stream stream, Tensor tensor)
    {
        var contiguous = tensor.Contiguous();
        Write(stream, contiguous.Backend, contiguous.Span);
        if (!ReferenceEquals(contiguous, tensor))
            contiguous.Dispose();
    }

    internal static void Write(Stream stream, IndexTensor tensor) => Write(stream, tensor.Backend, tensor.Span);

    private static void Write<T>(Stream stream, Backend backend, DeviceSpan<T> elements) where T : unmanaged
    {
        var chunk = new T[Math.Min(ChunkElements, elements.Length)];
        for (var done = 0; done < elements.Length; done += chunk.Length)
        {
            var part = chunk.AsSpan(0, Math.Min(chunk.Length, elements.Length - done));
            backend.Download(elements.Slice(done, part.Length), part);
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, uint>(part), MemoryMarshal.Cast<T, uint>(part));
            stream.Write(MemoryMarshal.AsBytes(part));
        }
    }
}
