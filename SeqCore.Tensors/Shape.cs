using System.Collections;
using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// The sizes of a tensor's axes, outermost first; immutable. A scalar has rank 0. A shape can be written as <c>[2, 3]</c>.
/// </summary>
/// <example>
/// <code>
/// Shape images = [8, 3, 28, 28];
/// Console.WriteLine(images.ElementCount);                 // 18816
/// Console.WriteLine(images.Rank);                         // 4
/// Console.WriteLine(images.With(axis: 1, size: 1));       // (8, 1, 28, 28)
/// Console.WriteLine(images.Equals([8, 3, 28, 28]));       // True
/// </code>
/// </example>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    private readonly int[] sizes;

    /// <summary>Makes a shape with the given sizes.</summary>
    /// <exception cref="ArgumentException">A size is negative, or there are more than eight axes.</exception>
    /// <exception cref="SizeLimitException">
    /// The shape has more than 2^31 - 1 elements; if a size is 0, the product of the other sizes counts.
    /// </exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > Layout.MaxRank)
            throw new ArgumentException($"Shape: a tensor has at most {Layout.MaxRank} axes; got {sizes.Length}.");
        long count = 1;
        foreach (var size in sizes)
        {
            if (size < 0)
                throw new ArgumentException($"Shape: sizes should not be negative; got ({string.Join(", ", sizes.ToArray())}).");

            // Strides are products of sizes too, and an axis of size 0 does not bound them.
            count *= Math.Max(1, size);
            if (count > int.MaxValue)
                SizeLimitException.Check($"Shape: ({string.Join(", ", sizes.ToArray())})", Product(sizes));
        }

        this.sizes = sizes.ToArray();
        ElementCount = sizes.Contains(0) ? 0 : (int)count;
    }

    /// <summary>Makes a shape with the given sizes; it lets a collection expression stand for a shape.</summary>
    public static Shape Create(ReadOnlySpan<int> sizes) => new(sizes);

    /// <summary>The shape of a scalar.</summary>
    public static Shape Scalar { get; } = new();

    /// <summary>The number of axes.</summary>
    public int Rank => sizes.Length;

    /// <summary>The product of the sizes; 1 for a scalar.</summary>
    public int ElementCount { get; }

    int IReadOnlyCollection<int>.Count => sizes.Length;

    /// <summary>The size of an axis; negative axes count from the end, so -1 is the innermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[int axis] => sizes[Axis(axis)];

    /// <summary>The size of an axis, such as <c>shape[^1]</c>, the innermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[Index axis]
    {
        get
        {
            var offset = axis.GetOffset(Rank);
            return (uint)offset < (uint)Rank
                ? sizes[offset]
                : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"Shape {this} has axes {-Rank} to {Rank - 1}.");
        }
    }

    /// <summary>The sizes of the axes, outermost first.</summary>
    public ReadOnlySpan<int> Sizes => sizes;

    /// <summary>Converts an axis that may count from the end to one that counts from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int Axis(int axis)
    {
        if (axis < -Rank || axis >= Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"Shape {this} has axes {-Rank} to {Rank - 1}.");
        return axis < 0 ? axis + Rank : axis;
    }

    // Eight sizes may have a product of 248 bits, which only an error message shows.
    private static decimal Product(ReadOnlySpan<int> sizes)
    {
        var product = 1.0;
        foreach (var size in sizes)
            product *= Math.Max(1, size);
        return (decimal)Math.Min(product, 1e28);
    }

    /// <summary>Makes a copy with another size on one axis.</summary>
    public Shape With(int axis, int size)
    {
        var copy = sizes.ToArray();
        copy[Axis(axis)] = size;
        return new Shape(copy);
    }

    /// <summary>Returns the shape of an element-wise operation on two shapes, broadcast as in NumPy.</summary>
    /// <param name="left">The shape of the left operand.</param>
    /// <param name="right">The shape of the right operand.</param>
    /// <param name="operation">The operation's name for the error.</param>
    /// <exception cref="ShapeException">Two sizes of one axis differ and neither is 1.</exception>
    public static Shape Broadcast(Shape left, Shape right, string operation)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Equals(right))
            return left;
        var rank = Math.Max(left.Rank, right.Rank);
        Span<int> result = stackalloc int[rank];
        for (var i = 1; i <= rank; i++)
        {
            var a = i <= left.Rank ? left.sizes[^i] : 1;
            var b = i <= right.Rank ? right.sizes[^i] : 1;
            if (a != b && a != 1 && b != 1)
                throw ShapeException.CannotBroadcast(operation, left, right, rank - i);
            result[^i] = a == 1 ? b : a;
        }

        return new Shape(result);
    }

    /// <summary>Converts an array of sizes to a shape.</summary>
    public static implicit operator Shape(int[] sizes) => new(sizes);

    /// <inheritdoc/>
    public bool Equals(Shape? other) =>
        ReferenceEquals(other, this) || (other is not null && sizes.AsSpan().SequenceEqual(other.sizes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var size in sizes)
            hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>
    /// Returns the shape as text, for example <c>(32, 100, 256)</c>, <c>()</c> for a scalar or <c>(3,)</c> for a vector.
    /// </summary>
    public override string ToString() => Rank == 1 ? $"({sizes[0]},)" : $"({string.Join(", ", sizes)})";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
