namespace SeqCore.Kernels;

/// <summary>
/// A block of a device's memory, shared by the tensors that view it. Disposing the last reference returns the block to its pool;
/// a buffer that is never disposed is returned when the garbage collector finds it.
/// </summary>
public abstract class DeviceBuffer : IDisposable
{
    /// <summary>
    /// Up to this size memory is not counted as undisposed: the objects of its tensor, which the collector sees, are as large.
    /// </summary>
    private const int NotCounted = 256;

    private readonly long taken = StaleReads.Clock;
    private int references = 1;
    private int owner;
    private long writtenAt;
    private string? writtenBy;

    /// <summary>Makes a buffer with one reference.</summary>
    protected DeviceBuffer(Backend backend, long bytes)
    {
        Backend = backend;
        Bytes = bytes;
    }

    /// <summary>Returns the block if it has not been disposed.</summary>
    ~DeviceBuffer()
    {
        if (references <= 0)
            return;
        CountAs(MemoryOwner.Kernel);
        Return(collected: true);
        Backend.Undisposed.TrimUnused();
    }

    /// <summary>The backend that owns the memory.</summary>
    public Backend Backend { get; }

    /// <summary>The size requested, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Whether the block has been returned to its pool.</summary>
    public bool IsReturned => Volatile.Read(ref references) <= 0;

    /// <summary>Whether there is more than one reference, so that another view may see what is written.</summary>
    public bool IsShared => Volatile.Read(ref references) > 1;

    /// <summary>Adds a reference, for a view that shares the block.</summary>
    /// <exception cref="ObjectDisposedException">The block has been returned to its pool.</exception>
    public void AddReference()
    {
        // Never incremented from 0, or a second attempt would find a reference.
        int held;
        do
        {
            held = Volatile.Read(ref references);
            if (held <= 0)
                throw new ObjectDisposedException(nameof(DeviceBuffer), "The memory has already been returned.");
        }
        while (Interlocked.CompareExchange(ref references, held + 1, held) != held);
    }

    /// <summary>
    /// Records that the contents of the memory have changed, so that a backward pass that needs the earlier values throws. Call
    /// it after writing to memory that others may have read; the in-place operations of tensors do so.
    /// </summary>
    /// <param name="operation">The operation that changed the memory, for the error.</param>
    public void NoteWrite(string operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (StaleReads.Overlooks(this, operation))
            return;
        writtenBy = operation;
        Volatile.Write(ref writtenAt, StaleReads.Now());
    }

    /// <summary>Returns whether a write has been recorded (<see cref="NoteWrite"/>) after a moment.</summary>
    /// <param name="moment">The moment, as <see cref="StaleReads.Now"/> returns it.</param>
    public bool IsWrittenSince(long moment) => Volatile.Read(ref writtenAt) > moment;

    /// <summary>
    /// Returns the operation that wrote to the memory after a moment if the memory was taken before it, otherwise null.
    /// </summary>
    internal string? WriterSince(long moment) => taken < moment && Volatile.Read(ref writtenAt) > moment ? writtenBy : null;

    /// <summary>
    /// Specifies whether a scope will return a tensor's memory. Otherwise the garbage collector has to find it, and is run when
    /// there may be much such memory.
    /// </summary>
    public void SetOwned(bool byScope) => CountAs(byScope ? MemoryOwner.Scope : MemoryOwner.Collector);

    /// <summary>Releases one reference.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref references) != 0)
            return;
        CountAs(MemoryOwner.Kernel);
        Return(collected: false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the block to the pool; called once.</summary>
    /// <param name="collected">Whether the call comes from the thread of the finalizer.</param>
    protected abstract void Return(bool collected);

    private void CountAs(MemoryOwner next)
    {
        if (Bytes <= NotCounted)
            return;
        var before = (MemoryOwner)Interlocked.Exchange(ref owner, (int)next);
        if (before != next)
            Backend.Undisposed.Move(Bytes, before, next);
    }
}
