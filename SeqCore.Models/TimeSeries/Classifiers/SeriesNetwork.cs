namespace SeqCore.Models;

/// <summary>The network of a <see cref="SeriesClassifier"/>: layers over time, pooling, dropout and a linear layer.</summary>
internal sealed class SeriesNetwork : Module
{
    private const int UsualTaps = 3;
    private readonly RecurrentLayer? recurrent;
    private readonly DilatedConvolutions? convolutions;
    private readonly TimePooling pooling;
    private readonly Dropout? dropout;
    private readonly Linear head;

    internal SeriesNetwork(SeriesClassifierOptions options, RandomGenerator random)
    {
        var (channels, size) = (options.Channels.Count, options.HiddenSize);
        if (options.Encoder == SeriesEncoderKind.Convolution)
        {
            convolutions = Register("convolutions", new DilatedConvolutions(channels, size, options.Layers,
                options.KernelSize ?? UsualTaps, !options.Bidirectional, options.Dropout, random));
        }
        else
        {
            var kind = options.Encoder == SeriesEncoderKind.Gru ? RecurrentKind.Gru : RecurrentKind.Lstm;
            recurrent = Register(kind.Name(), kind.NewLayer(channels, size, random, new RecurrentLayerOptions
            {
                Layers = options.Layers,
                Bidirectional = options.Bidirectional,
                Dropout = options.Layers > 1 ? options.Dropout : 0f,
            }));
            size = recurrent.OutputSize;
        }

        pooling = Register("pooling", TimePooling.New(options.Pooling, size, random));
        if (options.Dropout > 0f)
            dropout = Register("dropout", new Dropout(options.Dropout, random));
        head = Register("head", new Linear(size, options.Labels.Count, random));
    }

    /// <summary>Computes the logits of the labels, shape (B, L).</summary>
    /// <param name="x">The series, shape (B, T, C).</param>
    /// <param name="lengths">The number of steps of each series, shape (B,).</param>
    internal Variable Forward(Variable x, IndexTensor lengths)
    {
        var steps = recurrent?.Forward(x, state: null, lengths).Output ?? convolutions!.Forward(x, lengths);
        var pooled = pooling.Forward(steps, lengths);
        return head.Forward(dropout?.Forward(pooled) ?? pooled);
    }
}
