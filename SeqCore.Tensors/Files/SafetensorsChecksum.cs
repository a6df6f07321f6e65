using System.Globalization;
using System.Text;

namespace SeqCore;

/// <summary>
/// The checksum of a safetensors file, in its <c>__metadata__</c>, where programs that know nothing of it do not look: eight
/// hexadecimal digits, the CRC-32C of the whole file with eight zeros in their place.
/// </summary>
internal static class SafetensorsChecksum
{
    internal const string Key = "checksum.crc32c";
    internal const string Blank = "00000000";

    private static ReadOnlySpan<byte> Start => "\"checksum.crc32c\":\""u8;

    /// <summary>Where the digits are in a header; negative if they are not there.</summary>
    internal static int PlaceIn(ReadOnlySpan<byte> header)
    {
        var place = header.IndexOf(Start);
        return place < 0 || header.Length - place < Start.Length + Blank.Length ? -1 : place + Start.Length;
    }

    internal static string Text(uint crc) => crc.ToString("x8", CultureInfo.InvariantCulture);

    internal static byte[] Digits(uint crc) => Encoding.ASCII.GetBytes(Text(crc));

    /// <summary>The CRC-32C of a stream from its present position to its end.</summary>
    /// <param name="stream">Read to its end.</param>
    /// <param name="place">Where from here the digits are, of which zeros are read.</param>
    internal static uint Of(Stream stream, long place)
    {
        var chunk = new byte[1 << 18];
        var crc = 0u;
        int count;
        for (long done = 0; (count = stream.Read(chunk)) > 0; done += count)
        {
            var read = chunk.AsSpan(0, count);
            var (from, to) = (Math.Max(place - done, 0), Math.Min(place + Blank.Length - done, count));
            if (from < to)
                read[(int)from..(int)to].Fill((byte)'0');
            crc = Crc32C.Append(crc, read);
        }

        return crc;
    }
}
