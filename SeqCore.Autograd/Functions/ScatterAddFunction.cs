namespace SeqCore.Functions;

/// <summary>
/// Computes y = table with row i of the source added to row indices_i. Shapes: table (V, ...), indices (...), source (indices...,
/// ...).
/// </summary>
internal sealed class ScatterAddFunction(Variable table, IndexTensor indices, Variable source) : Function(table, source)
{
    protected override Tensor Forward()
    {
        var y = table.Value.Copy();
        y.ScatterAddInPlace(indices, source.Value);
        return y;
    }

    /// <summary>Computes dTable = dY and dSource = the rows of dY at the indices.</summary>
    protected override void Backward(Tensor dY)
    {
        if (NeedsGradient(source))
            AddGradient(source, dY.Gather(indices));
        AddGradient(table, dY);
    }
}
