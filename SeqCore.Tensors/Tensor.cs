using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// An array of float32 with up to eight axes: a shape and strides over a block of a device's memory that views share. Operations
/// make new tensors; those that write in place have names that end in <c>InPlace</c>. Tensors made inside a
/// <see cref="TensorScope"/> (such as a tape) belong to it; others live until they are disposed or collected.
/// </summary>
/// <example>
/// <code>
/// using var scope = new TensorScope();
/// var x = Tensor.FromArray(new[,] { { 1f, 2f, 3f }, { 4f, 5f, 9f } });
/// var column = x[.., 2];                                     // a view: no element is copied
/// var centred = x - x.Mean(axis: 1, keepDimensions: true);   // (2, 3) - (2, 1)
/// Console.WriteLine(column.Sum().Item());                    // 12
/// Console.WriteLine(centred[1, 0].Item());                   // -2
/// Console.WriteLine(Tensor.MatMul(x, x.Transpose()).Shape);  // (2, 2)
/// </code>
/// </example>
public sealed partial class Tensor : IDisposable
{
    private readonly DeviceBuffer buffer;
    private readonly int offset;
    private readonly Layout layout;
    private ScopeLink? scope;
    private int scopeIndex;
    private Closing? closing;

    private Tensor(DeviceBuffer buffer, int offset, Shape shape, Layout layout)
    {
        this.buffer = buffer;
        this.offset = offset;
        this.layout = layout;
        Shape = shape;
        TensorScope.Current?.Own(this);
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int ElementCount => Shape.ElementCount;

    /// <summary>The backend that holds the memory and runs the operations.</summary>
    public Backend Backend => buffer.Backend;

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous => layout.IsContiguous;

    /// <summary>Whether the tensor has been disposed, by itself or with its scope.</summary>
    public bool IsDisposed => closing is not null;

    /// <summary>Whether another view shares the memory, so that it sees writes in place.</summary>
    public bool SharesMemory => buffer.IsShared;

    /// <summary>The elements through sizes and strides, for kernels.</summary>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public StridedSpan Strided
    {
        get
        {
            CheckReadable();
            return new StridedSpan(Extent(), layout);
        }
    }

    /// <summary>The elements as one contiguous span, for kernels.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous; call <see cref="Contiguous"/> first.</exception>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public DeviceSpan<float> Span
    {
        get
        {
            CheckReadable();
            if (!IsContiguous)
            {
                throw new InvalidOperationException($"Tensor: a view of shape {Shape} is not contiguous."
                    + " Call Contiguous() first.");
            }

            return new DeviceSpan<float>(buffer, offset, ElementCount);
        }
    }

    /// <summary>Makes a tensor with undefined elements, for results that are about to be written.</summary>
    public static Tensor Uninitialized(Shape shape, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var buffer = (backend ?? Backend.Default).Rent((long)shape.ElementCount * sizeof(float));
        var tensor = new Tensor(buffer, 0, shape, Layout.Contiguous(shape.Sizes));
        tensor.CountMemory();
        return tensor;
    }

    /// <summary>Makes a tensor of this shape with undefined elements on the same device.</summary>
    private Tensor UninitializedLike()
    {
        var like = new Tensor(Backend.Rent((long)ElementCount * sizeof(float)), 0, Shape,
            IsContiguous ? layout : Layout.Contiguous(Shape.Sizes));
        like.CountMemory();
        return like;
    }

    /// <summary>Returns this tensor if it is contiguous, else a copy in row-major order.</summary>
    public Tensor Contiguous() => IsContiguous ? this : Copy();

    /// <summary>Makes a copy with its own memory, in row-major order.</summary>
    public Tensor Copy()
    {
        var result = Uninitialized(Shape, Backend);
        Backend.Copy(Strided, result.Strided);
        return result;
    }

    /// <summary>Makes another view of the same memory, which keeps the memory alive by itself.</summary>
    /// <param name="shape">The sizes of the view.</param>
    /// <param name="viewLayout">The same sizes, and strides in elements of this tensor's memory.</param>
    /// <param name="viewOffset">The first element, counted from the start of the memory.</param>
    private Tensor View(Shape shape, Layout viewLayout, int viewOffset)
    {
        ThrowIfDisposed();
        buffer.AddReference();
        // A view without elements may begin beyond the memory; it starts at the beginning instead.
        return new Tensor(buffer, viewLayout.Count == 0 ? 0 : viewOffset, shape, viewLayout);
    }

    /// <summary>
    /// Records that the elements have changed, for a custom kernel that wrote to <see cref="Span"/>: a backward pass that needs
    /// the earlier values then throws. Operations whose name ends in <c>InPlace</c>, and copies, record it themselves.
    /// </summary>
    /// <param name="operation">The operation that changed the elements, for the error.</param>
    public void NoteWrite(string operation)
    {
        if (ElementCount > 0)
            buffer.NoteWrite(operation);
    }

    /// <summary>Releases the memory unless views still use it.</summary>
    public void Dispose() => Dispose(Closing.ByDispose);

    /// <summary>Disposes a tensor that is part of an object, such as a layer, which errors of later uses name.</summary>
    /// <param name="owner">The disposed object that owned the tensor, such as <c>Linear</c>.</param>
    public void DisposeWith(string owner) =>
        Dispose(new Closing($"the Dispose of the {owner} that it belongs to", "dispose that last, or make or load it again"));

    /// <summary>
    /// Hands the memory over to a new tensor, which the current scope owns, and closes this one, in a time that does not depend
    /// on the number of elements. A function that takes a tensor over calls it, so that errors of later uses say so.
    /// </summary>
    /// <param name="to">What takes the tensor over, for the error, such as <c>the cache that it was added to</c>.</param>
    /// <param name="hint">What to do instead of using this tensor.</param>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed, or was handed over before.</exception>
    public Tensor HandOver(string to, string hint)
    {
        ThrowIfDisposed();
        buffer.AddReference();
        Dispose(new Closing(to, hint));
        var taken = new Tensor(buffer, offset, Shape, layout);
        taken.CountMemory();
        return taken;
    }

    private void Dispose(Closing by)
    {
        if (IsDisposed)
            return;
        scope?.Scope?.Release(this, scopeIndex);
        scope = null;
        Close(by);
    }

    internal void EnterScope(ScopeLink owner, int index)
    {
        scope = owner;
        scopeIndex = index;
    }

    internal void LeaveScope()
    {
        if (scope is null)
            return;
        scope.Scope?.Release(this, scopeIndex);
        scope = null;
        CountMemory();
    }

    internal void CloseWith(TensorScope owner)
    {
        scope = null;
        Close(owner.Closing);
    }

    /// <summary>Counts the memory for the owner that will release it.</summary>
    internal void CountMemory()
    {
        if (!IsDisposed)
            buffer.SetOwned(byScope: scope is not null);
    }

    private void Close(Closing by)
    {
        if (Interlocked.CompareExchange(ref closing, by, null) is null)
            buffer.Dispose();
    }

    private void CheckReadable()
    {
        ThrowIfDisposed();
        StaleReads.Check(buffer, Shape);
    }

    private void ThrowIfDisposed()
    {
        if (closing is not null)
        {
            throw new ObjectDisposedException(nameof(Tensor),
                $"Tensor: this tensor of shape {Shape} was closed by {closing.By}. Hint: {closing.WayOut}.");
        }
    }

    private DeviceSpan<float> Extent()
    {
        var last = 0;
        for (var i = 0; i < layout.Rank; i++)
        {
            if (layout.Size(i) == 0)
                return new DeviceSpan<float>(buffer, offset, 0);
            last += (layout.Size(i) - 1) * layout.Stride(i);
        }

        return new DeviceSpan<float>(buffer, offset, last + 1);
    }

    /// <summary>The event that closed a tensor, and what to do if the tensor is still needed.</summary>
    internal sealed record Closing(string By, string WayOut = "copy its values out before, or take it out with Keep")
    {
        internal static Closing ByDispose { get; } = new("Dispose");
    }
}
