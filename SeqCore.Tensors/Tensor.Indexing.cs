using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// What an indexer takes of one axis: one element (the axis disappears) or a range. Made from int, Index or Range.
/// </summary>
public readonly struct TensorIndex
{
    private readonly Range range;

    private TensorIndex(Range range, bool isElement)
    {
        this.range = range;
        IsElement = isElement;
    }

    /// <summary>Whether one element is taken, and the axis disappears.</summary>
    public bool IsElement { get; }

    /// <summary>One element; negative counts from the end.</summary>
    public static implicit operator TensorIndex(int index) => index < 0 ? Index.FromEnd(-index) : Index.FromStart(index);

    /// <summary>One element, as in <c>^1</c>.</summary>
    public static implicit operator TensorIndex(Index index) => new(new Range(index, index), true);

    /// <summary>Part of an axis, as in <c>1..3</c>, or all of it: <c>..</c>.</summary>
    public static implicit operator TensorIndex(Range range) => new(range, false);

    internal (int Start, int Length)? Resolve(int size)
    {
        var start = range.Start.GetOffset(size);
        var end = IsElement ? start + 1 : range.End.GetOffset(size);
        return start < 0 || end < start || end > size ? null : (start, end - start);
    }

    /// <summary>As it is written between the brackets.</summary>
    public override string ToString() => IsElement ? range.Start.ToString() : range.ToString();
}

public sealed partial class Tensor
{
    /// <summary>A view of part of the tensor, from the first axis on: <c>x[0, 1..3, ^1]</c>. Axes not named are whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More indices than axes, or one that does not lie on its axis.</exception>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        get
        {
            if (indices.Length > Rank)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices.Length,
                    $"Tensor[...]: shape {Shape} has {Rank} axes; got {indices.Length} indices.");
            }

            Span<int> sizes = stackalloc int[Rank];
            Span<int> strides = stackalloc int[Rank];
            int rank = 0, skip = 0;
            for (var axis = 0; axis < Rank; axis++)
            {
                var index = axis < indices.Length ? indices[axis] : Range.All;
                var (start, length) = index.Resolve(Shape[axis])
                    ?? throw new ArgumentOutOfRangeException(nameof(indices),
                        $"Tensor[...]: {index} does not lie on axis {axis} of shape {Shape}.");
                skip += length == 0 ? 0 : start * layout.Stride(axis);
                if (index.IsElement)
                    continue;
                sizes[rank] = length;
                strides[rank++] = layout.Stride(axis);
            }

            return View(new Layout(sizes[..rank], strides[..rank]), skip);
        }
    }

    /// <summary>The only element.</summary>
    /// <exception cref="ShapeException">There is not exactly one.</exception>
    public float Item()
    {
        if (ElementCount != 1)
        {
            throw ShapeException.Wrong("Item", "tensor", "of one element", Shape, null,
                "take an element with [...] or Select, or reduce with Sum or Mean.");
        }

        var result = 0f;
        Backend.Download(Strided.Data, new Span<float>(ref result));
        return result;
    }
}
