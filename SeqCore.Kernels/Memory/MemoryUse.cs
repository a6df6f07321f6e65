namespace SeqCore.Kernels;

/// <summary>Memory of a backend, in bytes.</summary>
/// <param name="Reserved">Taken from the system, in use or kept for the next request.</param>
/// <param name="InUse">Handed out and not yet given back.</param>
/// <param name="MostInUse">The most that was handed out at one time since the last <see cref="Backend.TrimMemory"/>.</param>
public readonly record struct MemoryUse(long Reserved, long InUse, long MostInUse);
