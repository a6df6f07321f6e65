namespace SeqCore.Functions;

/// <summary>Looks up rows of a table: y_i = table_(indices_i). Shapes: table (V, D), indices (...), y (..., D).</summary>
internal sealed class EmbeddingFunction(Variable table, IndexTensor indices, int? paddingIndex, bool sparseGradient)
    : Function(table)
{
    private int? paddingRow;

    protected override Tensor Forward()
    {
        if (table.Shape.Rank != 2)
            throw ShapeException.Wrong(Name, "table", "(V, D)", table.Shape);
        var rows = table.Shape[0];
        if (paddingIndex < -rows || paddingIndex >= rows)
        {
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), paddingIndex,
                $"{Name}: the padding index should be a row of the table, which has {rows}.");
        }

        paddingRow = paddingIndex < 0 ? paddingIndex + rows : paddingIndex;
        var y = Tensor.Uninitialized(new Shape([.. indices.Shape.Sizes, table.Shape[1]]), table.Value.Backend);
        y.Backend.Gather(table.Value.Contiguous().Span, indices.Span, y.Span, table.Shape[0], table.Shape[1]);
        return y;
    }

    /// <summary>
    /// Adds each row of dY to the row of the table that it came from; the gradient of the padding's row stays 0. A sparse
    /// gradient is added to the leaf's own memory, without a tensor of the table's size.
    /// </summary>
    protected override void Backward(Tensor dY)
    {
        if (sparseGradient && table.IsLeaf)
        {
            RequireUnchanged(indices);
            Tape.DeliverRows(this, table, dY, indices, paddingRow);
            return;
        }

        var dTable = Tensor.Zeros(table.Shape, dY.Backend);
        dY.Backend.ScatterAdd(dY.Span, indices.Span, dTable.Span, table.Shape[0], table.Shape[1]);
        if (paddingRow is { } padding)
        {
            using var row = dTable.Select(0, padding);
            row.Backend.Fill(row.Strided, 0f);
        }

        AddGradient(table, dTable);
    }
}
