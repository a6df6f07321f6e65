namespace SeqCore.Models;

/// <summary>
/// TER, the number of edits that change a text into its reference, divided by the number of words of the reference: insertions,
/// deletions and substitutions of a word, and shifts of a run of words (Snover, Dorr, Schwartz, Micciulla and Makhoul, "A study
/// of translation edit rate with targeted human annotation", AMTA 2006, section 3). Shifts are searched greedily, in the order of
/// sacreBLEU. Lower is better.
/// </summary>
public sealed class TranslationEditRate : TextMetric
{
    private readonly TranslationEditRateOptions options;

    /// <summary>Makes a score.</summary>
    /// <param name="options">The settings; null for those of sacreBLEU.</param>
    public TranslationEditRate(TranslationEditRateOptions? options = null) =>
        this.options = options ?? new TranslationEditRateOptions();

    /// <inheritdoc/>
    public override string Name => "TER";

    /// <inheritdoc/>
    public override bool IsHigherBetter => false;

    /// <inheritdoc/>
    protected override string Settings => $"case:{(options.IsCaseSensitive ? "mixed" : "lc")}|tok:tercom"
        + $"|norm:{(options.Normalizes ? "yes" : "no")}|punct:{(options.RemovesPunctuation ? "no" : "yes")}|asian:no";

    /// <summary>Returns the fewest edits to a reference, and the mean number of words of the references.</summary>
    protected override double[] Statistics(string hypothesis, IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        ArgumentNullException.ThrowIfNull(references);
        var words = Words(hypothesis);
        string[][] others = [.. references.Select(Words)];
        return [others.Min(o => EditsWithShifts.Count(words, o)), others.Average(o => o.Length)];
    }

    /// <inheritdoc/>
    protected override double ScoreOf(ReadOnlySpan<double> statistics) =>
        statistics[1] > 0 ? 100 * statistics[0] / statistics[1] : statistics[0] > 0 ? 100 : 0;

    private string[] Words(string text)
    {
        if (!options.IsCaseSensitive)
            text = text.ToLowerInvariant();
        if (options.Normalizes)
        {
            text = MetricTokens.Unescaped(text.Replace("\n-", "").Replace('\n', ' '));
            text = MetricTokens.SplitPunctuation($" {text} ", possessives: true);
        }

        if (options.RemovesPunctuation)
            text = string.Concat(text.Where(c => c is not ('.' or ',' or '?' or ':' or ';' or '!' or '"' or '(' or ')')));
        return MetricTokens.AtSpaces(text);
    }
}
