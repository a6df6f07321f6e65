using System.Text;
using SeqCore.Models;

namespace SeqCore.Benchmarks;

/// <summary>Byte-pair encoding of generated text: N letters with W distinct words, and a vocabulary of V tokens.</summary>
internal static class TokenizerWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        new("bpe_train", "NxWxV", sizes =>
        {
            var text = Text(sizes[0], sizes[1]);
            return new Workload(() => BytePairTokenizer.Train([text], sizes[2]));
        }),
        new("bpe_encode", "NxWxV", sizes =>
        {
            var text = Text(sizes[0], sizes[1]);
            var tokenizer = BytePairTokenizer.Train([text], sizes[2]);
            return new Workload(() => tokenizer.Encode(text));
        }),
    ];

    /// <summary>
    /// Makes a text of words of syllables, the same at every call: each word once, and then word i about 1 / (i + 1) as often as
    /// the first, as words of a language are (Zipf's law), with a mark and a new line now and then.
    /// </summary>
    /// <param name="length">The number of characters, at least.</param>
    /// <param name="distinct">The number of distinct words.</param>
    internal static string Text(int length, int distinct)
    {
        const string Consonants = "bcdfghjklmnpqrstvwxz", Vowels = "aeiouy";
        var random = new Random(1);
        var words = new List<string>(distinct);
        var known = new HashSet<string>(distinct);
        while (words.Count < distinct)
        {
            var word = new StringBuilder();
            for (var syllables = random.Next(1, 5); syllables > 0; syllables--)
            {
                word.Append(Consonants[random.Next(Consonants.Length)]).Append(Vowels[random.Next(Vowels.Length)]);
                if (random.Next(3) == 0)
                    word.Append(Consonants[random.Next(Consonants.Length)]);
            }

            if (known.Add(word.ToString()))
                words.Add(word.ToString());
        }

        var text = new StringBuilder(length + 32);
        foreach (var word in words)
            text.Append(word).Append(' ');
        while (text.Length < length)
        {
            // The inverse of a distribution whose density falls with 1 / (i + 1).
            var rank = (int)Math.Pow(distinct + 1.0, random.NextDouble()) - 1;
            text.Append(words[Math.Min(rank, distinct - 1)]).Append(random.Next(12) == 0 ? ",\n" : " ");
        }

        return text.ToString();
    }
}
