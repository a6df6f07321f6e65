using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>Rows of constants, one for each position, computed when a position is first asked for.</summary>
/// <param name="rowShape">Shape of one row.</param>
/// <param name="compute">Fills the rows of the positions from 0 on.</param>
internal sealed class PositionTable(Shape rowShape, Action<Span<float>> compute) : IDisposable
{
    private Tensor? table;

    /// <summary>
    /// A table of at least so many positions, shape (P, row...). It may be replaced by a longer one but stays usable.
    /// </summary>
    internal Tensor AtLeast(int positions, Backend backend)
    {
        var current = table;
        if (current is not null && current.Shape[0] >= positions && current.Backend == backend)
            return current;

        // The shorter one is left to the garbage collector: a tape may still need it for its backward pass.
        var doubled = (int)Math.Min(int.MaxValue / Math.Max(1, rowShape.ElementCount),
            System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, positions)));
        var length = Math.Max(doubled, positions);
        var values = HostArray.New<float>($"A table of {length} positions of shape {rowShape}",
            (long)length * rowShape.ElementCount);
        compute(values);
        var longer = Tensor.FromSpan(values, new Shape([length, .. rowShape.Sizes]), backend);
        TensorScope.Current?.Keep(longer);
        return table = longer;
    }

    public void Dispose() => table?.Dispose();
}
