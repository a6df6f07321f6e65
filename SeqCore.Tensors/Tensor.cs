using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// An array of float32 with up to eight axes: a shape and strides over a block of a device's memory that views share.
/// Operations make new tensors; the few that write in place end in <c>InPlace</c>. Tensors made inside a
/// <see cref="TensorScope"/> (a tape is one) belong to it; others live until Dispose or the garbage collector.
/// </summary>
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

    /// <summary>Sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>Number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Number of elements.</summary>
    public int ElementCount => Shape.ElementCount;

    /// <summary>The backend that holds the memory and runs the operations.</summary>
    public Backend Backend => buffer.Backend;

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous => layout.IsContiguous;

    /// <summary>Whether the tensor has been disposed, by itself or with its scope.</summary>
    public bool IsDisposed => closing is not null;

    /// <summary>Whether another view shares the memory, so that writing in place would be seen there.</summary>
    public bool SharesMemory => buffer.IsShared;

    /// <summary>The elements through sizes and strides, for kernels.</summary>
    /// <exception cref="ObjectDisposedException">The tensor is closed.</exception>
    public StridedSpan Strided
    {
        get
        {
            CheckReadable();
            return new StridedSpan(Extent(), layout);
        }
    }

    /// <summary>The elements as one run, for kernels.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous; call <see cref="Contiguous"/> first.</exception>
    /// <exception cref="ObjectDisposedException">The tensor is closed.</exception>
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

    /// <summary>A tensor whose elements are undefined: for results about to be written.</summary>
    public static Tensor Uninitialized(Shape shape, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var buffer = (backend ?? Backend.Default).Rent((long)shape.ElementCount * sizeof(float));
        var tensor = new Tensor(buffer, 0, shape, Layout.Contiguous(shape.Sizes));
        tensor.CountMemory();
        return tensor;
    }

    /// <summary>This tensor if it is contiguous, else a copy in row-major order.</summary>
    public Tensor Contiguous() => IsContiguous ? this : Copy();

    /// <summary>A copy with memory of its own, in row-major order.</summary>
    public Tensor Copy()
    {
        var result = Uninitialized(Shape, Backend);
        Backend.Copy(Strided, result.Strided);
        return result;
    }

    /// <summary>Another view of the same memory; it keeps the memory alive by itself.</summary>
    /// <param name="shape">Sizes of the view.</param>
    /// <param name="viewLayout">The same sizes, and strides in elements of this tensor's memory.</param>
    /// <param name="viewOffset">First element, counted from the start of the memory.</param>
    private Tensor View(Shape shape, Layout viewLayout, int viewOffset)
    {
        ThrowIfDisposed();
        buffer.AddReference();
        // A view of no elements may begin beyond the memory; it is given its start instead.
        return new Tensor(buffer, viewLayout.Count == 0 ? 0 : viewOffset, shape, viewLayout);
    }

    /// <summary>
    /// Notes that the elements have changed, for a kernel of one's own that wrote to <see cref="Span"/>: a backward pass that
    /// needs the earlier values then refuses. Operations whose name ends in <c>InPlace</c>, and the copies, note it themselves.
    /// </summary>
    /// <param name="operation">What changed them, for the error.</param>
    public void NoteWrite(string operation) => buffer.NoteWrite(operation);

    /// <summary>Gives the memory back, unless views still use it.</summary>
    public void Dispose() => Dispose(Closing.ByDispose);

    /// <summary>The same for a tensor that is part of something, such as a layer; errors of later uses say of what.</summary>
    /// <param name="owner">What was disposed and had it, such as <c>Linear</c>.</param>
    public void DisposeWith(string owner) =>
        Dispose(new Closing($"the Dispose of the {owner} that it belongs to", "dispose that last, or make or load it again"));

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

    /// <summary>Says who will give the memory back.</summary>
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

    /// <summary>What closed a tensor, and what to do where it is still needed.</summary>
    internal sealed record Closing(string By, string WayOut = "copy its values out before, or take it out with Keep")
    {
        internal static Closing ByDispose { get; } = new("Dispose");
    }
}
