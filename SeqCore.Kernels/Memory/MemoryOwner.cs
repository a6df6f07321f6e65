namespace SeqCore.Kernels;

/// <summary>Who gives a buffer back.</summary>
internal enum MemoryOwner
{
    /// <summary>The kernel that took it for the time that it runs; not counted.</summary>
    Kernel,

    /// <summary>A scope or tape, when it closes.</summary>
    Scope,

    /// <summary>The tensor's Dispose, or the garbage collector.</summary>
    Collector,
}
