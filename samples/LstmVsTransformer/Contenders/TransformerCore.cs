using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer.Contenders;

/// <summary>A pre-norm Transformer over vectors, with sinusoidal positions, which have no parameters to count.</summary>
internal sealed class TransformerCore : SequenceCore
{
    private readonly TransformerForm form;
    private readonly SinusoidalPositions? positions;
    private readonly TransformerBlock[] blocks;
    private readonly LayerNorm norm;

    internal TransformerCore(TransformerForm form, RandomGenerator random)
    {
        this.form = form;
        positions = form.Positions ? Register("positions", new SinusoidalPositions(form.ModelSize)) : null;
        blocks = [.. Enumerable.Range(0, form.Layers).Select(i => Register($"block{i}", new TransformerBlock(form, random)))];
        norm = Register("norm", new LayerNorm(form.ModelSize));
    }

    /// <inheritdoc/>
    internal override int OutputSize => form.ModelSize;

    /// <inheritdoc/>
    internal override Variable Forward(Variable x) => Run(x, null);

    /// <inheritdoc/>
    internal override IReadOnlyList<Variable> LastWeights(Variable x)
    {
        var weights = new List<Variable>();
        Run(x, weights);
        return [.. weights.Select(w => w.Select(2, x.Shape[1] - 1))];
    }

    private Variable Run(Variable x, List<Variable>? weights)
    {
        if (positions is not null)
            x = positions.Forward(x);
        foreach (var block in blocks)
            x = block.Forward(x, weights);
        return norm.Forward(x);
    }
}
