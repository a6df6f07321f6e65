namespace SeqCore.Kernels;

/// <summary>The memory of a backend, in bytes.</summary>
/// <param name="Reserved">The memory taken from the system, in use or kept for later requests.</param>
/// <param name="InUse">The memory that is rented and not yet returned.</param>
/// <param name="PeakInUse">The most memory in use at one time since the last <see cref="Backend.TrimMemory"/>.</param>
public readonly record struct MemoryUse(long Reserved, long InUse, long PeakInUse);
