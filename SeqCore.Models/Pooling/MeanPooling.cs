namespace SeqCore.Models;

/// <summary>Returns the mean of the steps of each sequence. Shapes: x (B, T, F), result (B, F).</summary>
public sealed class MeanPooling : TimePooling
{
    /// <inheritdoc/>
    protected override Variable Pool(Variable x, IndexTensor? lengths)
    {
        ArgumentNullException.ThrowIfNull(x);
        return lengths is null
            ? x.Mean(axis: 1)
            : WithoutPadding(x, lengths).Steps.Sum(axis: 1) / lengths.ToTensor().Unsqueeze(1);
    }
}
