namespace SeqCore.Models;

/// <summary>
/// A stack of <see cref="TransformerEncoderLayer"/>s, named <c>layers.0</c>, <c>layers.1</c> and so on, and a norm at the end,
/// <c>norm</c>, as in PyTorch.
/// </summary>
public sealed class TransformerEncoder : Module, ILayer
{
    private readonly NormLayer? norm;

    /// <summary>A stack with first values of its own for each layer.</summary>
    /// <param name="layers">How many, at least 1.</param>
    /// <param name="options">Size and form of each.</param>
    /// <param name="random">Draws the first values and the masks of dropout.</param>
    /// <param name="finalNorm">
    /// The norm that comes last; null for one like those of the layers. Layers that normalise first want one.
    /// </param>
    public TransformerEncoder(int layers, TransformerLayerOptions options, RandomGenerator random,
        FinalNormOptions? finalNorm = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentNullException.ThrowIfNull(options);
        Layers = Register("layers", new ModuleList<TransformerEncoderLayer>(Enumerable.Range(0, WeightRoom.ForParts(layers))
            .Select(_ => new TransformerEncoderLayer(options, random))));
        norm = FinalNormOptions.New(finalNorm, options) is { } last ? Register("norm", last) : null;
    }

    /// <summary>The layers, the first one first.</summary>
    public ModuleList<TransformerEncoderLayer> Layers { get; }

    /// <summary>Runs all layers.</summary>
    /// <param name="x">Shape (B, T, D).</param>
    /// <param name="options">What self-attention hides; null for nothing.</param>
    /// <returns>Shape (B, T, D).</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public Variable Forward(Variable x, AttentionOptions? options = null) =>
        Forward(Padding.Clear(x, options, Padding.Length(x)), new TransformerPass { Options = options ?? AttentionOptions.Full });

    /// <summary>Runs all layers, nothing hidden.</summary>
    Variable ILayer.Forward(Variable x) => Forward(x);

    internal Variable Forward(Variable x, TransformerPass pass)
    {
        var stream = new ResidualStream(x);
        foreach (var layer in Layers)
            stream = layer.Forward(stream, pass);
        return norm is null ? stream.Sum() : stream.Norm(norm).Normalised;
    }
}
