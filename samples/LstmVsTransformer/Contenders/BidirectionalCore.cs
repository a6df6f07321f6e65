using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer.Contenders;

/// <summary>
/// An LSTM that reads forwards and one that reads backwards. Where one answer is asked for, it is read from the state in which
/// each of them ends: that of the backward one has just seen the first step.
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
