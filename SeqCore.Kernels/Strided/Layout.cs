using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// The sizes and strides of up to eight axes, of which the last one is the innermost. Strides count elements; a stride of 0
/// repeats one element along an axis (broadcasting).
/// </summary>
public readonly struct Layout : IEquatable<Layout>
{
    /// <summary>The largest number of axes of a tensor.</summary>
    public const int MaxRank = 8;

    private readonly Axes sizes;
    private readonly Axes strides;
    private readonly bool isContiguous;

    /// <summary>Makes a layout with the given sizes and strides.</summary>
    /// <exception cref="ArgumentException">There are more than eight axes, or the numbers of sizes and strides
    /// differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    /// <exception cref="SizeLimitException">There are more than 2^31 - 1 elements.</exception>
    public Layout(ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides)
    {
        if (sizes.Length != strides.Length || sizes.Length > MaxRank)
        {
            throw new ArgumentException($"Sizes and strides should agree and be at most {MaxRank};"
                + $" got {sizes.Length} and {strides.Length}.");
        }

        Rank = sizes.Length;
        long count = 1;
        for (var i = 0; i < Rank; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sizes[i]);
            this.sizes[i] = sizes[i];
            this.strides[i] = strides[i];
            count *= sizes[i];
            if (count > int.MaxValue)
                SizeLimitException.Check($"Layout: ({string.Join(", ", sizes.ToArray())})", count);
        }

        Count = (int)count;
        isContiguous = HasStridesOfRows();
    }

    /// <summary>The number of axes, 0 to 8.</summary>
    public int Rank { get; }

    /// <summary>The number of elements: the product of the sizes.</summary>
    public int Count { get; }

    /// <summary>Whether the elements are in row-major order without gaps.</summary>
    public bool IsContiguous => isContiguous || Count == 0;

    /// <summary>Makes a row-major layout without gaps.</summary>
    public static Layout Contiguous(ReadOnlySpan<int> sizes)
    {
        Span<int> strides = stackalloc int[sizes.Length];
        var stride = 1;
        for (var i = sizes.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(1, sizes[i]);
        }

        return new Layout(sizes, strides);
    }

    /// <summary>Returns the number of elements along an axis.</summary>
    public int Size(int axis) => sizes[axis];

    /// <summary>Returns the distance between neighbours along an axis, in elements.</summary>
    public int Stride(int axis) => strides[axis];

    /// <summary>Whether another layout has the same sizes.</summary>
    internal bool HasSizesOf(in Layout other) =>
        Rank == other.Rank && ((ReadOnlySpan<int>)sizes).SequenceEqual(other.sizes);

    /// <inheritdoc/>
    public bool Equals(Layout other)
    {
        if (Rank != other.Rank)
            return false;
        for (var i = 0; i < Rank; i++)
        {
            if (Size(i) != other.Size(i) || Stride(i) != other.Stride(i))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Layout other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var i = 0; i < Rank; i++)
            hash.Add(HashCode.Combine(Size(i), Stride(i)));
        return hash.ToHashCode();
    }

    private bool HasStridesOfRows()
    {
        var expected = 1;
        for (var i = Rank - 1; i >= 0; i--)
        {
            if (Size(i) != 1 && Stride(i) != expected)
                return false;
            expected *= Size(i);
        }

        return true;
    }

    [InlineArray(MaxRank)]
    private struct Axes
    {
        private int first;
    }
}

/// <summary>
/// Elements of a device's memory seen through a layout; element (0, ..., 0) is the first of <see cref="Data"/>.
/// </summary>
/// <param name="Data">The memory that contains the elements.</param>
/// <param name="Layout">The sizes and strides.</param>
public readonly record struct StridedSpan(DeviceSpan<float> Data, Layout Layout);
