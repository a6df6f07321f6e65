using System.Globalization;
using System.Text;

namespace SeqCore;

/// <summary>
/// The checksum of a safetensors file, in its <c>__metadata__</c>, where programs that do not know it ignore it: eight
/// hexadecimal digits, the CRC-32C of the whole file with eight zeros in their position.
/// </summary>
internal static class SafetensorsChecksum
{
    internal const string Key = "checksum.crc32c";
    internal const string Blank = "00000000";

    private static ReadOnlySpan<byte> Start => "\"checksum.crc32c\":\""u8;

    /// <summary>Returns the position of the digits in a header; negative if there are none.</summary>
    internal static int PositionIn(ReadOnlySpan<byte> header)
    {
        var position = header.IndexOf(Start);
        return position < 0 || header.Length - position < Start.Length + Blank.Length ? -1 : position + Start.Length;
    }

    internal static string Text(uint crc) => crc.ToString("x8", CultureInfo.InvariantCulture);

    internal static byte[] Digits(uint crc) => Encoding.ASCII.GetBytes(Text(crc));

    /// <summary>Computes the CRC-32C of a stream from its current position to its end.</summary>
    /// <param name="stream">The stream, which is read to its end.</param>
    /// <param name="position">The position of the digits, counted from here; they are read as zeros.</param>
    internal static uint Of(Stream stream, long position)
    {
        var chunk = new byte[1 << 18];
        var crc = 0u;
        int count;
        for (long done = 0; (count = stream.Read(chunk)) > 0; done += count)
        {
            var read = chunk.AsSpan(0, count);
            var (from, to) = (Math.Max(position - done, 0), Math.Min(position + Blank.Length - done, count));
            if (from < to)
                read[(int)from..(int)to].Fill((byte)'0');
            crc = Crc32C.Append(crc, read);
        }

        return crc;
    }
}
