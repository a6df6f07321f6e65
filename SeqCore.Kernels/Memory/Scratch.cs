namespace SeqCore.Kernels;

/// <summary>
/// Memory of the CPU's pool that a kernel needs while it runs. It makes no object, so that a kernel that is called for every
/// step of a stream leaves nothing to the garbage collector. Hold it in a <c>using</c>; the default has no memory.
/// </summary>
internal readonly unsafe struct Scratch : IDisposable
{
    private readonly CpuMemoryPool? pool;
    private readonly byte* block;
    private readonly long bytes;

    internal Scratch(CpuMemoryPool pool, long bytes, int users)
    {
        this.pool = pool;
        this.bytes = bytes;
        block = pool.Take(bytes, users);
    }

    /// <summary>The address, or null.</summary>
    internal float* Pointer => (float*)block;

    public void Dispose() => pool?.Return(block, bytes);
}
