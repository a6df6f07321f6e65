namespace SeqCore.Models;

/// <summary>All of a <see cref="Gpt"/> but its head; a module of its own for the sake of the names of its parameters.</summary>
internal sealed class GptBody : Module
{
    private readonly PositionEncoding? positions;
    private readonly ConstantTensor? slopes;
    private readonly Dropout? dropout;
    private readonly NormLayer lastNorm;

    internal GptBody(GptOptions options, RandomGenerator random)
    {
        var size = options.ModelSize;
        Tokens = Register("wte", TransformerInitializer.Embedding(options.VocabularySize, size, random));
        positions = options.Positions switch
        {
            PositionKind.Learned => Register("wpe", new LearnedPositions(options.MaximumLength!.Value, size, random)),
            PositionKind.Sinusoidal => Register("positions", new SinusoidalPositions(size)),
            _ => null,
        };
        var rotary = options.Positions == PositionKind.Rotary
            ? Register("rotary", new RotaryPositions(size / options.HeadCount,
                options.RotarySize == 0 ? null : options.RotarySize, options.RotaryBase, options.RotaryScale,
                options.RotaryPairs))
            : null;
        if (options.Positions == PositionKind.Alibi)
            slopes = new ConstantTensor(backend => AlibiSlopes.Of(options.HeadCount, backend));
        dropout = options.Dropout > 0f ? Register("drop", new Dropout(options.Dropout, random)) : null;
        Blocks = Register("h", new ModuleList<GptBlock>(Enumerable.Range(0, WeightRoom.ForParts(options.Layers))
            .Select(_ => new GptBlock(options, rotary, slopes, random))));
        lastNorm = Register("ln_f", options.NewNorm());
    }

    internal Embedding Tokens { get; }

    internal ModuleList<GptBlock> Blocks { get; }

    /// <summary>Shapes (B, T) to (B, T, D).</summary>
    internal Variable Forward(IndexTensor tokens, TransformerPass pass)
    {
        var x = Tokens.Forward(tokens);
        if (positions is SinusoidalPositions)
            x *= MathF.Sqrt(x.Shape[2]);
        if (positions is not null)
            x = positions.Forward(x, pass.Position);
        var stream = new ResidualStream(pass.Drop(x, dropout));
        for (var layer = 0; layer < Blocks.Count; layer++)
            stream = Blocks[layer].Forward(stream, pass, layer);
        return stream.Norm(lastNorm).Normalised;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            slopes?.Dispose();
    }
}
