namespace SeqCore.Kernels;

/// <summary>A block of native memory, aligned to 64 bytes.</summary>
internal sealed unsafe class CpuBuffer : DeviceBuffer
{
    private readonly CpuMemoryPool pool;
    private byte* pointer;

    internal CpuBuffer(CpuBackend backend, CpuMemoryPool pool, long bytes, int users) : base(backend, bytes)
    {
        this.pool = pool;
        pointer = pool.Take(bytes, users);
    }

    internal byte* Pointer => pointer != null
        ? pointer
        : throw new ObjectDisposedException(nameof(CpuBuffer), "The memory has already been returned to the pool.");

    protected override void Return(bool collected)
    {
        if (pointer != null)
            pool.Return(pointer, Bytes);
        pointer = null;
    }
}
