namespace SeqCore.Models;

/// <summary>The labels, the encoder and the training of a <see cref="TextClassifier"/>.</summary>
public sealed record TextClassifierOptions
{
    /// <summary>
    /// The different labels, at least two, or one if <see cref="IsMultiLabel"/>; <see cref="LabelledText.LabelsOf"/> collects
    /// them.
    /// </summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>
    /// Whether a text can have any number of labels, each decided on its own by a sigmoid; otherwise it has exactly one, by a
    /// softmax.
    /// </summary>
    public bool IsMultiLabel { get; init; }

    /// <summary>The probability above which a text has a label if <see cref="IsMultiLabel"/>, in (0, 1).</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>The encoder.</summary>
    public TextEncoderOptions Encoder { get; init; } = new();

    /// <summary>How the vectors of the tokens become one.</summary>
    public TimePoolingKind Pooling { get; init; } = TimePoolingKind.Attention;

    /// <summary>The probability of dropout before the last layer, in [0, 1).</summary>
    public float Dropout { get; init; } = 0.5f;

    /// <summary>
    /// The probability that a token is replaced by the unknown one in training, in [0, 1), which makes a model rely less on
    /// single words (Iyyer, Manjunatha, Boyd-Graber and Daumé III, "Deep unordered composition rivals syntactic methods for text
    /// classification", ACL 2015, section 3.1). The tokenizer needs a token for unknown parts.
    /// </summary>
    public float TokenDropout { get; init; }

    /// <summary>The fraction of a label's probability that the loss spreads over all labels, in [0, 1).</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>The weight of each label in the loss, in the order of <see cref="Labels"/>, above 0; null for 1.</summary>
    public IReadOnlyList<float>? LabelWeights { get; init; }

    /// <summary>The largest number of tokens that are read of a text, at least 1; the rest is cut off.</summary>
    public int MaximumLength { get; init; } = 512;

    internal void Check(string owner)
    {
        ArgumentNullException.ThrowIfNull(Labels);
        ArgumentNullException.ThrowIfNull(Encoder);
        var least = IsMultiLabel ? 1 : 2;
        if (Labels.Count < least || Labels.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException($"{owner}: {nameof(Labels)} should be at least {least} different labels, none of them"
                + $" empty; got {Counted.Of(Labels.Count, "label")}.", nameof(Labels));
        }

        if (Labels.GroupBy(l => l, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } repeated)
            throw new ArgumentException($"{owner}: the label '{repeated.Key}' is listed twice.", nameof(Labels));
        Encoder.Check(owner);
        Argument.Defined(Pooling, owner, nameof(Pooling));
        Argument.Probability(Dropout, owner, nameof(Dropout));
        Argument.Probability(TokenDropout, owner, nameof(TokenDropout));
        Argument.Probability(LabelSmoothing, owner, nameof(LabelSmoothing));
        Argument.AtLeast(MaximumLength, owner, nameof(MaximumLength));
        if (!(Threshold > 0f && Threshold < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(Threshold), Threshold,
                $"{owner}: {nameof(Threshold)} should be in (0, 1).");
        }

        if (LabelWeights is null)
            return;
        if (LabelWeights.Count != Labels.Count)
        {
            throw new ArgumentException($"{owner}: {nameof(LabelWeights)} should have one weight for each of the"
                + $" {Labels.Count} labels; got {LabelWeights.Count}.", nameof(LabelWeights));
        }

        foreach (var weight in LabelWeights)
            Argument.Positive(weight, owner, nameof(LabelWeights));
    }
}
