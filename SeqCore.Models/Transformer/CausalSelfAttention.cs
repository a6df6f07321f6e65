namespace SeqCore.Models;

/// <summary>
/// Self-attention of a <see cref="Gpt"/>: one projection to queries, keys and values (c_attn), heads, one
/// projection back (c_proj).
/// </summary>
internal sealed class CausalSelfAttention : Module
{
    private readonly AttentionHeads heads;
    private readonly Dropout? dropout;
    private readonly Linear attention;
    private readonly Linear projection;

    internal CausalSelfAttention(GptOptions options, RotaryPositions? rotary, ConstantTensor? slopes, RandomGenerator random)
    {
        heads = new AttentionHeads(nameof(Gpt), options.ModelSize, options.HeadCount, options.KeyHeadCount, rotary, slopes);
        attention = Register("c_attn", TransformerInitializer.Linear(options.ModelSize, heads.PackedSize, random, options.Bias));
        projection = Register("c_proj",
            TransformerInitializer.Linear(options.ModelSize, options.ModelSize, random, options.Bias, options.ResidualDeviation));
        dropout = options.Dropout > 0f ? Register("dropout", new Dropout(options.Dropout, random)) : null;
    }

    internal AttentionHeads Heads => heads;

    internal Variable Forward(Variable x, TransformerPass pass, int layer)
    {
        var y = heads.SelfAttention(attention.Forward(x), pass.With(pass.Options, dropout), pass.Position,
            pass.Caches?[layer], pass.Weights);
        return pass.Drop(projection.Forward(y), dropout);
    }
}
