using ILGPU;

namespace SeqCore.Kernels;

/// <summary>A block of a GPU's memory.</summary>
internal sealed class GpuBuffer : DeviceBuffer
{
    private readonly GpuMemoryPool pool;
    private readonly GpuMemoryPool.Block block;

    internal GpuBuffer(GpuBackend backend, GpuMemoryPool pool, long bytes) : base(backend, bytes)
    {
        this.pool = pool;
        block = pool.Take(bytes);
        Block = block.View;
    }

    /// <summary>The whole block.</summary>
    internal ArrayView<byte> Block => !IsReturned
        ? field
        : throw new ObjectDisposedException(nameof(GpuBuffer), "The memory has already been returned to the pool.");

    /// <summary>The allocation that contains the block.</summary>
    internal GpuMemoryPool.Slab Slab => block.Slab;

    /// <summary>The offset of the block in its allocation, in bytes.</summary>
    internal long Start => block.Start;

    protected override void Return(bool collected)
    {
        // The constructor may have failed.
        if (block is null)
            return;
        if (collected)
            pool.Collected(block);
        else
            pool.Return(block);
    }
}
