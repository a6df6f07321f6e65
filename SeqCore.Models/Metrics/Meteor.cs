namespace SeqCore.Models;

/// <summary>The settings of <see cref="Meteor"/>; the defaults are NLTK's.</summary>
public sealed record MeteorOptions
{
    /// <summary>The weight of precision in the harmonic mean, alpha, in [0, 1]; 0.9 by default.</summary>
    public double Alpha { get; init; } = 0.9;

    /// <summary>The exponent of the fragmentation, beta, at least 0; 3 by default.</summary>
    public double Beta { get; init; } = 3;

    /// <summary>The largest penalty of fragmentation, gamma, in [0, 1]; 0.5 by default.</summary>
    public double Gamma { get; init; } = 0.5;

    /// <summary>How texts are split into words; <see cref="MetricTokenization.ThirteenA"/> by default.</summary>
    public MetricTokenization Tokenization { get; init; } = MetricTokenization.ThirteenA;
}

/// <summary>
/// METEOR, the harmonic mean of precision and recall of words, weighted towards recall, less a penalty of words in another order
/// (Banerjee and Lavie, "METEOR: an automatic metric for MT evaluation with improved correlation with human judgments", 2005,
/// section 2.2, with the parameters of Lavie and Agarwal, WMT 2007), in the form of NLTK: P R / (alpha P + (1 - alpha) R) (1 -
/// gamma (chunks / matches)^beta).
/// </summary>
/// <remarks>
/// Words match if they are equal, or else have the same stem (<see cref="PorterStemmer"/>). The third stage of the paper,
/// synonyms of WordNet, is left out, and so are paraphrases and the weights of function words of later versions. The score of a
/// corpus is the mean of its texts; with several references that of the best one counts.
/// </remarks>
public sealed class Meteor : TextMetric
{
    private readonly MeteorOptions options;

    /// <summary>Makes a score.</summary>
    /// <param name="options">The settings; null for those of NLTK.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public Meteor(MeteorOptions? options = null)
    {
        this.options = options ?? new MeteorOptions();
        Argument.AtMost(Argument.NotNegative(this.options.Alpha, Name, nameof(MeteorOptions.Alpha)), Name,
            nameof(MeteorOptions.Alpha), 1);
        Argument.NotNegative(this.options.Beta, Name, nameof(MeteorOptions.Beta));
        Argument.AtMost(Argument.NotNegative(this.options.Gamma, Name, nameof(MeteorOptions.Gamma)), Name,
            nameof(MeteorOptions.Gamma), 1);
        Argument.Defined(this.options.Tokenization, Name, nameof(MeteorOptions.Tokenization));
    }

    /// <inheritdoc/>
    public override string Name => "METEOR";

    /// <inheritdoc/>
    protected override string Settings => FormattableString.Invariant($"case:lc|tok:{MetricTokens.Name(options.Tokenization)}")
        + FormattableString.Invariant($"|stages:exact+porter|alpha:{options.Alpha}|beta:{options.Beta}|gamma:{options.Gamma}");

    /// <summary>Returns the score with the best reference, and 1 for the text.</summary>
    protected override double[] Statistics(string hypothesis, IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        ArgumentNullException.ThrowIfNull(references);
        var words = Words(hypothesis);
        return [references.Max(r => Compare(words, Words(r))), 1];
    }

    /// <inheritdoc/>
    protected override double ScoreOf(ReadOnlySpan<double> statistics) => 100 * statistics[0] / statistics[1];

    private string[] Words(string text) => MetricTokens.Of(text.ToLowerInvariant(), options.Tokenization);

    private double Compare(string[] words, string[] reference)
    {
        var matches = Matches(words, reference);
        if (matches.Count == 0)
            return 0;
        var precision = matches.Count / (double)words.Length;
        var recall = matches.Count / (double)reference.Length;
        var mean = precision * recall / ((options.Alpha * precision) + ((1 - options.Alpha) * recall));
        var chunks = 1;
        for (var i = 1; i < matches.Count; i++)
            chunks += matches[i].Word == matches[i - 1].Word + 1 && matches[i].Other == matches[i - 1].Other + 1 ? 0 : 1;
        return mean * (1 - (options.Gamma * Math.Pow(chunks / (double)matches.Count, options.Beta)));
    }

    /// <summary>
    /// Matches each word, from the last to the first, with the last equal word of the reference that is free, and then those that
    /// are left by their stems; NLTK's order.
    /// </summary>
    private static List<(int Word, int Other)> Matches(string[] words, string[] reference)
    {
        var matches = new List<(int Word, int Other)>();
        List<int> left = [.. Enumerable.Range(0, words.Length)], free = [.. Enumerable.Range(0, reference.Length)];
        Match(words, reference);
        if (left.Count > 0 && free.Count > 0)
            Match(Array.ConvertAll(words, PorterStemmer.Stem), Array.ConvertAll(reference, PorterStemmer.Stem));
        matches.Sort();
        return matches;

        void Match(string[] from, string[] to)
        {
            for (var i = left.Count - 1; i >= 0; i--)
            {
                var word = left[i];
                if (free.FindLastIndex(o => from[word] == to[o]) is not (>= 0 and var found))
                    continue;
                matches.Add((word, free[found]));
                left.RemoveAt(i);
                free.RemoveAt(found);
            }
        }
    }
}
