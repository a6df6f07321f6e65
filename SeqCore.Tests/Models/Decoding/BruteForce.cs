using SeqCore.Models;

namespace SeqCore.Tests.Models.Decoding;

/// <summary>The best texts of all there are, by trying each one.</summary>
internal static class BruteForce
{
    /// <summary>All texts that end with the end token or have the maximum length, the best first.</summary>
    /// <param name="logits">Of the next token after a text.</param>
    /// <param name="options">Length, end token and penalty.</param>
    internal static List<BeamHypothesis> All(Func<IReadOnlyList<int>, float[]> logits, BeamSearchOptions options)
    {
        var all = new List<BeamHypothesis>();
        Grow([], 0);
        all.Sort();
        return all;

        void Grow(int[] text, double logProbability)
        {
            if (text.Length > 0 && (text[^1] == options.EndToken || text.Length == options.MaximumLength))
            {
                var score = logProbability / Math.Pow((5 + text.Length) / 6.0, options.LengthPenalty);
                all.Add(new BeamHypothesis(text, logProbability, score, text[^1] == options.EndToken));
                return;
            }

            var row = logits(text);
            var sum = Math.Log(row.Sum(l => Math.Exp(l)));
            for (var token = 0; token < row.Length; token++)
            {
                if (!float.IsNegativeInfinity(row[token]) && (token == options.EndToken || !Repeats([.. text, token])))
                    Grow([.. text, token], logProbability + row[token] - sum);
            }
        }

        bool Repeats(int[] text)
        {
            var n = options.NoRepeatNgram;
            var ngrams = Enumerable.Range(0, Math.Max(0, text.Length - n + 1)).Select(i => string.Join(' ', text[i..(i + n)]));
            return n > 0 && ngrams.GroupBy(g => g).Any(g => g.Count() > 1);
        }
    }

    internal static void ShouldBe(this IReadOnlyList<BeamHypothesis> found, IEnumerable<BeamHypothesis> expected,
        double tolerance = 1e-9)
    {
        found.Select(Shown).Should().Equal(expected.Select(Shown));
        found.Zip(expected).Should().OnlyContain(p => Math.Abs(p.First.Score - p.Second.Score) < tolerance
            && Math.Abs(p.First.LogProbability - p.Second.LogProbability) < tolerance);
    }

    private static string Shown(BeamHypothesis hypothesis) =>
        $"{string.Join(" ", hypothesis.Tokens.ToArray())} {hypothesis.IsComplete}";
}
