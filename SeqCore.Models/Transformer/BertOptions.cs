namespace SeqCore.Models;

/// <summary>
/// Sizes and configuration of a <see cref="Bert"/>; the defaults are those of BERT base. The activation is that of the head that
/// predicts tokens too, and so not SwiGLU.
/// </summary>
public sealed record BertOptions : LanguageTransformerOptions
{
    /// <summary>The defaults.</summary>
    public BertOptions() => (Dropout, Epsilon) = (0.1f, 1e-12f);

    /// <summary>The most tokens of a sequence, at least 1.</summary>
    public int MaximumLength { get; init; } = 512;

    /// <summary>Number of different segments that a sequence can have, at least 1.</summary>
    public int SegmentCount { get; init; } = 2;

    /// <summary>C, classes that whole sequences are told apart into; 0 for no such head.</summary>
    public int ClassCount { get; init; }

    internal override int? Limit => MaximumLength;

    /// <summary>Published BERTs have projections apart, and so have the draws of initial weights.</summary>
    internal override TransformerBlockOptions Block => base.Block with { DrawsApart = true };

    internal override void Check(string owner)
    {
        base.Check(owner);
        Argument.AtLeast(SegmentCount, owner, nameof(SegmentCount));
        Argument.AtLeast(ClassCount, owner, nameof(ClassCount), 0);
        if (Activation == FeedForwardActivation.SwiGlu)
        {
            throw new ArgumentException($"{owner}: {nameof(Activation)} {Activation} needs layers with a gate,"
                + " which BERT's head does not have; choose another.", nameof(Activation));
        }
    }
}
