namespace SeqCore.Models;

/// <summary>
/// Returns the last step of each sequence: what a recurrent layer has read in the end. Shapes: x (B, T, F), result (B, F).
/// </summary>
/// <remarks>
/// In the output of a bidirectional layer, the backward direction has read nothing but the last step there; pool by mean, max or
/// attention instead.
/// </remarks>
public sealed class LastStep : TimePooling
{
    /// <inheritdoc/>
    protected override Variable Pool(Variable x, IndexTensor? lengths)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (lengths is null)
            return x.Select(1, -1);
        var (batch, steps, features) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        var rows = IndexTensor.Arange(batch, lengths.Backend) * steps + lengths - 1;
        return x.Reshape(batch * steps, features).Gather(rows);
    }
}
