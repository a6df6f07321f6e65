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
    /// softmax, as by default.
    /// </summary>
    public bool IsMultiLabel { get; init; }

    /// <summary>
    /// The probability above which a text has a label if <see cref="IsMultiLabel"/>, in (0, 1); 0.5 by default.
    /// </summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>The encoder; by default a bidirectional GRU.</summary>
    public TextEncoderOptions Encoder { get; init; } = new();

    /// <summary>How the vectors of the tokens become one; by attention by default.</summary>
    public TimePoolingKind Pooling { get; init; } = TimePoolingKind.Attention;

    /// <summary>The probability of dropout before the last layer, in [0, 1); 0.5 by default.</summary>
    public float Dropout { get; init; } = 0.5f;

    /// <summary>
    /// The probability that a token is replaced by the unknown one in training, in [0, 1); 0.1 by default. A model relies less on
    /// single words then (Iyyer, Manjunatha, Boyd-Graber and Daumé III, "Deep unordered composition rivals syntactic methods for
    /// text classification", ACL 2015, section 3.1), and it learns what to make of unknown words, which texts for training do
    /// not have if all their words are in the vocabulary. A tokenizer without a token for unknown parts drops none.
    /// </summary>
    public float TokenDropout { get; init; } = 0.1f;

    /// <summary>The fraction of a label's probability that the loss spreads over all labels, in [0, 1); 0 by default.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// The weight of each label in the loss, in the order of <see cref="Labels"/>, above 0; null, the default, for 1.
    /// </summary>
    public IReadOnlyList<float>? LabelWeights { get; init; }

    /// <summary>
    /// The number of networks with initial weights and dropout of their own that learn side by side, and whose mean logits
    /// predict (Hansen and Salamon, "Neural network ensembles", IEEE Transactions on Pattern Analysis and Machine Intelligence
    /// 12(10), 1990), at least 1; 1 by default. Each of them costs as much time and memory as one alone.
    /// </summary>
    public int Members { get; init; } = 1;

    /// <summary>
    /// The largest number of tokens in the n-grams of a linear model that learns beside the networks and whose logits are added
    /// to theirs, at least 0, as in <see cref="TextNgrams"/>; 0, the default, for none. It remembers single expressions, of which
    /// small sets have few examples.
    /// </summary>
    public int NgramSize { get; init; }

    /// <summary>The largest number of tokens that are read of a text, at least 1; the rest is cut off. 512 by default.</summary>
    public int MaximumLength { get; init; } = 512;

    internal void Check(string owner)
    {
        LabelNames.Require(Labels, least: IsMultiLabel ? 1 : 2, owner, "label", nameof(Labels));
        ArgumentNullException.ThrowIfNull(Encoder);
        Encoder.Check(owner);
        Argument.Defined(Pooling, owner, nameof(Pooling));
        Argument.Probability(Dropout, owner, nameof(Dropout));
        Argument.Probability(TokenDropout, owner, nameof(TokenDropout));
        Argument.Probability(LabelSmoothing, owner, nameof(LabelSmoothing));
        Argument.AtLeast(MaximumLength, owner, nameof(MaximumLength));
        Argument.AtLeast(Members, owner, nameof(Members));
        Argument.AtLeast(NgramSize, owner, nameof(NgramSize), 0);
        if (!(Threshold > 0f && Threshold < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(Threshold), Threshold,
                $"{owner}: {nameof(Threshold)} should be in (0, 1).");
        }

        LabelNames.RequireWeights(LabelWeights, Labels.Count, owner, nameof(LabelWeights));
    }

    /// <summary>Requires that n-grams are those of these options.</summary>
    internal void Check(string owner, TextNgrams? ngrams)
    {
        if (NgramSize > 0 && ngrams is null)
        {
            throw new ArgumentException($"{owner}: {nameof(NgramSize)} is {NgramSize}, but no n-grams were given. Hint: count"
                + $" those of the texts for training with {nameof(TextNgrams)}.{nameof(TextNgrams.Of)}.", nameof(ngrams));
        }

        if (ngrams is null)
            return;
        if (ngrams.Size != NgramSize)
        {
            throw new ArgumentException($"{owner}: the n-grams have up to {Counted.Of(ngrams.Size, "token")}, but"
                + $" {nameof(NgramSize)} is {NgramSize}; they should be the same.", nameof(ngrams));
        }

        if (!ngrams.Labels.SequenceEqual(Labels, StringComparer.Ordinal))
        {
            throw new ArgumentException($"{owner}: the n-grams were counted for the labels"
                + $" {string.Join(", ", ngrams.Labels.Take(20))}, which are not those of the options in their order.",
                nameof(ngrams));
        }
    }
}
