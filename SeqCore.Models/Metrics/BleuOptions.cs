namespace SeqCore.Models;

/// <summary>How BLEU treats orders of n-grams without a match (Chen and Cherry, WMT 2014).</summary>
public enum BleuSmoothing
{
    /// <summary>Not at all: the score is 0.</summary>
    None,

    /// <summary>The number of matches is taken as the value, 0.1 by default.</summary>
    Floor,

    /// <summary>The value, 1 by default, is added to matches and totals of orders above 1.</summary>
    AddK,

    /// <summary>The number of matches is taken as 1/2, 1/4 and so on, as in NIST's scripts.</summary>
    Exponential,
}

/// <summary>The settings of <see cref="Bleu"/>; the defaults are sacreBLEU's.</summary>
public sealed record BleuOptions
{
    /// <summary>The largest order of n-grams, at least 1; 4 by default.</summary>
    public int MaximumOrder { get; init; } = 4;

    /// <summary>How texts are split into words; <see cref="MetricTokenization.ThirteenA"/> by default.</summary>
    public MetricTokenization Tokenization { get; init; } = MetricTokenization.ThirteenA;

    /// <summary>Whether capitals are converted to lower case.</summary>
    public bool Lowercase { get; init; }

    /// <summary>How orders without a match are treated; <see cref="BleuSmoothing.Exponential"/> by default.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>
    /// The value of <see cref="BleuSmoothing.Floor"/> or <see cref="BleuSmoothing.AddK"/>, at least 0; null for its default.
    /// </summary>
    public double? SmoothingValue { get; init; }

    /// <summary>
    /// Whether orders above the length of the texts are left out, as they should be for the score of a single sentence.
    /// </summary>
    public bool EffectiveOrder { get; init; }
}
