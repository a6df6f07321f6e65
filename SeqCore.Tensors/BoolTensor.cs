using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

/// <summary>
/// An array of true and false: what comparisons give and masks are. Views, broadcasting and ownership are those of
/// <see cref="Tensor"/>: one made inside a <see cref="TensorScope"/> belongs to it.
/// </summary>
/// <remarks>
/// An element takes 4 bytes, a float32 of 1 or 0, because kernels read masks as numbers; so all of them work on every device.
/// A tensor of numbers becomes a mask by a comparison, such as <c>x.NotEqualTo(0f)</c>, and a mask becomes numbers by
/// <see cref="ToTensor"/>.
/// </remarks>
public sealed partial class BoolTensor : IDisposable
{
    private readonly Tensor values;

    /// <summary>Takes a tensor of ones and zeros, which nothing else may write.</summary>
    internal BoolTensor(Tensor values) => this.values = values;

    /// <summary>Sizes of the axes.</summary>
    public Shape Shape => values.Shape;

    /// <summary>Number of axes.</summary>
    public int Rank => values.Rank;

    /// <summary>Number of elements.</summary>
    public int ElementCount => values.ElementCount;

    /// <summary>The backend that holds the memory and runs the operations.</summary>
    public Backend Backend => values.Backend;

    /// <summary>Whether the tensor has been disposed, by itself or with its scope.</summary>
    public bool IsDisposed => values.IsDisposed;

    /// <summary>The elements as ones and zeros; to be read only.</summary>
    internal Tensor Values => values;

    /// <summary>True where both are; broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator &(BoolTensor x, BoolTensor y) => Map(new MultiplyOperation(), x, y, "And");

    /// <summary>True where at least one is; broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator |(BoolTensor x, BoolTensor y) => Map(new MaximumOperation(), x, y, "Or");

    /// <summary>True where exactly one is; broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator ^(BoolTensor x, BoolTensor y) => Map(new NotEqualOperation(), x, y, "Xor");

    /// <summary>True where x is false.</summary>
    public static BoolTensor operator !(BoolTensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.values.EqualTo(0f);
    }

    /// <summary>Gives the memory back, unless views still use it.</summary>
    public void Dispose() => values.Dispose();

    private static BoolTensor Map<TOperation>(TOperation operation, BoolTensor x, BoolTensor y, string name)
        where TOperation : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return new BoolTensor(Tensor.Map(operation, x.values, y.values, name));
    }
}
