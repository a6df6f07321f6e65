using FsCheck;
using FsCheck.Fluent;

namespace SeqCore.Tests.Tensors.Files;

/// <summary>
/// Damages a file in random ways; whatever it has become, it is read or refused by name, and takes little memory.
/// </summary>
internal static class Fuzz
{
    internal static void Check(byte[] whole, Action<byte[]> read, int tests = 1500)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Prop.ForAll(Damages(whole).ToArbitrary(), bytes =>
        {
            try
            {
                read(bytes);
            }
            catch (TensorFileException refused)
            {
                refused.Message.Should().StartWith("it.");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(tests));
        (GC.GetAllocatedBytesForCurrentThread() - allocated).Should().BeLessThan(tests * 1_000_000L);
    }

    // Bytes changed anywhere, digits changed (sizes and offsets in text), a cut, bytes put in, or a piece repeated.
    private static Gen<byte[]> Damages(byte[] whole)
    {
        var place = Gen.Choose(0, whole.Length - 1);
        var value = Gen.Choose(0, 255).Select(b => (byte)b);
        var digits = Enumerable.Range(0, whole.Length).Where(i => char.IsAsciiDigit((char)whole[i])).ToArray();
        var changed = Gen.Zip(place, value).ListOf(3).Select(changes =>
        {
            byte[] result = [.. whole];
            foreach (var (at, b) in changes)
                result[at] = b;
            return result;
        });
        var renumbered = Gen.Zip(Gen.Elements(digits), Gen.Elements("0123456789-"u8.ToArray())).ListOf(2).Select(changes =>
        {
            byte[] result = [.. whole];
            foreach (var (at, b) in changes)
                result[at] = b;
            return result;
        });
        var cut = place.Select(at => whole[..at]);
        var longer = Gen.Zip(place, value.ArrayOf(5)).Select(t => (byte[])[.. whole[..t.Item1], .. t.Item2, .. whole[t.Item1..]]);
        var repeated = Gen.Zip(place, place).Select(t => (byte[])[.. whole[..t.Item1], .. whole[t.Item2..]]);
        return digits.Length == 0
            ? Gen.OneOf(changed, cut, longer, repeated)
            : Gen.OneOf(changed, renumbered, cut, longer, repeated);
    }
}
