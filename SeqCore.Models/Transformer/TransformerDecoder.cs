namespace SeqCore.Models;

/// <summary>
/// A stack of <see cref="TransformerDecoderLayer"/>s, named <c>layers.0</c>, <c>layers.1</c> and so on, and a norm at the end,
/// <c>norm</c>, as in PyTorch.
/// </summary>
public sealed class TransformerDecoder : Module
{
    private readonly NormLayer? norm;

    /// <summary>A stack with first values of its own for each layer.</summary>
    /// <param name="layers">How many, at least 1.</param>
    /// <param name="options">Size and form of each.</param>
    /// <param name="random">Draws the first values and the masks of dropout.</param>
    /// <param name="finalNorm">
    /// The norm that comes last; null for one like those of the layers. Layers that normalise first want one.
    /// </param>
    public TransformerDecoder(int layers, TransformerLayerOptions options, RandomGenerator random,
        FinalNormOptions? finalNorm = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentNullException.ThrowIfNull(options);
        Layers = Register("layers", new ModuleList<TransformerDecoderLayer>(Enumerable.Range(0, WeightRoom.ForParts(layers))
            .Select(_ => new TransformerDecoderLayer(options, random))));
        norm = FinalNormOptions.New(finalNorm, options) is { } last ? Register("norm", last) : null;
    }

    /// <summary>The layers, the first one first.</summary>
    public ModuleList<TransformerDecoderLayer> Layers { get; }

    /// <summary>Runs all layers.</summary>
    /// <param name="x">Shape (B, T, D).</param>
    /// <param name="source">The encoder's results, shape (B, S, D).</param>
    /// <param name="options">What self-attention hides; null for what comes after a position.</param>
    /// <param name="sourceOptions">What attention to the source hides; null for nothing.</param>
    /// <returns>Shape (B, T, D).</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public Variable Forward(Variable x, Variable source, AttentionOptions? options = null, AttentionOptions? sourceOptions = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var pass = new TransformerPass
        {
            Options = options ?? AttentionOptions.Causal,
            SourceOptions = sourceOptions ?? AttentionOptions.Full,
        };
        source = Padding.Clear(source, sourceOptions, Padding.Length(x));
        return Forward(Padding.Clear(x, options, Padding.Length(x)), ProjectKeys(source), pass);
    }

    /// <summary>For each layer the keys and values of the source, each of shape (B, M, S, K).</summary>
    internal (Variable Keys, Variable Values)[] ProjectKeys(Variable source) =>
        [.. Layers.Select(l => l.SourceAttention.ProjectKeys(source, source))];

    internal Variable Forward(Variable x, (Variable Keys, Variable Values)[] source, TransformerPass pass)
    {
        var stream = new ResidualStream(x);
        for (var layer = 0; layer < Layers.Count; layer++)
            stream = Layers[layer].Forward(stream, source[layer], pass, pass.Caches?[layer]);
        return norm is null ? stream.Sum() : stream.Norm(norm).Normalised;
    }
}
