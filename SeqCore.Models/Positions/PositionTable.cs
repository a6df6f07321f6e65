using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>Rows of constants, one for each position, computed when a position is first asked for.</summary>
/// <param name="owner">The module's name, for errors.</param>
/// <param name="rowShape">Shape of one row.</param>
/// <param name="compute">Fills the rows of the positions from 0 on.</param>
internal sealed class PositionTable(string owner, Shape rowShape, Action<Span<float>> compute) : IDisposable
{
    private Tensor? table;

    /// <summary>
    /// A table of the positions below first + count at least, shape (P, row...). It may be replaced by a longer one but stays
    /// usable.
    /// </summary>
    /// <exception cref="SizeLimitException">It would have more than 2^31 - 1 elements.</exception>
    internal Tensor Reaching(int first, int count, Backend backend)
    {
        var positions = (long)first + count;
        var current = table;
        if (current is not null && current.Shape[0] >= positions && current.Backend == backend)
            return current;

        SizeLimitException.Check($"{owner}: a table of {positions} positions, each of shape {rowShape},",
            (decimal)positions * rowShape.ElementCount, "Read fewer positions.");

        // The shorter one is left to the garbage collector: a tape may still need it for its backward pass.
        var doubled = (int)Math.Min(int.MaxValue / Math.Max(1, rowShape.ElementCount),
            System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, positions)));
        var length = (int)Math.Max(doubled, positions);
        var values = HostArray.New<float>($"A table of {length} positions of shape {rowShape}",
            length * rowShape.ElementCount);
        compute(values);
        var longer = Tensor.FromSpan(values, new Shape([length, .. rowShape.Sizes]), backend);
        TensorScope.Current?.Keep(longer);
        return table = longer;
    }

    public void Dispose() => table?.Dispose();
}
