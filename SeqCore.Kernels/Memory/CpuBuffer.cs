namespace SeqCore.Kernels;

/// <summary>A block of native memory, aligned to 64 bytes.</summary>
internal sealed unsafe class CpuBuffer : DeviceBuffer
{
    private readonly CpuMemoryPool pool;
    private CpuMemoryPool.Block? block;
    private byte* pointer;

    internal CpuBuffer(CpuBackend backend, CpuMemoryPool pool, long bytes, int users) : base(backend, bytes)
    {
        this.pool = pool;
        block = pool.Take(bytes, users);
        block.Buffer = this;
        pointer = block.Pointer;
    }

    internal byte* Pointer => pointer != null
        ? pointer
        : throw new ObjectDisposedException(nameof(CpuBuffer), "The memory has already been returned to the pool.");

    protected override void Return(bool collected)
    {
        if (block is not { } taken)
            return;
        block = null;
        pointer = null;
        taken.Buffer = null;
        pool.Return(taken);
    }
}
