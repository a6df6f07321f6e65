namespace SeqCore.Models;

/// <summary>
/// ROUGE, how much a summary has in common with a reference (Lin, "ROUGE: a package for automatic evaluation of summaries", 2004,
/// sections 2 and 3), as the Python package rouge-score computes it. The score of a corpus is the mean of the F1 of its texts;
/// with several references that of the best one counts.
/// </summary>
public sealed class Rouge : TextMetric
{
    private readonly RougeKind kind;
    private readonly bool usesStemmer;

    /// <summary>Makes a score.</summary>
    /// <param name="kind">What is compared.</param>
    /// <param name="usesStemmer">
    /// Whether words of more than three letters are reduced to their stems (<see cref="PorterStemmer"/>); false by default.
    /// </param>
    public Rouge(RougeKind kind, bool usesStemmer = false)
    {
        this.kind = Argument.Defined(kind, nameof(Rouge), nameof(kind));
        this.usesStemmer = usesStemmer;
    }

    /// <inheritdoc/>
    public override string Name => kind switch
    {
        RougeKind.Rouge1 => "ROUGE-1",
        RougeKind.Rouge2 => "ROUGE-2",
        RougeKind.RougeL => "ROUGE-L",
        _ => "ROUGE-Lsum",
    };

    /// <inheritdoc/>
    protected override string Settings => $"case:lc|tok:rouge|stem:{(usesStemmer ? "porter" : "no")}";

    /// <summary>Compares a text with one reference.</summary>
    /// <param name="hypothesis">The text that was written.</param>
    /// <param name="reference">The reference.</param>
    public RougeScore Compare(string hypothesis, string reference)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        ArgumentNullException.ThrowIfNull(reference);
        if (kind == RougeKind.RougeLsum)
            return OfSentences([.. Lines(hypothesis)], [.. Lines(reference)]);
        string[] written = Words(hypothesis), wanted = Words(reference);
        if (kind == RougeKind.RougeL)
            return Score(CommonSubsequence.Of(wanted, written).Count, written.Length, wanted.Length);
        var order = kind == RougeKind.Rouge1 ? 1 : 2;
        var matches = NgramCounts.Matches(NgramCounts.OfWords(written, order), NgramCounts.OfWords(wanted, order));
        return Score(matches, written.Length - order + 1, wanted.Length - order + 1);
    }

    /// <summary>Returns the F1 with the best reference, and 1 for the text.</summary>
    protected override double[] Statistics(string hypothesis, IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        return [references.Max(r => Compare(hypothesis, r).F1), 1];
    }

    /// <inheritdoc/>
    protected override double ScoreOf(ReadOnlySpan<double> statistics) => 100 * statistics[0] / statistics[1];

    private static RougeScore Score(int matches, int written, int wanted) =>
        new(matches / (double)Math.Max(written, 1), matches / (double)Math.Max(wanted, 1));

    /// <summary>Section 3.2 of the paper; a word is counted at most as often as it is in each of both texts.</summary>
    private static RougeScore OfSentences(string[][] written, string[][] wanted)
    {
        Dictionary<string, int> left = Counts(written), right = Counts(wanted);
        var matches = 0;
        foreach (var sentence in wanted)
        {
            foreach (var place in written.SelectMany(w => CommonSubsequence.Of(sentence, w)).Distinct().Order())
            {
                var word = sentence[place];
                if (left.GetValueOrDefault(word) == 0 || right[word] == 0)
                    continue;
                matches++;
                left[word]--;
                right[word]--;
            }
        }

        return Score(matches, written.Sum(w => w.Length), wanted.Sum(w => w.Length));
    }

    private static Dictionary<string, int> Counts(string[][] sentences) =>
        NgramCounts.OfWords([.. sentences.SelectMany(s => s)], 1);

    private IEnumerable<string[]> Lines(string text) => text.Split('\n').Where(l => l.Length > 0).Select(Words);

    /// <summary>Returns the runs of a to z and digits, in lower case.</summary>
    private string[] Words(string text)
    {
        var words = new List<string>();
        var lower = text.ToLowerInvariant();
        for (var at = 0; at < lower.Length;)
        {
            var end = at;
            while (end < lower.Length && lower[end] is (>= 'a' and <= 'z') or (>= '0' and <= '9'))
                end++;
            if (end > at)
                words.Add(usesStemmer && end - at > 3 ? PorterStemmer.Stem(lower[at..end]) : lower[at..end]);
            at = end + 1;
        }

        return [.. words];
    }
}
