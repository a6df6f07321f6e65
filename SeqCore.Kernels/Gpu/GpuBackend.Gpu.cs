using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace SeqCore.Kernels;

/// <summary>
/// Runs kernels on an NVIDIA GPU or an OpenCL device, through ILGPU. An operation is queued and returns at once; reading a value
/// waits for the operations before it. Several threads may use one backend; their operations run in one queue.
/// </summary>
public sealed partial class GpuBackend : Backend
{
    private readonly Accelerator accelerator;
    private readonly AcceleratorStream stream;
    private readonly GpuMemoryPool memory;
    private readonly HostTransfers transfers;
    private readonly KernelCache kernels;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> nothing;
    private readonly IndexProblems problems;
    private long waits;

    /// <param name="device">The device.</param>
    /// <param name="accelerator">The accelerator of ILGPU that runs the kernels; disposed with the backend.</param>
    /// <param name="kernels">Compiles and caches the kernels; null compiles for the accelerator.</param>
    /// <param name="allocate">Allocates memory; null uses the accelerator.</param>
    internal GpuBackend(
        Device device,
        Accelerator accelerator,
        KernelCache? kernels = null,
        Func<long, MemoryBuffer1D<byte, Stride1D.Dense>>? allocate = null)
    {
        Device = device;
        Precision = PrecisionNamed(Environment.GetEnvironmentVariable(PrecisionVariable), device);
        this.accelerator = accelerator;
        stream = accelerator.CreateStream();
        memory = new GpuMemoryPool(device, accelerator, allocate);
        transfers = new HostTransfers(accelerator, stream);
        this.kernels = kernels ?? new KernelCache(accelerator);
        nothing = accelerator.Allocate1D<byte>(GpuMemoryPool.Alignment);
        problems = new IndexProblems(this);
    }

    /// <inheritdoc/>
    public override Device Device { get; }

    /// <inheritdoc/>
    public override int Threads => accelerator.MaxNumThreads;

    /// <inheritdoc/>
    public override MemoryUse Memory => memory.Use;

    /// <summary>The accelerator that runs the kernels, for operations that differ between devices.</summary>
    internal Accelerator Accelerator => accelerator;

    /// <summary>The indices out of range that kernels have found.</summary>
    internal IndexProblems Problems => problems;

    /// <summary>Whether the device is an NVIDIA GPU, whose kernels are compiled to PTX.</summary>
    internal bool IsCuda => Device.Kind == DeviceKind.Cuda;

    /// <summary>The number of times that a caller has read a value or waited for the device.</summary>
    internal long Waits => Interlocked.Read(ref waits);

    /// <inheritdoc/>
    public override DeviceBuffer Rent(long bytes)
    {
        memory.TakeBackCollected();
        return Scratch(bytes);
    }

    /// <summary>
    /// Rents temporary memory in the middle of an operation. Unlike <see cref="Rent"/> it reuses memory that the garbage
    /// collector has found only if the device is full. Operands of the operation are safe then too: those still to be viewed are
    /// referenced, and the last ones viewed are kept alive (<see cref="View"/>). Dispose it once the kernels that use it are
    /// queued.
    /// </summary>
    internal DeviceBuffer Scratch(long bytes)
    {
        RequireOpen();
        try
        {
            return new GpuBuffer(this, memory, bytes);
        }
        catch (DeviceMemoryException)
        {
            // The garbage collector does not see the device's memory, so it may have had no reason yet to collect unreferenced
            // tensors.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            memory.TakeBackCollected();
            return new GpuBuffer(this, memory, bytes);
        }
    }

    /// <summary>Rents temporary memory as a span of floats.</summary>
    /// <exception cref="SizeLimitException">There are more than 2^31 - 1 floats.</exception>
    internal DeviceBuffer Scratch(long floats, out DeviceSpan<float> span, [CallerMemberName] string operation = "")
    {
        if (floats > int.MaxValue)
            SizeLimitException.Check($"{operation}: the memory between two kernels", floats, "Work on a part at a time.");
        var buffer = Scratch(floats * sizeof(float));
        span = new DeviceSpan<float>(buffer, 0, (int)floats);
        return buffer;
    }

    /// <summary>Returns the addresses that kernels may access, where the host knows them.</summary>
    internal IEnumerable<(nint Start, long Bytes)> RentedBlocks() => memory.RentedBlocks();

    /// <inheritdoc/>
    public override void TrimMemory()
    {
        Synchronize();
        memory.TakeBackCollected();
        memory.Trim();
    }

    /// <inheritdoc/>
    public override void Upload<T>(ReadOnlySpan<T> source, DeviceSpan<T> destination)
    {
        RequireOpen();
        try
        {
            lock (gate)
                transfers.Upload(source, View(destination));
            destination.Buffer?.NoteWrite("Upload");
        }
        catch (AcceleratorException exception)
        {
            throw Failure(nameof(Upload), exception);
        }

        GC.KeepAlive(destination.Buffer);
    }

    /// <inheritdoc/>
    public override void Download<T>(DeviceSpan<T> source, Span<T> destination)
    {
        Interlocked.Increment(ref waits);
        Read(source, destination);
        problems.ThrowIfAny();
    }

    /// <summary>Copies to the host, without checking whether a kernel has found an index out of range.</summary>
    internal void Read<T>(DeviceSpan<T> source, Span<T> destination) where T : unmanaged
    {
        RequireOpen();
        try
        {
            lock (gate)
                transfers.Download(View(source), destination);
        }
        catch (AcceleratorException exception)
        {
            throw Failure(nameof(Download), exception);
        }

        GC.KeepAlive(source.Buffer);
    }

    /// <summary>Waits until everything queued has run.</summary>
    /// <exception cref="DeviceException">A kernel failed.</exception>
    /// <exception cref="ArgumentException">A kernel found an index out of range.</exception>
    public override void Synchronize()
    {
        RequireOpen();
        Interlocked.Increment(ref waits);
        try
        {
            accelerator.Bind();
            stream.Synchronize();
        }
        catch (AcceleratorException exception)
        {
            throw Failure(nameof(Synchronize), exception);
        }

        problems.ThrowIfAny();
    }

    /// <summary>Waits for the queued work and frees the device's memory; does not throw if a kernel has failed.</summary>
    public override void Dispose()
    {
        if (accelerator.IsDisposed)
            return;
        DeviceCleanup.Run(accelerator.Bind);
        DeviceCleanup.Run(stream.Synchronize);
        kernels.Dispose();
        transfers.Dispose();
        problems.Dispose();
        DeviceCleanup.Run(nothing.Dispose);
        memory.Dispose();
        DeviceCleanup.Run(stream.Dispose);
        DeviceCleanup.Run(accelerator.Dispose);
    }

    private void RequireOpen() => ObjectDisposedException.ThrowIf(accelerator.IsDisposed, this);
}
