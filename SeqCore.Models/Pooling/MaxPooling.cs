namespace SeqCore.Models;

/// <summary>
/// Returns the largest value of each feature over the steps of each sequence. Shapes: x (B, T, F), result (B, F).
/// </summary>
public sealed class MaxPooling : TimePooling
{
    /// <inheritdoc/>
    protected override Variable Pool(Variable x, IndexTensor? lengths)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (lengths is not null)
            x = x.MaskedFill(!BoolTensor.LengthMask(lengths, x.Shape[1]).Unsqueeze(2), float.NegativeInfinity);
        return x.Max(axis: 1);
    }
}
