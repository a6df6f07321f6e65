using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Recurrent layers that read forwards.</summary>
internal sealed class RecurrentCore : SequenceCore
{
    private readonly FusedRecurrentLayer layer;

    internal RecurrentCore(FusedRecurrentLayer layer) => this.layer = Register("layer", layer);

    /// <inheritdoc/>
    internal override int OutputSize => layer.OutputSize;

    /// <summary>The recurrent weights of the first layer, shape (G H, H).</summary>
    internal Parameter RecurrentWeight => layer.Weights[0].WeightHh;

    /// <inheritdoc/>
    internal override Variable Forward(Variable x) => layer.Forward(x).Output;
}

/// <summary>
/// An LSTM that reads forwards and one that reads backwards. A single answer is read from the states in which both
/// end: that of the backward one has just seen the first step.
/// </summary>
internal sealed class BidirectionalCore : SequenceCore
{
    private readonly Lstm layer;

    internal BidirectionalCore(Lstm layer) => this.layer = Register("layer", layer);

    /// <inheritdoc/>
    internal override int OutputSize => layer.OutputSize;

    /// <inheritdoc/>
    internal override Variable Forward(Variable x) => layer.Forward(x).Output;

    /// <inheritdoc/>
    internal override Variable Last(Variable x, int count) => count == 1
        ? Variable.Concat([.. layer.Forward(x).State.Hidden], -1).Unsqueeze(1)
        : base.Last(x, count);
}

/// <summary>
/// An LSTM whose last states attend to all states before they answer, by Luong's general score. The answer is read from the
/// state and the result of attention, side by side. A step may see later steps, which in these tasks reveal nothing.
/// </summary>
internal sealed class AttentiveCore : SequenceCore
{
    private readonly Lstm layer;
    private readonly GeneralAttention attention;

    internal AttentiveCore(Lstm layer, RandomGenerator random)
    {
        this.layer = Register("layer", layer);
        attention = Register("attention", new GeneralAttention(layer.HiddenSize, layer.HiddenSize, random));
    }

    /// <inheritdoc/>
    internal override int OutputSize => 2 * layer.OutputSize;

    /// <inheritdoc/>
    internal override Variable Forward(Variable x) => Last(x, x.Shape[1]);

    /// <inheritdoc/>
    internal override Variable Last(Variable x, int count)
    {
        var (states, last) = Read(x, count);
        return Variable.Concat([last, attention.Forward(last, states).Output], -1);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<Variable> LastWeights(Variable x)
    {
        var (states, last) = Read(x, 1);
        return [attention.Forward(last, states, returnWeights: true).Weights!.Squeeze(2)];
    }

    private (Variable States, Variable Last) Read(Variable x, int count)
    {
        var states = layer.Forward(x).Output;
        return (states, states.Slice(1, x.Shape[1] - count, count));
    }
}
