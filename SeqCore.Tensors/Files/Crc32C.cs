using System.Buffers.Binary;
using System.Numerics;

namespace SeqCore;

/// <summary>
/// Computes Castagnoli's cyclic redundancy check: polynomial 0x1EDC6F41, bits reversed (RFC 3720, B.4). Processors have an
/// instruction for it. It detects every change within 32 consecutive bits, and all but one in 2^32 other changes.
/// </summary>
internal static class Crc32C
{
    /// <summary>Continues a check over more bytes; a new check begins with 0.</summary>
    internal static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
