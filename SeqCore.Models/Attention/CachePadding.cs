using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// The padding on the left of each row of a <see cref="KeyValueCache"/>, and the mask that hides it: minus infinity at padding,
/// else 0.
/// </summary>
/// <param name="lengths">The number of padding tokens of each row.</param>
/// <param name="backend">The backend that holds the cache.</param>
internal sealed class CachePadding(int[] lengths, Backend backend) : IDisposable
{
    private readonly int longest = lengths.Max();
    private Tensor? mask;

    /// <summary>The number of padding tokens of each row, shape (B, 1, 1, 1).</summary>
    internal IndexTensor Lengths() => IndexTensor.FromSpan(lengths, new Shape(lengths.Length, 1, 1, 1), backend);

    /// <summary>Returns the mask of the tokens of a segment; absent if it has no padding.</summary>
    internal MaskSpan Of(KeyValueSegment segment)
    {
        if (segment.Start >= longest)
            return default;
        var end = segment.Start + segment.Capacity;
        if (mask is null || mask.Shape[1] < end)
            Build(end);
        var data = mask!.Span;
        return new MaskSpan(data.Slice(segment.Start, data.Length - segment.Start), mask.Shape[1], 0, 0);
    }

    /// <summary>Returns the padding of the rows named.</summary>
    internal CachePadding Reordered(ReadOnlySpan<int> rows)
    {
        var moved = new int[rows.Length];
        for (var b = 0; b < rows.Length; b++)
            moved[b] = lengths[rows[b]];
        return new CachePadding(moved, backend);
    }

    public void Dispose() => mask?.Dispose();

    private void Build(int width)
    {
        mask?.Dispose();
        var values = HostArray.NewRows<float>($"The mask of the padding of {width} tokens", lengths.Length, width);
        for (var b = 0; b < lengths.Length; b++)
            values.AsSpan(b * width, Math.Min(width, lengths[b])).Fill(float.NegativeInfinity);
        using var suspension = TensorScope.Suspend();
        mask = Tensor.FromSpan(values, new Shape(lengths.Length, width), backend);
    }
}
