namespace SeqCore.Models;

/// <summary>
/// The sizes and the configuration of a <see cref="Bert"/>; the defaults are those of BERT base. The head that predicts tokens
/// uses the activation too, which therefore cannot be SwiGLU.
/// </summary>
public sealed record BertOptions : LanguageTransformerOptions
{
    /// <summary>The default options.</summary>
    public BertOptions() => (Dropout, Epsilon) = (0.1f, 1e-12f);

    /// <summary>The largest number of tokens in a sequence, at least 1; 512 by default.</summary>
    public int MaximumLength { get; init; } = 512;

    /// <summary>The number of different segments that a sequence can have, at least 1; 2 by default.</summary>
    public int SegmentCount { get; init; } = 2;

    /// <summary>The number of classes of whole sequences, C; 0 for no such head.</summary>
    public int ClassCount { get; init; }

    internal override int? Limit => MaximumLength;

    /// <summary>
    /// The options of a block, with separate draws of the initial weights, because published BERTs have separate projections.
    /// </summary>
    internal override TransformerBlockOptions Block => base.Block with { DrawsSeparately = true };

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
