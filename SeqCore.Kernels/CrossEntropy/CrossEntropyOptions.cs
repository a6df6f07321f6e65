namespace SeqCore.Kernels;

/// <summary>
/// Options of the softmax cross-entropy, as in PyTorch's cross_entropy; its default value has PyTorch's defaults.
/// </summary>
public readonly record struct CrossEntropyOptions
{
    private const int DefaultIgnoreIndex = -100;
    private readonly int aboveDefault;

    /// <summary>Makes options with the given values.</summary>
    /// <param name="IgnoreIndex">The target of rows that are left out of the loss and of the mean; -100 by default.</param>
    /// <param name="LabelSmoothing">
    /// The part of the target's probability that is spread over all classes, in [0, 1); 0 by default.
    /// </param>
    public CrossEntropyOptions(int IgnoreIndex = DefaultIgnoreIndex, float LabelSmoothing = 0f)
    {
        this.IgnoreIndex = IgnoreIndex;
        this.LabelSmoothing = LabelSmoothing;
    }

    /// <summary>The target of rows that are left out of the loss and of the mean; -100 by default.</summary>
    public int IgnoreIndex
    {
        // Stored as a distance from the default, so that a struct of zeros does not ignore class 0.
        get => unchecked(aboveDefault + DefaultIgnoreIndex);
        init => aboveDefault = unchecked(value - DefaultIgnoreIndex);
    }

    /// <summary>The part of the target's probability that is spread over all classes, in [0, 1).</summary>
    public float LabelSmoothing { get; init; }
}
