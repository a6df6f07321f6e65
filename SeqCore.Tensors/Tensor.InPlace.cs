using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

// These methods write to the memory that all views share. A view that repeats elements (BroadcastTo, Expand) cannot be written
// to.
public sealed partial class Tensor
{
    /// <summary>Writes one number to all elements.</summary>
    public void FillInPlace(float value) => Backend.Fill(Writable("FillInPlace"), value);

    /// <summary>Copies the elements of another tensor, broadcast to this shape, to this tensor.</summary>
    /// <exception cref="ShapeException">The shape of the other tensor does not broadcast to the shape of this one.</exception>
    public void CopyFrom(Tensor source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var own = Separate(source, "CopyFrom");
        Backend.Copy((own ?? source).StridedAs(Shape), Writable("CopyFrom"));
    }

    /// <summary>Copies values in row-major order to this tensor.</summary>
    /// <exception cref="ShapeException">The number of values is not the number of elements.</exception>
    public void CopyFrom(ReadOnlySpan<float> values)
    {
        if (values.Length != ElementCount)
        {
            throw ShapeException.Wrong("CopyFrom", "values", $"({ElementCount},)", new Shape(values.Length),
                $"the tensor is {Shape}");
        }

        if (values.IsEmpty)
        {
            ThrowIfDisposed();
            return;
        }

        if (IsContiguous)
        {
            Backend.Upload(values, Span);
            NoteWrite("CopyFrom");
            return;
        }

        using var source = FromSpan(values, Shape, Backend);
        Backend.Copy(source.Strided, Writable("CopyFrom"));
    }

    /// <summary>Replaces each element x by f(x).</summary>
    /// <param name="operation">The operation, which holds the formula.</param>
    /// <param name="name">The name of the operation in errors; null for the name of its type.</param>
    public void MapInPlace<TOperation>(TOperation operation, string? name = null) where TOperation : struct, IUnaryOperation
    {
        var own = Writable(name ?? typeof(TOperation).Name);
        Backend.Unary(operation, own, own);
    }

    /// <summary>Replaces each element x by f(x, other), with the other tensor broadcast to this shape.</summary>
    /// <param name="operation">The operation, which holds the formula.</param>
    /// <param name="other">The right operand.</param>
    /// <param name="name">The name of the operation in errors; null for the name of its type.</param>
    /// <exception cref="ShapeException">The shape of the other tensor does not broadcast to the shape of this one.</exception>
    public void MapInPlace<TOperation>(TOperation operation, Tensor other, string? name = null)
        where TOperation : struct, IBinaryOperation
    {
        name ??= typeof(TOperation).Name;
        using var separate = Separate(other, name);
        var own = Writable(name);
        Backend.Binary(operation, own, (separate ?? other).StridedAs(Shape), own);
    }

    /// <summary>Adds another tensor, broadcast to this shape, to the elements in place.</summary>
    /// <exception cref="ShapeException">The shape of the other tensor does not broadcast to the shape of this one.</exception>
    public void AddInPlace(Tensor other) => MapInPlace(new AddOperation(), other, "AddInPlace");

    /// <summary>Adds a number to each element in place.</summary>
    public void AddInPlace(float value) => MapInPlace(new WithRight<AddOperation>(value), "AddInPlace");

    /// <summary>Subtracts another tensor, broadcast to this shape, from the elements in place.</summary>
    /// <exception cref="ShapeException">The shape of the other tensor does not broadcast to the shape of this one.</exception>
    public void SubtractInPlace(Tensor other) => MapInPlace(new SubtractOperation(), other, "SubtractInPlace");

    /// <summary>Multiplies the elements in place by another tensor, broadcast to this shape.</summary>
    /// <exception cref="ShapeException">The shape of the other tensor does not broadcast to the shape of this one.</exception>
    public void MultiplyInPlace(Tensor other) => MapInPlace(new MultiplyOperation(), other, "MultiplyInPlace");

    /// <summary>Multiplies each element by a number in place.</summary>
    public void MultiplyInPlace(float factor) => MapInPlace(new WithRight<MultiplyOperation>(factor), "MultiplyInPlace");

    private StridedSpan Writable(string operation)
    {
        CheckWritable(operation);
        var own = Strided;
        NoteWrite(operation);
        return own;
    }

    private void CheckWritable(string operation)
    {
        if (ViewLayouts.RepeatsElements(layout))
        {
            throw new InvalidOperationException(
                $"{operation}: this view of shape {Shape} repeats elements, so it cannot be written to. Hint: write to the tensor"
                + " that it was made from, or to a Copy() of the view, which you then use instead of it.");
        }
    }

    /// <summary>
    /// Copies the operand if it shares this tensor's memory in another order, so that no element is written before it is read;
    /// else returns null.
    /// </summary>
    private Tensor? Separate(Tensor other, string operation)
    {
        ArgumentNullException.ThrowIfNull(other);
        SameDevice(operation, this, other);
        other.CheckBroadcast(Shape, operation);
        return Overlaps(other) && !(other.offset == offset && other.layout.Equals(layout)) ? other.Copy() : null;
    }

    private bool Overlaps(Tensor other)
    {
        if (other.buffer != buffer)
            return false;
        var (own, others) = (Extent(), other.Extent());
        return own.Offset < others.Offset + others.Length && others.Offset < own.Offset + own.Length;
    }
}
