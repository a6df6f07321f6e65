namespace SeqCore.Kernels;

/// <summary>
/// A kernel as it runs on a GPU: a struct whose fields are its arguments and whose Run is what each thread does. Groups are
/// one-dimensional, and all have <see cref="GroupSize"/> threads; the grid may have up to three dimensions.
/// </summary>
/// <remarks>
/// One's own kernel is a public struct, as the types around it (or internal, in an assembly that shows its internals to
/// <c>ILGPURuntime</c>, the assembly that ILGPU makes at run time); its fields are numbers, views from
/// <see cref="GpuBackend.View"/> and structs of these; for bool take int. Its code uses no objects and no exceptions. It is
/// compiled when it is first launched.
/// ILGPU moves a load to where its value is used, as far as the next branch: past barriers, and past a store that is the last one
/// before the branch. What other threads overwrite after a barrier should be stored, or pass a branch, before it. The PTX machine
/// of the tests finds where that goes wrong in shared memory.
/// </remarks>
public interface IGpuKernel
{
    /// <summary>The most threads that a kernel's group has: a device has to allow them.</summary>
    internal const int MostThreads = 256;

    /// <summary>
    /// The most shared memory that a kernel takes without asking for it, in bytes, in the form for OpenCL, where reductions go
    /// through shared memory too. A device has to have as much; a test holds it against what every kernel declares.
    /// </summary>
    internal const int MostSharedBytes = 64512;

    /// <summary>The body of one thread.</summary>
    void Run();

    /// <summary>Threads in a group.</summary>
    static virtual int GroupSize => MostThreads;

    /// <summary>
    /// Groups that a multiprocessor should hold at once, which bounds the registers of a thread; 0 leaves it to the driver.
    /// </summary>
    static virtual int GroupsPerMultiprocessor => 0;

    /// <summary>
    /// Whether it may be launched with more than 48 KB of dynamic shared memory (CUDA only); it then has no other shared memory.
    /// </summary>
    static virtual bool TakesLargeSharedMemory => false;
}
