namespace SeqCore.Models;

/// <summary>The layers that read the series of a <see cref="SeriesClassifier"/>.</summary>
public enum SeriesEncoderKind
{
    /// <summary>A <see cref="SeqCore.Models.Gru"/>.</summary>
    Gru,

    /// <summary>An <see cref="SeqCore.Models.Lstm"/>.</summary>
    Lstm,

    /// <summary>
    /// Convolutions whose dilation doubles from block to block (TCN: Bai, Kolter and Koltun, "An empirical evaluation of generic
    /// convolutional and recurrent networks for sequence modeling", arXiv:1803.01271).
    /// </summary>
    Convolution,
}
