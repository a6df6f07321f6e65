using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Runs kernels on one device and hands out its memory. Each operation's folder declares its own abstract member here, and
/// every device adds its version beside it, so a device that lacks an operation does not build.
/// </summary>
public abstract partial class Backend : IDisposable
{
    private static Backend? defaultBackend;

    /// <summary>Makes a backend without memory as yet.</summary>
    protected Backend() => Undisposed = new UndisposedMemory(TrimMemoryTo);

    /// <summary>Where tensors are made unless a caller says otherwise: at first, the CPU with one thread per core.</summary>
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

    /// <summary>The device the kernels run on.</summary>
    public abstract Device Device { get; }

    /// <summary>Threads that share the work; results do not depend on it.</summary>
    public abstract int Threads { get; }

    /// <summary>Memory taken from the system and memory in use, in bytes.</summary>
    public abstract MemoryUse Memory { get; }

    /// <summary>What tensors hold, and when to look for those that nobody holds.</summary>
    internal UndisposedMemory Undisposed { get; }

    /// <summary>Takes memory from the pool; the contents are undefined. Dispose the buffer to give it back.</summary>
    /// <param name="bytes">How many bytes; 0 is allowed.</param>
    /// <exception cref="DeviceMemoryException">The device, or for the CPU the system, has no memory for them.</exception>
    public abstract DeviceBuffer Rent(long bytes);

    /// <summary>Gives unused pooled memory back to the system.</summary>
    public abstract void TrimMemory();

    /// <summary>Gives unused pooled memory back to the system, all but about this many bytes.</summary>
    private protected virtual void TrimMemoryTo(long unused)
    {
    }

    /// <summary>Copies from the host to the device. Does not allocate.</summary>
    public abstract void Upload<T>(ReadOnlySpan<T> source, DeviceSpan<T> destination) where T : unmanaged;

    /// <summary>Copies from the device to the host, after the work already queued.</summary>
    public abstract void Download<T>(DeviceSpan<T> source, Span<T> destination) where T : unmanaged;

    /// <summary>Waits until everything queued has run; at once where operations have run when they return.</summary>
    public abstract void Synchronize();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>
    /// Keeps all buffers among an operation's arguments from the garbage collector until here. Kernels work with addresses, which
    /// do not.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected static void KeepAlive<TArguments>(in TArguments arguments) where TArguments : struct
    {
        // A call that may read its argument is all that it takes.
    }

    /// <summary>Keeps what many arguments hold from the garbage collector until here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected static void KeepAlive<T>(ReadOnlySpan<T> many)
    {
    }
}
