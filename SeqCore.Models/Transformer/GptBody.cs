using SeqCore.Autograd;
using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>All of a <see cref="Gpt"/> but its head; a module of its own for the sake of the names of its parameters.</summary>
internal sealed class GptBody : Module
{
    private readonly Embedding? positions;
    private readonly Dropout? dropout;
    private readonly LayerNorm lastNorm;

    internal GptBody(GptOptions options, RandomGenerator random)
    {
        Tokens = Register("wte", GptInitializer.Embedding(options.VocabularySize, options.ModelSize, random));
        if (options.Positions == PositionKind.Learned)
            positions = Register("wpe", GptInitializer.Embedding(options.MaximumLength!.Value, options.ModelSize, random));
        dropout = options.Dropout > 0f ? Register("drop", new Dropout(options.Dropout, random)) : null;
        Blocks = Register("h", new ModuleList<GptBlock>(Enumerable.Range(0, options.Layers).Select(_ => new GptBlock(options, random))));
        lastNorm = Register("ln_f", new LayerNorm(options.ModelSize, bias: options.Bias));
    }

    internal Embedding Tokens { get; }

    internal ModuleList<GptBlock> Blocks { get; }

    /// <summary>Shapes (B, T) to (B, T, D).</summary>
    internal Variable Forward(IndexTensor tokens, TransformerPass pass)
    {
        var x = Tokens.Forward(tokens);
        if (positions is not null)
            x += positions.Weight.Slice(0, pass.Position, tokens.Shape[1]);
        x = pass.Drop(x, dropout);
        for (var layer = 0; layer < Blocks.Count; layer++)
            x = Blocks[layer].Forward(x, pass, layer);
        return lastNorm.Forward(x);
    }
}
