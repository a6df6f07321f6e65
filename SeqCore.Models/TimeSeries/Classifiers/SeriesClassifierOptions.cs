namespace SeqCore.Models;

/// <summary>The labels, the layers, the scaling and the training of a <see cref="SeriesClassifier"/>.</summary>
public sealed record SeriesClassifierOptions
{
    /// <summary>The different labels, at least two; <see cref="LabelledSeries.LabelsOf"/> collects them.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>
    /// The names of the channels, at least one, which all series have in this order; one channel "value" by default.
    /// </summary>
    public IReadOnlyList<string> Channels { get; init; } = ["value"];

    /// <summary>The layers that read a series; <see cref="SeriesEncoderKind.Gru"/> by default.</summary>
    public SeriesEncoderKind Encoder { get; init; }

    /// <summary>
    /// Whether a step sees the later ones too, true by default: recurrent layers then run in both directions, each with
    /// <see cref="HiddenSize"/> units, and convolutions reach to both sides. Otherwise it sees itself and the earlier ones alone.
    /// </summary>
    public bool Bidirectional { get; init; } = true;

    /// <summary>The number of hidden units, or of channels of a convolution, H, at least 1; 32 by default.</summary>
    public int HiddenSize { get; init; } = 32;

    /// <summary>
    /// The number of recurrent layers or blocks of convolutions, at least 1; 1 by default. A step of N blocks with K taps
    /// depends on 2 (K - 1) (2^N - 1) + 1 steps, so convolutions need several blocks, such as 4.
    /// </summary>
    public int Layers { get; init; } = 1;

    /// <summary>
    /// The number of taps of a convolution, at least 1; null, the default, for 3. Recurrent layers have none, and no number
    /// should be given for them.
    /// </summary>
    public int? KernelSize { get; init; }

    /// <summary>
    /// How the vectors of the steps become one; <see cref="TimePoolingKind.Max"/> by default, the largest of each feature.
    /// <see cref="TimePoolingKind.Last"/> needs <see cref="Bidirectional"/> to be false: at the last step, the other direction
    /// has read nothing but that step.
    /// </summary>
    public TimePoolingKind Pooling { get; init; } = TimePoolingKind.Max;

    /// <summary>
    /// The probability of dropout between the layers and before the last one, in [0, 1); 0.1 by default.
    /// </summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>
    /// The weight of each label in the loss, in the order of <see cref="Labels"/>, above 0; null, the default, for 1.
    /// </summary>
    public IReadOnlyList<float>? LabelWeights { get; init; }

    /// <summary>How each channel is scaled; to mean 0 and standard deviation 1 by default.</summary>
    public ScalingKind Scaling { get; init; } = ScalingKind.Standard;

    /// <summary>
    /// Whether a series is scaled by its own values, so that its level and its range do not matter. False, the default, scales
    /// all by the values of those for training, and saves the numbers with the classifier.
    /// </summary>
    public bool ScalesEachSeries { get; init; }

    /// <summary>The least number of steps of a series, at least 1; 1 by default. A shorter one is an error.</summary>
    public int MinimumLength { get; init; } = 1;

    /// <summary>How <see cref="SeriesClassifier.Fit"/> trains.</summary>
    public SeriesTrainingOptions Training { get; init; } = new();

    /// <summary>Returns options whose lists the caller cannot change.</summary>
    internal SeriesClassifierOptions Copy() =>
        this with { Labels = [.. Labels], Channels = [.. Channels], LabelWeights = LabelWeights?.ToArray() };

    internal void Check(string owner)
    {
        LabelNames.Require(Labels, least: 2, owner, "label", nameof(Labels));
        LabelNames.Require(Channels, least: 1, owner, "channel", nameof(Channels));
        Argument.Defined(Encoder, owner, nameof(Encoder));
        Argument.AtLeast(HiddenSize, owner, nameof(HiddenSize));
        Argument.AtLeast(Layers, owner, nameof(Layers));
        Argument.AtLeast(KernelSize ?? 1, owner, nameof(KernelSize));
        if (KernelSize is { } taps && Encoder != SeriesEncoderKind.Convolution)
        {
            throw new ArgumentException($"{owner}: {nameof(KernelSize)} is {taps}, but {Encoder} has no convolutions. Leave it"
                + $" out, or set {nameof(Encoder)} to {SeriesEncoderKind.Convolution}.", nameof(KernelSize));
        }

        Argument.Defined(Pooling, owner, nameof(Pooling));
        if (Pooling == TimePoolingKind.Last && Bidirectional)
        {
            throw new ArgumentException($"{owner}: {nameof(Pooling)} {nameof(TimePoolingKind.Last)} needs"
                + $" {nameof(Bidirectional)} = false, or another pooling: at the last step, the other direction has read nothing"
                + " but that step.", nameof(Pooling));
        }

        Argument.Probability(Dropout, owner, nameof(Dropout));
        LabelNames.RequireWeights(LabelWeights, Labels.Count, owner, nameof(LabelWeights));
        Argument.Defined(Scaling, owner, nameof(Scaling));
        if (ScalesEachSeries && Scaling == ScalingKind.None)
        {
            throw new ArgumentException($"{owner}: {nameof(ScalesEachSeries)} needs a {nameof(Scaling)} other than"
                + $" {nameof(ScalingKind.None)}.", nameof(ScalesEachSeries));
        }

        Argument.AtLeast(MinimumLength, owner, nameof(MinimumLength));
        Argument.NotNull(Training).Check(owner);
    }
}
