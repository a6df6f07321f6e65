using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>A table of constants with a row for each position, computed when a position is first requested.</summary>
/// <param name="owner">The name of the module in errors.</param>
/// <param name="rowShape">The shape of a row.</param>
/// <param name="compute">Fills the rows of the positions from 0 on.</param>
internal sealed class PositionTable(string owner, Shape rowShape, Action<Span<float>> compute) : IDisposable
{
    private Tensor? table;

    /// <summary>
    /// Returns a table of at least the positions below first + count, shape (P, row...). A longer table may replace it later, but
    /// it stays usable.
    /// </summary>
    /// <exception cref="SizeLimitException">The table would have more than 2^31 - 1 elements.</exception>
    internal Tensor Reaching(int first, int count, Backend backend)
    {
        var positions = (long)first + count;
        var current = table;
        if (current is not null && current.Shape[0] >= positions && current.Backend == backend)
            return current;

        SizeLimitException.Check($"{owner}: a table of {positions} positions, each of shape {rowShape},",
            (decimal)positions * rowShape.ElementCount, "Read fewer positions.");

        // The shorter table is left to the garbage collector: a tape may still need it for its backward pass.
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
