using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// What an indexer takes of one axis: one element (the axis disappears) or a range. It converts from int, Index and Range.
/// </summary>
public readonly struct TensorIndex
{
    private readonly Range range;

    private TensorIndex(Range range, bool isElement)
    {
        this.range = range;
        IsElement = isElement;
    }

    /// <summary>Whether one element is taken, so that the axis disappears.</summary>
    public bool IsElement { get; }

    /// <summary>Converts an integer to one element; a negative one counts from the end.</summary>
    public static implicit operator TensorIndex(int index) =>
        index < 0 ? Index.FromEnd(-Math.Max(index, -int.MaxValue)) : Index.FromStart(index);

    /// <summary>Converts an index such as <c>^1</c> to one element.</summary>
    public static implicit operator TensorIndex(Index index) => new(new Range(index, index), true);

    /// <summary>Converts a range such as <c>1..3</c> to a part of an axis, or <c>..</c> to the whole axis.</summary>
    public static implicit operator TensorIndex(Range range) => new(range, false);

    internal (int Start, int Length)? Resolve(int size)
    {
        var start = range.Start.GetOffset(size);
        var end = IsElement ? start + 1 : range.End.GetOffset(size);
        return start < 0 || end < start || end > size ? null : (start, end - start);
    }

    /// <summary>Returns the index as it is written between brackets.</summary>
    public override string ToString() => IsElement ? range.Start.ToString() : range.ToString();
}

public sealed partial class Tensor
{
    /// <summary>
    /// A view of a part of the tensor, with one index for each axis from the first: <c>x[0, 1..3, ^1]</c>. Axes without an index
    /// are taken whole. Assigning a tensor copies its elements, broadcast, to that part: <c>x[0] = row</c>;
    /// <see cref="SetInPlace"/> writes a number.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are more indices than axes, or an index does not lie on its axis.
    /// </exception>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        get
        {
            if (indices.Length > Rank)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices.Length,
                    $"Tensor[...]: shape {Shape} has fewer axes than there are indices, {indices.Length}.");
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

        set
        {
            using var part = this[indices];
            part.CopyFrom(value);
        }
    }

    /// <summary>
    /// Writes one number to the elements that the indices take: <c>x.SetInPlace(3f, 0, 1)</c> is <c>x[0, 1] = 3</c> of Python.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are more indices than axes, or an index does not lie on its axis.
    /// </exception>
    public void SetInPlace(float value, params ReadOnlySpan<TensorIndex> indices)
    {
        using var part = this[indices];
        part.FillInPlace(value);
    }

    /// <summary>Returns the only element; waits for the device.</summary>
    /// <exception cref="ShapeException">The tensor does not have exactly one element.</exception>
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
