using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers.BytePair;

/// <summary>Byte-pair encoding as it is defined, without any of what makes it fast.</summary>
internal static class BytePairReference
{
    /// <summary>Merges the tokens of a word, the first merge that applies at a time, from the left.</summary>
    internal static int[] Merge(string word, BytePairTokenizer tokenizer)
    {
        var byBytes = Enumerable.Range(0, tokenizer.Count)
            .ToDictionary(t => Convert.ToHexString(tokenizer.BytesOf(t)), t => t);
        List<string> parts = [.. Encoding.UTF8.GetBytes(word).Select(b => Convert.ToHexString([b]))];
        while (true)
        {
            // Without special tokens, the token of a merge is later the later the merge is.
            var best = Enumerable.Range(0, parts.Count - 1).Where(i => byBytes.ContainsKey(parts[i] + parts[i + 1]))
                .Select(i => (Token: byBytes[parts[i] + parts[i + 1]], At: i)).DefaultIfEmpty((Token: -1, At: -1)).Min();
            if (best.Token < 0)
                return [.. parts.Select(p => byBytes[p])];
            parts[best.At] += parts[best.At + 1];
            parts.RemoveAt(best.At + 1);
        }
    }

    /// <summary>Counts all pairs anew for each merge, and returns the tokens that are made.</summary>
    internal static List<string> Train(IEnumerable<string> texts, int merges, int minimumFrequency)
    {
        var order = ByteCharacters.InOrder;
        var tokens = order.Select(b => Convert.ToHexString([b])).ToList();
        var words = texts.SelectMany(t => PreTokensTests.Pattern().Matches(t).Select(m => m.Value)).GroupBy(w => w)
            .Select(g => (Count: g.Count(), Parts: Encoding.UTF8.GetBytes(g.Key).Select(b => Array.IndexOf(order, b)).ToList()))
            .ToList();
        while (tokens.Count < 256 + merges)
        {
            var pairs = words.SelectMany(w => w.Parts.Zip(w.Parts.Skip(1)).Select(p => (Pair: p, w.Count)))
                .GroupBy(p => p.Pair).Select(g => (Count: g.Sum(p => p.Count), Pair: g.Key))
                .Where(p => p.Count >= minimumFrequency).ToList();
            if (pairs.Count == 0)
                break;
            var (left, right) = pairs.OrderByDescending(p => p.Count).ThenBy(p => p.Pair).First().Pair;
            var token = tokens.IndexOf(tokens[left] + tokens[right]);
            if (token < 0)
            {
                token = tokens.Count;
                tokens.Add(tokens[left] + tokens[right]);
            }

            foreach (var (_, parts) in words)
            {
                for (var i = 0; i < parts.Count - 1; i++)
                {
                    if (parts[i] != left || parts[i + 1] != right)
                        continue;
                    parts[i] = token;
                    parts.RemoveAt(i + 1);
                }
            }
        }

        return tokens;
    }
}
