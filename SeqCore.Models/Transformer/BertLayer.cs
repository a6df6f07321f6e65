namespace SeqCore.Models;

/// <summary>
/// One layer of a <see cref="Bert"/>, post-norm: x' = norm(x + attention(x)), x'' = norm(x' + feedForward(x')). The three
/// projections of attention have weights of their own, as published BERTs have them; they are laid side by side for one product.
/// </summary>
internal sealed class BertLayer : Module
{
    private readonly AttentionHeads heads;
    private readonly Linear[] projections;
    private readonly Linear attentionOutput;
    private readonly LayerNorm attentionNorm;
    private readonly Linear intermediate;
    private readonly Linear output;
    private readonly LayerNorm outputNorm;
    private readonly FeedForwardActivation activation;
    private readonly Dropout? dropout;

    internal BertLayer(BertOptions options, RandomGenerator random)
    {
        var size = options.ModelSize;
        heads = new AttentionHeads(nameof(Bert), size, options.HeadCount, 0);
        activation = options.Activation;
        var attention = Register("attention", new ModuleGroup());
        var self = attention.Add("self", new ModuleGroup());
        projections = [.. new[] { "query", "key", "value" }
            .Select(n => self.Add(n, TransformerInitializer.Linear(size, size, random)))];
        var afterAttention = attention.Add("output", new ModuleGroup());
        attentionOutput = afterAttention.Add("dense", TransformerInitializer.Linear(size, size, random));
        attentionNorm = afterAttention.Add("LayerNorm", new LayerNorm(size, options.Epsilon));
        intermediate = Register("intermediate", new ModuleGroup())
            .Add("dense", TransformerInitializer.Linear(size, options.FeedForward, random));
        var last = Register("output", new ModuleGroup());
        output = last.Add("dense", TransformerInitializer.Linear(options.FeedForward, size, random));
        outputNorm = last.Add("LayerNorm", new LayerNorm(size, options.Epsilon));
        dropout = options.Dropout > 0f ? Register("dropout", new Dropout(options.Dropout, random)) : null;
    }

    internal Variable Forward(Variable x, TransformerPass pass)
    {
        var packed = x.Linear(Variable.Concat([.. projections.Select(p => p.Weight)]),
            Variable.Concat([.. projections.Select(p => p.Bias!)]));
        var attended = attentionOutput.Forward(heads.SelfAttention(packed, pass.With(pass.Options, dropout), pass.Position,
            null, pass.Weights));
        x = attentionNorm.Forward(x + pass.Drop(attended, dropout));
        return outputNorm.Forward(x + pass.Drop(FeedForward.Run(x, intermediate, output, activation, pass), dropout));
    }
}
