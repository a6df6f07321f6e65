namespace SeqCore.Kernels;

/// <summary>
/// A kernel as it runs on a GPU: a struct whose fields are its arguments and whose Run is what each thread does. Groups are
/// one-dimensional, and all have <see cref="GroupSize"/> threads; the grid may have up to three dimensions.
/// </summary>
internal interface IGpuKernel
{
    /// <summary>The body of one thread.</summary>
    void Run();

    /// <summary>Threads in a group.</summary>
    static virtual int GroupSize => 256;

    /// <summary>Groups that a multiprocessor should hold at once, which bounds the registers of a thread; 0 leaves it to the driver.</summary>
    static virtual int GroupsPerMultiprocessor => 0;

    /// <summary>Whether it may be launched with more than 48 KB of dynamic shared memory (CUDA only).</summary>
    static virtual bool TakesLargeSharedMemory => false;
}
