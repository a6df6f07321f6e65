namespace SeqCore.Models;

/// <summary>Size and form of a <see cref="Bert"/>; the defaults are those of BERT base.</summary>
public sealed record BertOptions
{
    /// <summary>V, at least 1.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The most tokens of a sequence, at least 1.</summary>
    public int MaximumLength { get; init; } = 512;

    /// <summary>Number of different segments that a sequence can have, at least 1.</summary>
    public int SegmentCount { get; init; } = 2;

    /// <summary>Layers one above the other, at least 1.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>N, at least 1, a divisor of D.</summary>
    public int HeadCount { get; init; } = 12;

    /// <summary>D, at least 1.</summary>
    public int ModelSize { get; init; } = 768;

    /// <summary>F, width of the feed-forward parts; 0 for 4 D.</summary>
    public int FeedForwardSize { get; init; }

    /// <summary>
    /// Of the feed-forward parts and of the head that predicts tokens; not SwiGLU, for which BERT's layers have no gate.
    /// </summary>
    public FeedForwardActivation Activation { get; init; } = FeedForwardActivation.Gelu;

    /// <summary>Probability of dropout after the embeddings, of attention weights and after each part, in [0, 1).</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>Added to the variance in the norms, above 0.</summary>
    public float Epsilon { get; init; } = 1e-12f;

    /// <summary>C, classes that whole sequences are told apart into; 0 for no such head.</summary>
    public int ClassCount { get; init; }

    internal int FeedForward => FeedForwardSize == 0 ? Models.FeedForward.DefaultSize(ModelSize) : FeedForwardSize;

    internal void Check(string owner)
    {
        Known.Check(Activation, owner, nameof(Activation));
        Size.Check(VocabularySize, owner, nameof(VocabularySize));
        Size.Check(MaximumLength, owner, nameof(MaximumLength));
        Size.Check(SegmentCount, owner, nameof(SegmentCount));
        Size.Check(Layers, owner, nameof(Layers));
        Size.Check(HeadCount, owner, nameof(HeadCount));
        Size.Check(ModelSize, owner, nameof(ModelSize));
        Size.Check(FeedForward, owner, nameof(FeedForwardSize));
        Size.Check(ClassCount, owner, nameof(ClassCount), 0);
        if (Activation == FeedForwardActivation.SwiGlu)
        {
            throw new ArgumentException($"{owner}: {nameof(Activation)} {Activation} needs layers with a gate,"
                + " which BERT does not have; choose another.", nameof(Activation));
        }

        Share.Check(Dropout, owner, nameof(Dropout));
    }
}
