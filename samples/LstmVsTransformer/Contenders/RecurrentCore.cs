using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer.Contenders;

/// <summary>Recurrent layers, read forwards.</summary>
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
