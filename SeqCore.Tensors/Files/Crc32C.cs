using System.Buffers.Binary;
using System.Numerics;

namespace SeqCore;

/// <summary>
/// The cyclic redundancy check of Castagnoli: polynomial 0x1EDC6F41, bits reversed (RFC 3720, B.4). Processors have an
/// instruction for it. It notices every change of up to 32 bits in a row, and of 2^32 other changes all but one.
/// </summary>
internal static class Crc32C
{
    /// <summary>Continues a check over more bytes; begin with 0.</summary>
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
