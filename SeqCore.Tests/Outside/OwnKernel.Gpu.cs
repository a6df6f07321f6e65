using ILGPU;
using SeqCore.Kernels;

namespace Outside;

/// <summary>
/// The GPU's kernel: one thread for each row. A struct whose fields are the arguments and whose Run is what a thread does; ILGPU
/// compiles it for the device when it is first launched. It is public, because the assembly that ILGPU makes at run time uses it.
/// </summary>
public struct RunningSumGpuKernel : IGpuKernel
{
    /// <summary>Threads in a group.</summary>
    public static int GroupSize => 64;

    private ArrayView<float> from;
    private ArrayView<float> to;
    private int rows;
    private int columns;
    private int backwards;

    /// <summary>Queues the kernel.</summary>
    internal static void Run(GpuBackend gpu, DeviceSpan<float> from, DeviceSpan<float> to, int rows, int columns,
        bool backwards) =>
        gpu.Launch(new RunningSumGpuKernel
        {
            from = gpu.View(from),
            to = gpu.View(to),
            rows = rows,
            columns = columns,
            backwards = backwards ? 1 : 0,
        }, groups: (rows + GroupSize - 1) / GroupSize);

    /// <inheritdoc/>
    public readonly void Run()
    {
        var row = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (row >= rows)
            return;
        var sum = 0f;
        for (var i = 0; i < columns; i++)
        {
            var at = (row * columns) + (backwards == 1 ? columns - 1 - i : i);
            sum += from[at];
            to[at] = sum;
        }
    }
}
