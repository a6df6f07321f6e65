namespace SeqCore.Models;

/// <summary>The settings of <see cref="Chrf"/>; the defaults are sacreBLEU's, and a word order of 2 is chrF++.</summary>
public sealed record ChrfOptions
{
    /// <summary>The largest order of n-grams of characters, at least 1; 6 by default.</summary>
    public int CharacterOrder { get; init; } = 6;

    /// <summary>The largest order of n-grams of words; 0 for none.</summary>
    public int WordOrder { get; init; }

    /// <summary>How many times as much recall counts as precision, above 0; 2 by default.</summary>
    public int Beta { get; init; } = 2;

    /// <summary>Whether capitals are converted to lower case.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether white space counts as a character.</summary>
    public bool KeepsSpaces { get; init; }

    /// <summary>
    /// Whether the F-score is averaged over the orders, with 10^-16 for those without n-grams, as in the script of chrF++; false
    /// averages precision and recall over the orders that the texts have.
    /// </summary>
    public bool SmoothsOrders { get; init; }
}

/// <summary>
/// chrF, the F-score of n-grams of characters (Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015,
/// equation 1; with words, "chrF++", WMT 2017), as sacreBLEU computes it.
/// </summary>
public sealed class Chrf : TextMetric
{
    private const double Tiny = 1e-16;
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    private readonly ChrfOptions options;

    /// <summary>Makes a score.</summary>
    /// <param name="options">The settings; null for those of sacreBLEU.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public Chrf(ChrfOptions? options = null)
    {
        this.options = options ?? new ChrfOptions();
        Argument.AtLeast(this.options.CharacterOrder, "chrF", nameof(ChrfOptions.CharacterOrder));
        Argument.AtLeast(this.options.WordOrder, "chrF", nameof(ChrfOptions.WordOrder), 0);
        Argument.AtLeast(this.options.Beta, "chrF", nameof(ChrfOptions.Beta));
    }

    /// <inheritdoc/>
    public override string Name => $"chrF{options.Beta}{(options.WordOrder > 0 ? "++" : "")}";

    /// <inheritdoc/>
    protected override string Settings => $"case:{(options.Lowercase ? "lc" : "mixed")}"
        + $"|eff:{(options.SmoothsOrders ? "no" : "yes")}|nc:{options.CharacterOrder}|nw:{options.WordOrder}"
        + $"|space:{(options.KeepsSpaces ? "yes" : "no")}";

    /// <summary>
    /// Returns for each order the n-grams of the text, those of the reference, and the matches, with the reference of the best
    /// score.
    /// </summary>
    protected override double[] Statistics(string hypothesis, IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        ArgumentNullException.ThrowIfNull(references);
        var written = Counts(hypothesis);
        var (best, most) = (Array.Empty<double>(), -1.0);
        foreach (var reference in references)
        {
            double[] statistics = [.. written.Zip(Counts(reference), (h, r) => (double[])
                [r.Count == 0 ? 0 : h.Values.Sum(), r.Values.Sum(), NgramCounts.Matches(h, r)]).SelectMany(s => s)];
            if (ScoreOf(statistics) is var score && score > most)
                (best, most) = (statistics, score);
        }

        return best;
    }

    /// <inheritdoc/>
    protected override double ScoreOf(ReadOnlySpan<double> statistics)
    {
        var orders = options.CharacterOrder + options.WordOrder;
        var (scores, precisions, recalls, effective) = (0.0, 0.0, 0.0, 0);
        for (var i = 0; i < orders; i++)
        {
            var (written, reference, matches) = (statistics[3 * i], statistics[(3 * i) + 1], statistics[(3 * i) + 2]);
            var precision = written > 0 ? matches / written : Tiny;
            var recall = reference > 0 ? matches / reference : Tiny;
            scores += F(precision, recall, Tiny);
            if (written == 0 || reference == 0)
                continue;
            precisions += precision;
            recalls += recall;
            effective++;
        }

        if (options.SmoothsOrders)
            return 100 * scores / orders;
        return effective == 0 ? 0 : 100 * F(precisions / effective, recalls / effective, 0);
    }

    private double F(double precision, double recall, double otherwise)
    {
        var factor = (double)options.Beta * options.Beta;
        var denominator = (factor * precision) + recall;
        return denominator > 0 ? (1 + factor) * precision * recall / denominator : otherwise;
    }

    private List<Dictionary<string, int>> Counts(string text)
    {
        if (options.Lowercase)
            text = text.ToLowerInvariant();
        var characters = options.KeepsSpaces ? text : string.Concat(MetricTokens.AtSpaces(text));
        var starts = new List<int>(characters.Length + 1);
        for (var i = 0; i < characters.Length; i++)
        {
            if (i == 0 || !char.IsSurrogatePair(characters[i - 1], characters[i]))
                starts.Add(i);
        }

        starts.Add(characters.Length);
        var counts = Enumerable.Range(1, options.CharacterOrder)
            .Select(n => NgramCounts.OfCharacters(characters, starts, n)).ToList();
        string[] words = options.WordOrder == 0 ? [] : [.. MetricTokens.AtSpaces(text).SelectMany(WithoutPunctuation)];
        counts.AddRange(Enumerable.Range(1, options.WordOrder).Select(n => NgramCounts.OfWords(words, n)));
        return counts;
    }

    /// <summary>Splits one mark of punctuation off a word, as the script of chrF++ does: the last one, else the first.</summary>
    private static string[] WithoutPunctuation(string word) => word.Length == 1
        ? [word]
        : Punctuation.Contains(word[^1]) ? [word[..^1], word[^1..]]
        : Punctuation.Contains(word[0]) ? [word[..1], word[1..]]
        : [word];
}
