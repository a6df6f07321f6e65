using System.Text;

namespace SeqCore.Tests.Models.Tokenizers;

/// <summary>Random texts of many scripts, the same for the same seed.</summary>
internal static class FuzzedText
{
    /// <summary>Characters outside the basic plane that are letters or numbers, which .NET's Regex sees as two halves.</summary>
    internal static readonly string[] OutsideLetters =
        ["\U0001D400", "\U0001D7D8", "\U00020000", "\U00010400", "\U0001F101", "\U00010107", "\U0002F800"];

    private static readonly string[][] groups =
    [
        ["a", "b", "the", "ing", "Z", "Q", "don", "low", "er", "est", "x"],
        ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'", "'S", "''", "'r", "'l"],
        [" ", " ", " ", "  ", "   ", "\n", "\n\n", "\t", "\r\n", " \n", "\n "],
        ["\u00A0", "\u2003", "\u3000", "\u2028", "\u2029", "\u0085", "\u000B", "\f", "\u1680", "\u202F"],
        ["0", "7", "42", "1999", "\u00BD", "\u00B2", "\u2167", "\u0663", "\u0967", "\u3007"],
        [".", ",", "!", "?!", "-", "--", "(", ")", "$", "%", "<", "|", ">", "_", "#", "\\", "\"", "`", "^"],
        ["\u00E9", "\u00C5", "\u00DF", "\u0130", "\u01C5", "\u1E9E", "\u00F8", "\u00C9t\u00E9", "\u1EAD", "\u0149"],
        ["e\u0301", "a\u0308\u0323", "\u0301", "n\u0303", "\u0915\u093C", "\u0958", "\u0BCA", "o\u0302\u0301"],
        ["\u03A3", "\u03C2", "\u039F\u0394\u039F\u03A3", "\u1F80", "\u0439", "\u0401", "\u0416", "\u0451\u0436"],
        ["\u4E2D", "\u6587", "\uF900", "\u3042", "\u30AB\u3099", "\uAC00", "\uD55C\uAE00", "\u1100\u1161", "\uFF21"],
        ["\u0627\u0644", "\u0634\u064E", "\u05E9\u05C1", "\u0E01\u0E33", "\u0928\u092E\u0938\u094D\u0924\u0947"],
        ["\U0001F600", "\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F44D\U0001F3FD", "\U0001F1EB\U0001F1F7", "\u263A"],
        ["\u0001", "\u007F", "\u200B", "\u200D", "\uFEFF", "\u00AD", "\u2060", "\uFFFD", "\uFFFE", "\uE000", "\u0600"],
        ["\u20AC", "\u2026", "\u2014", "\u201C", "\u201D", "\u00BF", "\u00D7", "\u2192", "\u00B0", "\u3002", "\u037E"],
    ];

    /// <summary>Makes a text.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="hasOutsideLetters">Whether it may have <see cref="OutsideLetters"/>.</param>
    internal static string Next(Random random, bool hasOutsideLetters = true)
    {
        var text = new StringBuilder();
        var count = random.Next(1, 24);
        var favourite = groups[random.Next(groups.Length)];
        for (var i = 0; i < count; i++)
        {
            var group = random.Next(3) switch
            {
                0 => favourite,
                1 => groups[random.Next(3)],
                _ => groups[random.Next(groups.Length)],
            };
            if (hasOutsideLetters && random.Next(20) == 0)
                group = OutsideLetters;
            text.Append(group[random.Next(group.Length)]);
            if (random.Next(12) == 0)
                text.Append(Any(random, hasOutsideLetters));
        }

        return text.ToString();
    }

    /// <summary>Makes several texts.</summary>
    internal static IEnumerable<string> Many(int seed, int count, bool hasOutsideLetters = true)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
            yield return Next(random, hasOutsideLetters);
    }

    /// <summary>Any character of the basic plane, or an outside one that is neither a letter nor a number.</summary>
    private static Rune Any(Random random, bool hasOutside)
    {
        while (true)
        {
            var value = random.Next(hasOutside ? 0x30000 : 0x10000);
            if (Rune.IsValid(value))
                return new Rune(value);
        }
    }
}
