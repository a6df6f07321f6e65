using System.Buffers.Binary;

namespace SeqCore.Tests.Tensors.Files;

/// <summary>Damages a file in ways that depend on the number of the mutation alone, so that a failure can be repeated.</summary>
internal static class Mutations
{
    private static readonly ulong[] extremes =
        [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, long.MaxValue, 1UL << 63, ulong.MaxValue];

    private static readonly string[] numbers =
        ["0", "-1", "1", "2147483647", "2147483648", "4294967296", "9223372036854775807", "99999999999999999999", "1e9", "["];

    /// <summary>
    /// One to four changes: bits, bytes, lengths set to extremes, cuts, pieces repeated, moved or taken from another file.
    /// </summary>
    internal static byte[] Of(IReadOnlyList<byte[]> seeds, int number)
    {
        var random = new Draws((ulong)number);
        var result = seeds[random.Below(seeds.Count)].ToList();
        for (var changes = random.Below(2) == 0 ? 1 : 1 + random.Below(4); changes > 0; changes--)
            Change(result, seeds, random);
        return [.. result];
    }

    private static void Change(List<byte> bytes, IReadOnlyList<byte[]> seeds, Draws random)
    {
        var at = random.Below(bytes.Count + 1);
        var rest = bytes.Count - at;
        switch (random.Below(9))
        {
            case 0 or 1 when rest > 0: bytes[at] ^= (byte)(1 << random.Below(8)); break;
            case 2 when rest > 0: bytes[at] = (byte)random.Below(256); break;
            case 3: Overwrite(bytes, at, Extreme(random)); break;
            case 4: bytes.RemoveRange(at, Math.Min(rest, random.Below(2) == 0 ? rest : 1 + random.Below(16))); break;
            case 5: bytes.InsertRange(at, bytes.GetRange(Math.Max(0, at - 40), at - Math.Max(0, at - 40))); break;
            case 6:
                var other = seeds[random.Below(seeds.Count)];
                var start = random.Below(other.Length);
                bytes.InsertRange(at, other.AsSpan(start, Math.Min(other.Length - start, 1 + random.Below(64))));
                break;
            case 7: Renumber(bytes, at, random); break;
            default: bytes.InsertRange(at, Extreme(random)); break;
        }
    }

    private static byte[] Extreme(Draws random)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, extremes[random.Below(extremes.Length)]);
        return bytes[..(1 << random.Below(4))];
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (var i = 0; i < with.Length && at + i < bytes.Count; i++)
            bytes[at + i] = with[i];
    }

    /// <summary>Puts another number in place of the next one in a text.</summary>
    private static void Renumber(List<byte> bytes, int at, Draws random)
    {
        while (at < bytes.Count && !char.IsAsciiDigit((char)bytes[at]))
            at++;
        var end = at;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end]))
            end++;
        bytes.RemoveRange(at, end - at);
        bytes.InsertRange(at, System.Text.Encoding.ASCII.GetBytes(numbers[random.Below(numbers.Length)]));
    }

    /// <summary>Numbers by SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).</summary>
    private sealed class Draws(ulong seed)
    {
        private ulong state = seed * 0x9E3779B97F4A7C15 + 1;

        internal int Below(int limit)
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((z ^ (z >> 31)) % (ulong)limit);
        }
    }
}
