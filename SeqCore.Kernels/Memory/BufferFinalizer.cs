namespace SeqCore.Kernels;

/// <summary>
/// Returns the memory of a buffer that was never disposed. Buffers have no finalizers of their own, since making and disposing an
/// object with a finalizer takes longer than a small operation: this object serves one buffer after the other.
/// </summary>
internal class BufferFinalizer
{
    /// <summary>The buffer that uses the memory, or null.</summary>
    internal DeviceBuffer? Buffer { get; set; }

    /// <summary>Returns the memory of a buffer that the garbage collector has found.</summary>
    ~BufferFinalizer()
    {
        if (Buffer is not { } found)
            return;

        // Before the memory is returned, since another thread may take it at once.
        Buffer = null;
        GC.ReRegisterForFinalize(this);
        found.Collect();
    }
}
