using System.Text.RegularExpressions;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers.Unigram;

/// <summary>The definitions, by listing every way to write a word as pieces; for short words of the basic plane.</summary>
internal static partial class UnigramReference
{
    /// <summary>All ways to write a word as pieces.</summary>
    internal static IEnumerable<string[]> Ways(string word, IReadOnlyCollection<string> pieces)
    {
        if (word.Length == 0)
            return [[]];
        return Enumerable.Range(1, word.Length).Where(n => pieces.Contains(word[..n]))
            .SelectMany(n => Ways(word[n..], pieces).Select(rest => (string[])[word[..n], .. rest]));
    }

    /// <summary>The parts of words with their frequency times length, by looking at each place of each word.</summary>
    internal static Dictionary<string, double> Seeds(IReadOnlyDictionary<string, long> words, int longest)
    {
        // For each part the characters that follow it, with the number of times; the end of a word is another one each time.
        var following = new Dictionary<string, Dictionary<string, long>>();
        foreach (var (word, count) in words)
        {
            for (var start = 0; start < word.Length; start++)
            {
                for (var end = start + 2; end <= Math.Min(word.Length, start + longest); end++)
                {
                    var part = word[start..end];
                    if (!following.TryGetValue(part, out var next))
                        following[part] = next = [];
                    var key = end < word.Length ? word[end..(end + 1)] : "end of " + word + start;
                    next[key] = next.GetValueOrDefault(key) + count;
                }
            }
        }

        return following
            .Where(f => f.Value.Values.Sum() >= 2 && (f.Value.Count > 1 || f.Value.Single() is { Key.Length: > 1, Value: > 1 }))
            .ToDictionary(f => f.Key, f => (double)f.Key.Length * f.Value.Values.Sum());
    }

    /// <summary>Finds pieces with their scores as the trainer's summary describes it.</summary>
    internal static List<(string Piece, float Score)> Train(IReadOnlyDictionary<string, long> words, int count,
        UnigramTrainingOptions options)
    {
        var characters = words.SelectMany(w => w.Key.Select(c => (Character: c.ToString(), w.Value)))
            .GroupBy(c => c.Character).Select(g => (Piece: g.Key, Weight: (double)g.Sum(c => c.Value)))
            .OrderByDescending(c => c.Weight).ThenBy(c => c.Piece, StringComparer.Ordinal).ToList();
        var parts = words.SelectMany(w => OfOneClass().Matches(w.Key).Select(m => (m.Value, Count: w.Value)))
            .GroupBy(p => p.Value).ToDictionary(g => g.Key, g => g.Sum(p => p.Count));
        var seeds = Seeds(parts, options.MaximumPieceLength).Select(s => (Piece: s.Key, Weight: s.Value))
            .OrderByDescending(s => s.Weight).ThenBy(s => s.Piece, StringComparer.Ordinal).Take(options.SeedSize);
        List<(string Piece, double Weight)> all = [.. characters, .. seeds];
        var total = Math.Log(all.Sum(p => p.Weight));
        var pieces = all.Select(p => (p.Piece, Score: (float)(Math.Log(p.Weight) - total))).ToList();
        var wanted = Math.Max((int)(1.1 * count), characters.Count);
        while (true)
        {
            for (var i = 0; i < options.Iterations; i++)
                pieces = Maximize(words, pieces);
            if (pieces.Count <= wanted)
                break;
            pieces = Prune(words, pieces, wanted, options.ShrinkingFactor);
        }

        return [.. pieces.Where(p => p.Piece.Length == 1), .. pieces.Where(p => p.Piece.Length > 1)
            .OrderByDescending(p => p.Score).ThenBy(p => p.Piece, StringComparer.Ordinal).Take(count - characters.Count)];
    }

    /// <summary>The most probable way to write a word; null if there is none.</summary>
    internal static string[]? Best(string word, IReadOnlyDictionary<string, float> scores, string? excluded = null) =>
        Ways(word, [.. scores.Keys.Where(p => p != excluded)]).MaxBy(way => way.Sum(p => (double)scores[p]));

    private static List<(string Piece, float Score)> Maximize(IReadOnlyDictionary<string, long> words,
        List<(string Piece, float Score)> pieces)
    {
        var scores = pieces.ToDictionary(p => p.Piece, p => p.Score);
        var expected = pieces.ToDictionary(p => p.Piece, _ => 0.0);
        foreach (var (word, count) in words)
        {
            var ways = Ways(word, scores.Keys).Select(w => (Pieces: w, P: Math.Exp(w.Sum(p => (double)scores[p])))).ToArray();
            var all = ways.Sum(w => w.P);
            foreach (var (way, p) in ways)
            {
                foreach (var piece in way)
                    expected[piece] += count * p / all;
            }
        }

        var kept = pieces.Select(p => (p.Piece, Expected: p.Piece.Length == 1 ? Math.Max(0.5, expected[p.Piece])
            : expected[p.Piece])).Where(p => p.Expected >= 0.5).ToList();
        var total = UnigramTrainer.Digamma(kept.Sum(k => k.Expected));
        return [.. kept.Select(k => (k.Piece, (float)(UnigramTrainer.Digamma(k.Expected) - total)))];
    }

    private static List<(string Piece, float Score)> Prune(IReadOnlyDictionary<string, long> words,
        List<(string Piece, float Score)> pieces, int wanted, double shrinking)
    {
        var scores = pieces.ToDictionary(p => p.Piece, p => p.Score);
        var frequencies = pieces.ToDictionary(p => p.Piece, _ => 0.0);
        foreach (var (word, count) in words)
        {
            foreach (var piece in Best(word, scores)!)
                frequencies[piece] += count;
        }

        var sum = frequencies.Values.Sum();
        var losses = new Dictionary<string, double>();
        foreach (var (piece, _) in pieces)
        {
            if (piece.Length == 1)
                losses[piece] = double.PositiveInfinity;
            else if (frequencies[piece] > 0 && Best(piece, scores)!.Length == 1 && Best(piece, scores, piece) is { } others)
            {
                var f = frequencies[piece];
                losses[piece] = f * (Math.Log(f / sum)
                    - others.Sum(o => Math.Log((frequencies[o] + f) / (sum + (f * (others.Length - 1))))));
            }
        }

        var size = Math.Max(wanted, (int)(shrinking * pieces.Count));
        var kept = losses.OrderByDescending(l => l.Value).Take(size).Select(l => l.Key).ToHashSet();
        return [.. pieces.Where(p => kept.Contains(p.Piece))];
    }

    [GeneratedRegex(@" ?\p{L}+| ?\p{N}+| ?[^\p{L}\p{N} ]+| ")]
    private static partial Regex OfOneClass();
}
