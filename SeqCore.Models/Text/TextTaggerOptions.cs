namespace SeqCore.Models;

/// <summary>The tags, the encoder and the training of a <see cref="TextTagger"/>.</summary>
public sealed record TextTaggerOptions
{
    /// <summary>The different tags, at least two; <see cref="TextTagger.TagsOf"/> collects them.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The encoder; by default a bidirectional LSTM.</summary>
    public TextEncoderOptions Encoder { get; init; } = new() { Kind = TextEncoderKind.Lstm };

    /// <summary>The probability of dropout before the last layer, in [0, 1); 0.5 by default.</summary>
    public float Dropout { get; init; } = 0.5f;

    /// <summary>
    /// Whether a <see cref="ConditionalRandomField"/> scores whole sequences of tags (Huang, Xu and Yu, "Bidirectional LSTM-CRF
    /// models for sequence tagging", arXiv:1508.01991); false, the default, for a softmax at each token.
    /// </summary>
    public bool HasCrf { get; init; }

    /// <summary>
    /// Whether tags are of the scheme BIO, and a tag I-X is only given after B-X or I-X (<see cref="TagConstraints.Bio"/>); it
    /// needs <see cref="HasCrf"/>. False by default.
    /// </summary>
    public bool IsBio { get; init; }

    /// <summary>
    /// The number of features from the characters of each token for each of <see cref="CharacterKernelSizes"/>, by an embedding,
    /// a convolution and <see cref="MaxPooling"/> (Ma and Hovy, "End-to-end sequence labeling via bi-directional LSTM-CNNs-CRF",
    /// arXiv:1603.01354, section 2.1); 0, the default, for none.
    /// </summary>
    public int CharacterFeatures { get; init; }

    /// <summary>The widths in characters of the convolutions side by side, each at least 1; 3 alone by default.</summary>
    public IReadOnlyList<int> CharacterKernelSizes { get; init; } = [3];

    /// <summary>The width of the embedding of characters, at least 1; 30 by default.</summary>
    public int CharacterEmbeddingSize { get; init; } = 30;

    /// <summary>The number of characters that are read of a token, at least 1; 20 by default.</summary>
    public int MaximumCharacters { get; init; } = 20;

    /// <summary>
    /// The probability that a token is replaced by the unknown one in training, in [0, 1), though not in its characters; 0.1 by
    /// default. A model learns what to make of unknown tokens then.
    /// </summary>
    public float TokenDropout { get; init; } = 0.1f;

    /// <summary>
    /// The strength a of a further dropout of rare tokens, at least 0: a token that is n times in the training sentences of a
    /// <see cref="TextTaggerTask"/> is replaced by the unknown one with probability a / (a + n) (Kiperwasser and Goldberg,
    /// "Simple and accurate dependency parsing using bidirectional LSTM feature representations", TACL 2016, where a is 0.25).
    /// 0, the default, for none.
    /// </summary>
    public float RareTokenDropout { get; init; }

    /// <summary>
    /// What predictions subtract from the score of the tag O at each token, in nats, at least 0; 0 by default. A tagger that saw
    /// few names, or none of those it meets, gives O where it is unsure; with a penalty it finds more names, and more that are
    /// none. The value with the best F1 on sentences for validation suits. The loss does not have it.
    /// </summary>
    public float OutsidePenalty { get; init; }

    /// <summary>Returns options whose lists the caller cannot change.</summary>
    internal TextTaggerOptions Copy() => this with
    {
        Tags = [.. Tags],
        CharacterKernelSizes = [.. CharacterKernelSizes],
        Encoder = Encoder.Copy(),
    };

    internal void Check(string owner)
    {
        LabelNames.Require(Tags, least: 2, owner, "tag", nameof(Tags));
        ArgumentNullException.ThrowIfNull(Encoder);
        if (IsBio && !HasCrf)
            throw new ArgumentException($"{owner}: {nameof(IsBio)} needs {nameof(HasCrf)}, which applies it.", nameof(IsBio));
        Encoder.Check(owner);
        Argument.Probability(Dropout, owner, nameof(Dropout));
        Argument.Probability(TokenDropout, owner, nameof(TokenDropout));
        if (!(RareTokenDropout >= 0f && float.IsFinite(RareTokenDropout)))
        {
            throw new ArgumentOutOfRangeException(nameof(RareTokenDropout), RareTokenDropout,
                $"{owner}: {nameof(RareTokenDropout)} should be a number of at least 0.");
        }

        if (!(OutsidePenalty >= 0f && float.IsFinite(OutsidePenalty)))
        {
            throw new ArgumentOutOfRangeException(nameof(OutsidePenalty), OutsidePenalty,
                $"{owner}: {nameof(OutsidePenalty)} should be a number of at least 0.");
        }

        if (OutsidePenalty > 0f && !Tags.Contains(TextTagger.Outside))
        {
            throw new ArgumentException($"{owner}: {nameof(OutsidePenalty)} needs the tag {TextTagger.Outside}, which"
                + $" {nameof(Tags)} does not have.", nameof(OutsidePenalty));
        }

        Argument.AtLeast(CharacterFeatures, owner, nameof(CharacterFeatures), 0);
        ArgumentNullException.ThrowIfNull(CharacterKernelSizes);
        if (CharacterFeatures > 0 && CharacterKernelSizes.Count == 0)
        {
            throw new ArgumentException($"{owner}: {nameof(CharacterKernelSizes)} should be at least one width.",
                nameof(CharacterKernelSizes));
        }

        foreach (var size in CharacterKernelSizes)
            Argument.AtLeast(size, owner, nameof(CharacterKernelSizes));
        Argument.AtLeast(CharacterEmbeddingSize, owner, nameof(CharacterEmbeddingSize));
        Argument.AtLeast(MaximumCharacters, owner, nameof(MaximumCharacters));
    }
}
