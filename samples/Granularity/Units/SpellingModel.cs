using System.Text;

namespace SeqCore.Samples.Granularity;

/// <summary>
/// Charges for parts of a text that a vocabulary lacks: each is spelled character by character and ended, with probabilities that
/// depend on nothing before.
/// </summary>
/// <remarks>
/// q(c) = (n(c) + 1) / (N + K), where n counts the characters and ends of the unknown parts of the training text, N is their sum,
/// and K is the number of different characters of the training text, one more for the end, and one more for any other character,
/// which is then drawn evenly from all 1,112,064 code points of Unicode. The probabilities of all texts add up to at most 1, so
/// the cross-entropy with this charge is an upper bound that can be compared with that of a model without unknown parts.
/// </remarks>
internal sealed class SpellingModel
{
    private const int CodePoints = 0x110000 - 0x800;
    private readonly Dictionary<Rune, long> counts = [];
    private readonly double total;
    private long ends;

    /// <summary>Counts the characters.</summary>
    /// <param name="training">The training text, whose characters are known.</param>
    /// <param name="unknown">The unknown parts of the training text, as often as they occur.</param>
    public SpellingModel(string training, IEnumerable<string> unknown)
    {
        foreach (var character in training.EnumerateRunes())
            counts.TryAdd(character, 0);
        long all = counts.Count + 2;
        foreach (var part in unknown)
        {
            ends++;
            all++;
            foreach (var character in part.EnumerateRunes())
            {
                counts[character]++;
                all++;
            }
        }

        total = all;
    }

    /// <summary>The bits that spelling a part costs.</summary>
    public double Bits(string part)
    {
        var bits = -Math.Log2((ends + 1) / total);
        foreach (var character in part.EnumerateRunes())
        {
            bits += counts.TryGetValue(character, out var count)
                ? -Math.Log2((count + 1) / total)
                : Math.Log2(total) + Math.Log2(CodePoints);
        }

        return bits;
    }
}
