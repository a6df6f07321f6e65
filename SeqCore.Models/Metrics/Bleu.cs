namespace SeqCore.Models;

/// <summary>
/// BLEU, the geometric mean of the precisions of n-grams times a penalty of texts that are too short (Papineni, Roukos, Ward and
/// Zhu, "BLEU: a method for automatic evaluation of machine translation", ACL 2002, section 2.3), as sacreBLEU computes it (Post,
/// "A call for clarity in reporting BLEU scores", arXiv:1804.08771).
/// </summary>
public sealed class Bleu : TextMetric
{
    private readonly BleuOptions options;

    /// <summary>Makes a score.</summary>
    /// <param name="options">The settings; null for those of sacreBLEU.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public Bleu(BleuOptions? options = null)
    {
        this.options = options ?? new BleuOptions();
        Argument.AtLeast(this.options.MaximumOrder, Name, nameof(BleuOptions.MaximumOrder));
        Argument.Defined(this.options.Tokenization, Name, nameof(BleuOptions.Tokenization));
        Argument.Defined(this.options.Smoothing, Name, nameof(BleuOptions.Smoothing));
        Argument.NotNegative(this.options.SmoothingValue ?? 0, Name, nameof(BleuOptions.SmoothingValue));
    }

    /// <inheritdoc/>
    public override string Name => "BLEU";

    /// <inheritdoc/>
    protected override string Settings => $"case:{(options.Lowercase ? "lc" : "mixed")}"
        + $"|eff:{(options.EffectiveOrder ? "yes" : "no")}|tok:{MetricTokens.Name(options.Tokenization)}|smooth:{Smoothing}";

    private string Smoothing => options.Smoothing switch
    {
        BleuSmoothing.None => "none",
        BleuSmoothing.Floor => FormattableString.Invariant($"floor[{SmoothingValue:0.00}]"),
        BleuSmoothing.AddK => FormattableString.Invariant($"add-k[{SmoothingValue:0.00}]"),
        _ => "exp",
    };

    private double SmoothingValue => options.SmoothingValue ?? (options.Smoothing == BleuSmoothing.Floor ? 0.1 : 1);

    /// <summary>Scores a corpus, and returns what the score is made of too.</summary>
    /// <param name="hypotheses">The texts that were written, at least one.</param>
    /// <param name="references">The references of each, at least one.</param>
    /// <exception cref="ArgumentException">There is no text, or there are more of one than of the other.</exception>
    public BleuScore Details(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references) =>
        Compute(Sum(StatisticsOf(hypotheses, references)));

    /// <summary>Scores a corpus with one reference for each text, and returns what the score is made of too.</summary>
    /// <inheritdoc cref="Details(IReadOnlyList{string}, IReadOnlyList{IReadOnlyList{string}})"/>
    public BleuScore Details(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) =>
        Details(hypotheses, Each(references));

    /// <inheritdoc/>
    protected override double ScoreOf(ReadOnlySpan<double> statistics) => Compute(statistics).Score;

    /// <summary>
    /// Returns the lengths of the text and of the reference that is closest to it, and for each order the matches and the total.
    /// </summary>
    protected override double[] Statistics(string hypothesis, IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        ArgumentNullException.ThrowIfNull(references);
        var words = Words(hypothesis);
        string[][] others = [.. references.Select(Words)];
        var statistics = new double[2 + (2 * options.MaximumOrder)];
        statistics[0] = words.Length;
        statistics[1] = others.Select(o => o.Length).OrderBy(l => (Math.Abs(l - words.Length), l)).First();
        for (var n = 1; n <= options.MaximumOrder; n++)
        {
            var most = NgramCounts.OfWords(others[0], n);
            foreach (var other in others.Skip(1))
            {
                foreach (var (ngram, count) in NgramCounts.OfWords(other, n))
                    most[ngram] = Math.Max(count, most.GetValueOrDefault(ngram));
            }

            statistics[2 * n] = NgramCounts.Matches(NgramCounts.OfWords(words, n), most);
            statistics[(2 * n) + 1] = Math.Max(0, words.Length - n + 1);
        }

        return statistics;
    }

    private string[] Words(string text) =>
        MetricTokens.Of(options.Lowercase ? text.ToLowerInvariant() : text, options.Tokenization);

    private BleuScore Compute(ReadOnlySpan<double> statistics)
    {
        var (length, closest) = (statistics[0], statistics[1]);
        var penalty = length >= closest ? 1 : length > 0 ? Math.Exp(1 - (closest / length)) : 0;
        var precisions = new double[options.MaximumOrder];
        var (orders, halving, hasMatch) = (options.MaximumOrder, 1.0, false);
        for (var n = 1; n <= precisions.Length; n++)
            hasMatch |= statistics[2 * n] > 0;
        for (var n = 1; n <= precisions.Length && hasMatch; n++)
        {
            var added = options.Smoothing == BleuSmoothing.AddK && n > 1 ? SmoothingValue : 0;
            var (matches, total) = (statistics[2 * n] + added, statistics[(2 * n) + 1] + added);
            if (total == 0)
                break;
            if (options.EffectiveOrder)
                orders = n;
            if (matches == 0 && options.Smoothing == BleuSmoothing.Exponential)
                halving *= 2;
            precisions[n - 1] = 100 / total * (matches > 0 ? matches : options.Smoothing switch
            {
                BleuSmoothing.Exponential => 1 / halving,
                BleuSmoothing.Floor => SmoothingValue,
                _ => 0,
            });
        }

        var logarithm = precisions.Take(orders).Average(Math.Log);
        var score = hasMatch ? penalty * Math.Exp(logarithm) : 0;
        return new BleuScore(score, precisions, penalty, (long)length, (long)closest);
    }
}
