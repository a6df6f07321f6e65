namespace SeqCore.Kernels;

/// <summary>
/// A kernel that runs on a GPU: a struct whose fields are its arguments and whose Run is the code of each thread. Groups are
/// one-dimensional and have <see cref="GroupSize"/> threads; the grid may have up to three dimensions.
/// </summary>
/// <remarks>
/// Your own kernel should be a public struct in public types (or internal, in an assembly that makes its internals visible to
/// <c>ILGPURuntime</c>, the assembly that ILGPU generates at run time). Its fields are numbers, views from
/// <see cref="GpuBackend.View"/> and structs of these, with int in place of bool. A nested struct should need no padding: ILGPU
/// confuses structs that differ in their nesting alone, so a launch refuses others. Its code may not use objects or exceptions.
/// It is compiled when it is first launched. ILGPU moves a load to where its value is used, up to the next branch: past
/// barriers, and past a store that is the last one before the branch. A loaded value whose memory other threads overwrite after
/// a barrier should be stored, or pass a branch, before that barrier. The PTX emulator of the tests detects violations in shared
/// memory.
/// </remarks>
public interface IGpuKernel
{
    /// <summary>The largest number of threads in a group of any kernel, which a device has to allow.</summary>
    internal const int MostThreads = 256;

    /// <summary>
    /// The largest static shared memory of any kernel, in bytes, as compiled for OpenCL, where reductions use shared memory too.
    /// A device has to offer that much; a test compares it with the declarations of all kernels.
    /// </summary>
    internal const int MostSharedBytes = 64512;

    /// <summary>Runs one thread.</summary>
    void Run();

    /// <summary>The number of threads in a group.</summary>
    static virtual int GroupSize => MostThreads;

    /// <summary>
    /// The number of groups that a multiprocessor should hold at once, which limits the registers of a thread; 0 leaves it to the
    /// driver.
    /// </summary>
    static virtual int GroupsPerMultiprocessor => 0;

    /// <summary>
    /// Whether the kernel may be launched with more than 48 KB of dynamic shared memory (CUDA only); it then has no static shared
    /// memory.
    /// </summary>
    static virtual bool TakesLargeSharedMemory => false;
}
