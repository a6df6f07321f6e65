using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    // For kernels of users; operations of Backend keep their operands alive themselves. A view does not keep its buffer alive,
    // and if the garbage collector found it before the kernel is queued, another thread could get the memory. The number is more
    // than any kernel has.
    private const int LastOperands = 32;
    [ThreadStatic]
    private static GpuBuffer?[]? operands;
    [ThreadStatic]
    private static int operand;
    private readonly Lock gate = new();
    private string lastOperation = "none";

    /// <summary>
    /// Whether to wait after every kernel, so that an error names the operation that failed; this is slow. The environment
    /// variable SEQCORE_GPU_WAIT=1 turns it on.
    /// </summary>
    public bool WaitAfterEachKernel { get; set; } = Environment.GetEnvironmentVariable("SEQCORE_GPU_WAIT") == "1";

    /// <summary>
    /// Queues a kernel, the library's or your own, over a one-dimensional grid of groups, and does not wait for it.
    /// </summary>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="groups">The number of groups of <see cref="IGpuKernel.GroupSize"/> threads; 0 queues nothing.</param>
    /// <param name="operation">What errors call the operation; the calling method's name unless given.</param>
    /// <exception cref="DeviceException">The kernel could not be compiled or launched; the message says why.</exception>
    public void Launch<TKernel>(in TKernel kernel, int groups, [CallerMemberName] string operation = "")
        where TKernel : struct, IGpuKernel => Launch(kernel, new Index3D(groups, 1, 1), 0, operation);

    /// <summary>Queues a kernel over a grid of groups, with dynamic shared memory, and does not wait for it.</summary>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="groups">The numbers of groups along each axis; y and z at most 65,535. Nothing is queued if one is 0.</param>
    /// <param name="sharedBytes">The dynamic shared memory of each group, in bytes.</param>
    /// <param name="operation">What errors call the operation; the calling method's name unless given.</param>
    /// <exception cref="DeviceException">The kernel could not be compiled or launched; the message says why.</exception>
    public void Launch<TKernel>(in TKernel kernel, Index3D groups, int sharedBytes = 0, [CallerMemberName] string operation = "")
        where TKernel : struct, IGpuKernel
    {
        if (groups.X == 0 || groups.Y == 0 || groups.Z == 0)
            return;
        RequireOpen();
        try
        {
            var shared = sharedBytes == 0 ? default : SharedMemoryConfig.RequestDynamic<byte>(sharedBytes);
            var grid = new KernelConfig(groups, new Index3D(TKernel.GroupSize, 1, 1), shared);
            lock (gate)
            {
                accelerator.Bind();
                kernels.Get<TKernel>()(stream, grid, kernel);
                lastOperation = operation;
                if (WaitAfterEachKernel)
                    stream.Synchronize();
            }
        }
        catch (Exception exception) when (exception is AcceleratorException or InternalCompilerException or NotSupportedException
            or TypeLoadException or MissingMemberException or ArgumentException)
        {
            throw new DeviceException(Device,
                $"{operation}: the kernel {KernelCache.Name<TKernel>()} failed on {Device}: {Cause(exception)}", exception);
        }
    }

    /// <summary>
    /// Returns a view of a span's elements for kernels; the view of an absent span has length 0. The thread keeps the buffers of
    /// its last 32 views alive, so that callers who launch their own kernels need not.
    /// </summary>
    /// <exception cref="NotSupportedException">
    /// The size of an element does not divide the alignment of blocks, so that ILGPU would round the view's start down.
    /// </exception>
    /// <exception cref="ArgumentException">The memory is on another device.</exception>
    public ArrayView<T> View<T>(DeviceSpan<T> span) where T : unmanaged
    {
        if (GpuMemoryPool.Alignment % Unsafe.SizeOf<T>() != 0)
        {
            throw new NotSupportedException($"GPU kernels cannot view elements of {Unsafe.SizeOf<T>()} bytes,"
                + $" as {typeof(T).Name} has; their size should divide {GpuMemoryPool.Alignment}.");
        }

        return Own(span.Buffer) is { } buffer
            ? buffer.Block.Cast<T>().SubView(span.Offset, span.Length)
            : nothing.View.AsContiguous().Cast<T>().SubView(0, 0);
    }

    /// <summary>Returns a buffer as one of this backend, or null if it is absent.</summary>
    /// <exception cref="ArgumentException">The buffer is on another device.</exception>
    internal GpuBuffer? Own(DeviceBuffer? buffer) => buffer switch
    {
        null => null,
        GpuBuffer own when own.Backend == this => Held(own),
        _ => throw new ArgumentException(
            $"The memory is on {buffer.Backend.Device}, but the operation runs on {Device}. Copy it first."),
    };

    private static GpuBuffer Held(GpuBuffer buffer)
    {
        operands ??= new GpuBuffer?[LastOperands];
        operand = (operand + 1) % LastOperands;
        operands[operand] = buffer;
        return buffer;
    }

    /// <summary>Returns the message of ILGPU, with advice about a struct that it cannot pass to a kernel.</summary>
    private string Cause(Exception exception) => exception switch
    {
        AcceleratorException => $"{exception.Message}. If an earlier kernel has failed, the last operation queued before it"
            + $" was {lastOperation}; with SEQCORE_GPU_WAIT=1 the error names the operation.",
        MissingMemberException => $"{exception.Message} SeqCore uses private members of ILGPU and needs exactly version "
            + $"{GpuContext.Version}; this program runs with {typeof(Accelerator).Assembly.GetName().Version?.ToString(3)}.",
        TypeLoadException => $"{exception.Message} The struct and its enclosing types should be public,"
            + " or internal in an assembly that makes its internals visible to 'ILGPURuntime'.",
        ArgumentException => $"{exception.GetBaseException().Message}. The struct's fields should be numbers, with int for bool.",
        _ => exception.GetBaseException().Message,
    };

    private DeviceException Failure(string waited, AcceleratorException exception) => new(Device,
        $"{Device} failed while {waited} waited for it: {exception.Message}. The last operation queued was {lastOperation};"
            + " with SEQCORE_GPU_WAIT=1 the error names the one that failed.", exception);
}
