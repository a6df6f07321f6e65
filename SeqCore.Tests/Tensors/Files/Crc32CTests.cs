namespace SeqCore.Tests.Tensors.Files;

public class Crc32CTests
{
    // The check value that catalogues of such codes give for these nine digits.
    [Fact]
    public void The_digits_have_the_published_check_value() =>
        Crc32C.Append(0, "123456789"u8).Should().Be(0xE3069283);

    [Fact]
    public void Bytes_of_every_length_and_in_two_parts_have_the_code_of_the_definition()
    {
        var bytes = new byte[70];
        new Random(1).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var all = BitByBit(bytes.AsSpan(0, length));
            Crc32C.Append(0, bytes.AsSpan(0, length)).Should().Be(all);
            for (var part = 0; part <= length; part++)
                Crc32C.Append(Crc32C.Append(0, bytes.AsSpan(0, part)), bytes.AsSpan(part, length - part)).Should().Be(all);
        }
    }

    /// <summary>The definition: the remainder of a division by the polynomial, bits reversed.</summary>
    internal static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0x82F63B78 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
