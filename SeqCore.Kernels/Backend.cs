using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Runs kernels on one device and allocates its memory. The folder of each operation declares an abstract member here and
/// implements it for every device, so a device that lacks an operation does not compile.
/// </summary>
public abstract partial class Backend : IDisposable
{
    private static Backend? defaultBackend;

    /// <summary>Makes a backend that has allocated no memory yet.</summary>
    protected Backend() => Undisposed = new UndisposedMemory(TrimMemoryTo);

    /// <summary>
    /// The backend on which tensors are created unless a caller specifies another; initially the CPU with one thread per core.
    /// </summary>
    public static Backend Default
    {
        get
        {
            if (Volatile.Read(ref defaultBackend) is { } present)
                return present;
            var made = new CpuBackend();
            if (Interlocked.CompareExchange(ref defaultBackend, made, null) is not { } earlier)
                return made;
            made.Dispose();
            return earlier;
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            defaultBackend = value;
        }
    }

    /// <summary>The device that the kernels run on.</summary>
    public abstract Device Device { get; }

    /// <summary>The number of threads that share the work; results do not depend on it.</summary>
    public abstract int Threads { get; }

    /// <summary>The memory taken from the system and the memory in use, in bytes.</summary>
    public abstract MemoryUse Memory { get; }

    /// <summary>Counts the memory of tensors and decides when to collect those that are no longer referenced.</summary>
    internal UndisposedMemory Undisposed { get; }

    /// <summary>Takes memory from the pool; its contents are undefined. Dispose the buffer to return it.</summary>
    /// <param name="bytes">The number of bytes; 0 is allowed.</param>
    /// <exception cref="DeviceMemoryException">The device (for the CPU: the system) is out of memory.</exception>
    public abstract DeviceBuffer Rent(long bytes);

    /// <summary>Returns unused pooled memory to the system.</summary>
    public abstract void TrimMemory();

    /// <summary>Returns unused pooled memory to the system, except about the given number of bytes.</summary>
    private protected virtual void TrimMemoryTo(long unused)
    {
    }

    /// <summary>Copies from the host to the device. Does not allocate.</summary>
    public abstract void Upload<T>(ReadOnlySpan<T> source, DeviceSpan<T> destination) where T : unmanaged;

    /// <summary>Copies from the device to the host, after the work that is already queued.</summary>
    public abstract void Download<T>(DeviceSpan<T> source, Span<T> destination) where T : unmanaged;

    /// <summary>Waits until all queued work has finished; returns at once where operations are synchronous.</summary>
    public abstract void Synchronize();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>
    /// Keeps all buffers among an operation's arguments alive until here: kernels work with addresses, which keep nothing alive.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected static void KeepAlive<TArguments>(in TArguments arguments) where TArguments : struct
    {
        // A call that may read its argument is enough.
    }

    /// <summary>Keeps the buffers of many arguments alive until here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected static void KeepAlive<T>(ReadOnlySpan<T> many)
    {
    }
}
