namespace SeqCore.Kernels;

/// <summary>
/// A block of a device's memory, shared by the tensors that view it. The last reference given back returns the block to its
/// pool; a buffer that is never given back returns when the garbage collector finds it.
/// </summary>
public abstract class DeviceBuffer : IDisposable
{
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

    /// <summary>Returns the block where nobody did.</summary>
    ~DeviceBuffer()
    {
        if (references <= 0)
            return;
        CountAs(MemoryOwner.Kernel);
        Return(collected: true);
        Backend.Undisposed.TrimUnused();
    }

    /// <summary>The backend whose memory this is.</summary>
    public Backend Backend { get; }

    /// <summary>The size asked for, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Whether the block has gone back to its pool.</summary>
    public bool IsReturned => Volatile.Read(ref references) <= 0;

    /// <summary>Whether more than one reference is held: another view may see what is written.</summary>
    public bool IsShared => Volatile.Read(ref references) > 1;

    /// <summary>Adds a reference, for a view that shares the block.</summary>
    /// <exception cref="ObjectDisposedException">The block has gone back already.</exception>
    public void AddReference()
    {
        // Never counted up from 0, lest a second try find a reference there.
        int held;
        do
        {
            held = Volatile.Read(ref references);
            if (held <= 0)
                throw new ObjectDisposedException(nameof(DeviceBuffer), "The memory has already been given back.");
        }
        while (Interlocked.CompareExchange(ref references, held + 1, held) != held);
    }

    /// <summary>
    /// Notes that what lies in the memory has changed, so that a backward pass which needs the earlier values refuses. Whoever
    /// writes into memory that others may have read calls it; the tensors' own operations in place do.
    /// </summary>
    /// <param name="operation">What changed it, for the error.</param>
    public void NoteWrite(string operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (StaleReads.IsWatching)
            return;
        writtenBy = operation;
        Volatile.Write(ref writtenAt, StaleReads.Now());
    }

    /// <summary>Returns what wrote into the memory after a moment, if it was taken before; else null.</summary>
    internal string? WriterSince(long moment) => taken < moment && Volatile.Read(ref writtenAt) > moment ? writtenBy : null;

    /// <summary>
    /// Says of a tensor's memory whether a scope will give it back. What no scope will is the garbage collector's to find, which
    /// runs when there may be much of it.
    /// </summary>
    public void SetOwned(bool byScope) => CountAs(byScope ? MemoryOwner.Scope : MemoryOwner.Collector);

    /// <summary>Gives one reference back.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref references) != 0)
            return;
        CountAs(MemoryOwner.Kernel);
        Return(collected: false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Puts the block back into the pool; called once.</summary>
    /// <param name="collected">Whether the garbage collector found it, on a thread of its own.</param>
    protected abstract void Return(bool collected);

    private void CountAs(MemoryOwner next)
    {
        var before = (MemoryOwner)Interlocked.Exchange(ref owner, (int)next);
        if (before != next)
            Backend.Undisposed.Move(Bytes, before, next);
    }
}
