namespace SeqCore.Models;

/// <summary>
/// The base of scores that compare texts that a model wrote, the hypotheses, with references: <see cref="Bleu"/>,
/// <see cref="Chrf"/>, <see cref="TranslationEditRate"/>, <see cref="Rouge"/> and <see cref="Meteor"/>. The score of a corpus is
/// computed from the sum of statistics of its texts, so that it can be resampled.
/// </summary>
/// <example>
/// <code>
/// string[] written = ["the cat sat on the mat", "a dog barks"];
/// string[] references = ["the cat sat on a mat", "the dog barks"];
/// var bleu = new Bleu();
/// Console.WriteLine($"{bleu.Score(written, references):0.0}");         // 49.3
/// Console.WriteLine($"{new Chrf().Score(written, references):0.0}");   // 69.8
/// Console.WriteLine(bleu.Signature().Split("|version")[0]);            // nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp
/// </code>
/// </example>
public abstract class TextMetric
{
    /// <summary>The name of the score, such as BLEU.</summary>
    public abstract string Name { get; }

    /// <summary>Whether higher scores are better.</summary>
    public virtual bool IsHigherBetter => true;

    /// <summary>
    /// Returns the settings that a score depends on, in the form of sacreBLEU: <c>nrefs:1|case:mixed|...</c>. Scores with
    /// different signatures cannot be compared.
    /// </summary>
    /// <param name="referenceCount">The number of references of each text, at least 1.</param>
    public string Signature(int referenceCount = 1)
    {
        Argument.AtLeast(referenceCount, Name, nameof(referenceCount));
        var version = typeof(TextMetric).Assembly.GetName().Version!.ToString(3);
        return $"nrefs:{referenceCount}|{Settings}|version:seqcore-{version}";
    }

    /// <summary>Scores a corpus with one reference for each text.</summary>
    /// <param name="hypotheses">The texts that were written, at least one.</param>
    /// <param name="references">The reference of each.</param>
    /// <returns>The score in percent.</returns>
    /// <exception cref="ArgumentException">There is no text, or there are more of one than of the other.</exception>
    public double Score(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) =>
        Score(hypotheses, Each(references));

    /// <summary>Scores a corpus with one or several references for each text.</summary>
    /// <param name="hypotheses">The texts that were written, at least one.</param>
    /// <param name="references">The references of each, at least one.</param>
    /// <returns>The score in percent.</returns>
    /// <exception cref="ArgumentException">There is no text, or there are more of one than of the other.</exception>
    public double Score(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references) =>
        ScoreOf(Sum(StatisticsOf(hypotheses, references)));

    /// <summary>
    /// Scores a corpus, and estimates by the bootstrap how far the score would vary with other texts of the same kind (Koehn,
    /// "Statistical significance tests for machine translation evaluation", EMNLP 2004).
    /// </summary>
    /// <param name="hypotheses">The texts that were written, at least one.</param>
    /// <param name="references">The references of each, at least one.</param>
    /// <param name="samples">The number of samples, at least 1.</param>
    /// <param name="confidence">The part of the samples that lies in the interval, in (0, 1).</param>
    /// <param name="seed">The seed of the samples.</param>
    public ScoreInterval Interval(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references,
        int samples = 1000, double confidence = 0.95, ulong seed = 1)
    {
        var statistics = StatisticsOf(hypotheses, references);
        return Bootstrap.Interval(statistics.Length, rows => ScoreOf(Sum(rows.Select(r => statistics[r]))), samples, confidence,
            seed);
    }

    /// <summary>Estimates an interval with one reference for each text.</summary>
    /// <inheritdoc cref="Interval(IReadOnlyList{string}, IReadOnlyList{IReadOnlyList{string}}, int, double, ulong)"/>
    public ScoreInterval Interval(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, int samples = 1000,
        double confidence = 0.95, ulong seed = 1) => Interval(hypotheses, Each(references), samples, confidence, seed);

    /// <summary>The settings that the score depends on, as <c>name:value</c> joined by bars.</summary>
    protected abstract string Settings { get; }

    /// <summary>Returns the statistics of one text, as many for every text.</summary>
    /// <param name="hypothesis">The text that was written.</param>
    /// <param name="references">Its references, at least one.</param>
    protected abstract double[] Statistics(string hypothesis, IReadOnlyList<string> references);

    /// <summary>Computes the score in percent from the sum of the statistics of all texts.</summary>
    protected abstract double ScoreOf(ReadOnlySpan<double> statistics);

    private protected double[][] StatisticsOf(IReadOnlyList<string> hypotheses,
        IReadOnlyList<IReadOnlyList<string>> references)
    {
        hypotheses = Argument.NoNulls(hypotheses, Name, nameof(hypotheses));
        references = Argument.NoNulls(references, Name, nameof(references));
        if (hypotheses.Count == 0)
            throw new ArgumentException($"{Name}: at least one text is needed.", nameof(hypotheses));
        if (hypotheses.Count != references.Count)
        {
            throw new ArgumentException($"{Name}: each text needs its references; got {hypotheses.Count} texts and the references"
                + $" of {references.Count}.", nameof(references));
        }

        return [.. hypotheses.Select((h, i) => Statistics(h, AtLeastOne(references[i], i)))];
    }

    private protected static double[] Sum(IEnumerable<double[]> statistics)
    {
        double[]? sum = null;
        foreach (var row in statistics)
        {
            sum ??= new double[row.Length];
            for (var i = 0; i < row.Length; i++)
                sum[i] += row[i];
        }

        return sum!;
    }

    private protected static IReadOnlyList<string>[] Each(IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        return [.. references.Select(r => (string[])[r])];
    }

    private IReadOnlyList<string> AtLeastOne(IReadOnlyList<string> own, int text) =>
        Argument.NoNulls(own, Name, "references") is { Count: > 0 } some
            ? some
            : throw new ArgumentException($"{Name}: text {text} has no reference.", nameof(own));
}
