namespace SeqCore.Kernels;

/// <summary>Runs kernels on the CPU: in managed code, with the widest SIMD vectors available and its own worker pool.</summary>
public sealed unsafe partial class CpuBackend : Backend
{
    private readonly CpuMemoryPool memory = new();

    /// <summary>Makes a backend with its own threads and memory pool.</summary>
    /// <param name="threads">The number of threads, including the caller's; 0 takes one per logical core.</param>
    public CpuBackend(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Workers = new WorkerPool(threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <inheritdoc/>
    public override Device Device => Device.Cpu;

    /// <inheritdoc/>
    public override int Threads => Workers.Threads;

    /// <inheritdoc/>
    public override MemoryUse Memory => memory.Use;

    internal WorkerPool Workers { get; }

    /// <inheritdoc/>
    public override DeviceBuffer Rent(long bytes) => new CpuBuffer(this, memory, bytes, Workers.Concurrency);

    /// <summary>Takes memory for a kernel that is running.</summary>
    internal Scratch Take(long bytes) => new(memory, bytes, Workers.Concurrency);

    /// <inheritdoc/>
    public override void TrimMemory() => memory.Trim();

    /// <inheritdoc/>
    private protected override void TrimMemoryTo(long unused) => memory.TrimTo(unused);

    /// <inheritdoc/>
    public override void Upload<T>(ReadOnlySpan<T> source, DeviceSpan<T> destination)
    {
        source.CopyTo(new Span<T>(destination.Pointer(), destination.Length));
        destination.Buffer?.NoteWrite("Upload");
        GC.KeepAlive(destination.Buffer);
    }

    /// <inheritdoc/>
    public override void Download<T>(DeviceSpan<T> source, Span<T> destination)
    {
        new ReadOnlySpan<T>(source.Pointer(), source.Length).CopyTo(destination);
        GC.KeepAlive(source.Buffer);
    }

    /// <inheritdoc/>
    public override void Synchronize()
    {
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Workers.Dispose();
        memory.Close();
    }
}
