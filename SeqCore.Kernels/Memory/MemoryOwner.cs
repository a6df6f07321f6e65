namespace SeqCore.Kernels;

/// <summary>Specifies who returns a buffer to its pool.</summary>
internal enum MemoryOwner
{
    /// <summary>The kernel that rented it while it runs; not counted.</summary>
    Kernel,

    /// <summary>A scope or tape, when it closes.</summary>
    Scope,

    /// <summary>Dispose of the tensor, or the garbage collector.</summary>
    Collector,
}
