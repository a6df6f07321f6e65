using System.Runtime.CompilerServices;
using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

/// <summary>
/// An array of booleans, such as a mask or the result of a comparison. Views, broadcasting and ownership work as for
/// <see cref="Tensor"/>: a mask made inside a <see cref="TensorScope"/> belongs to it.
/// </summary>
/// <remarks>
/// An element takes 4 bytes, a float32 of 1 or 0, because kernels read masks as numbers; so all kernels work on every device. A
/// comparison such as <c>x.NotEqualTo(0f)</c> turns numbers into a mask, and <see cref="ToTensor"/> turns a mask into numbers.
/// </remarks>
/// <example>
/// <code>
/// using var scope = new TensorScope();
/// var x = Tensor.FromArray([1f, -2f, 3f, float.NaN]);
/// var valid = BoolTensor.IsFinite(x) &amp; (x > 0f);
/// Console.WriteLine(valid.Count());                          // 2
/// Console.WriteLine(x.MaskedFill(!valid, 0f).Sum().Item());  // 4
/// </code>
/// </example>
public sealed partial class BoolTensor : IDisposable
{
    private readonly Tensor values;

    /// <summary>Wraps a tensor of ones and zeros, which no other code may write to.</summary>
    internal BoolTensor(Tensor values) => this.values = values;

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape => values.Shape;

    /// <summary>The number of axes.</summary>
    public int Rank => values.Rank;

    /// <summary>The number of elements.</summary>
    public int ElementCount => values.ElementCount;

    /// <summary>The backend that holds the memory and runs the operations.</summary>
    public Backend Backend => values.Backend;

    /// <summary>Whether the tensor has been disposed, by itself or with its scope.</summary>
    public bool IsDisposed => values.IsDisposed;

    /// <summary>The elements as ones and zeros, which must not be written to.</summary>
    internal Tensor Values => values;

    /// <summary>Returns true where both operands are true; the operands are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator &(BoolTensor x, BoolTensor y) => Map(new MultiplyOperation(), x, y, "And");

    /// <summary>Returns true where at least one operand is true; the operands are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator |(BoolTensor x, BoolTensor y) => Map(new MaximumOperation(), x, y, "Or");

    /// <summary>Returns true where exactly one operand is true; the operands are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator ^(BoolTensor x, BoolTensor y) => Map(new NotEqualOperation(), x, y, "Xor");

    /// <summary>
    /// Returns true where both operands are the same; they are broadcast. For the question whether two references are the same
    /// object there is <see cref="object.ReferenceEquals"/>, and for null <c>x is null</c>.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator ==(BoolTensor x, BoolTensor y) => Map(new EqualOperation(), x, y, "EqualTo");

    /// <summary>Returns true where exactly one operand is true, as <c>^</c> does; they are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static BoolTensor operator !=(BoolTensor x, BoolTensor y) => x ^ y;

    /// <summary>Returns whether an object is this mask, whatever its elements; collections compare masks so.</summary>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <summary>Returns a hash code of the object, which does not depend on the elements.</summary>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns true where x is false.</summary>
    public static BoolTensor operator !(BoolTensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.values.EqualTo(0f);
    }

    /// <summary>Releases the memory unless views still use it.</summary>
    public void Dispose() => values.Dispose();

    private static BoolTensor Map<TOperation>(TOperation operation, BoolTensor x, BoolTensor y, string name)
        where TOperation : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return new BoolTensor(Tensor.Map(operation, x.values, y.values, name));
    }
}
