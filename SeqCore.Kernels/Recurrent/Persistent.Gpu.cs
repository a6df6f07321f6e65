using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime.Cuda;
using SeqCore.Kernels.Cells;
using SeqCore.Kernels.Recurrent;

namespace SeqCore.Kernels;

/// <summary>The launches of the kernels that stay on the device for all steps.</summary>
public sealed partial class GpuBackend
{
    /// <summary>
    /// The limits of persistent kernels. They are off on all devices except CUDA, where groups need not run at the same time.
    /// </summary>
    internal PersistentLimits PersistentLimits
    {
        get => !PersistentKernels ? default
            : persistentLimits ??=
                accelerator is CudaAccelerator cuda ? new(cuda.NumMultiprocessors, LargeSharedMemory.Most(cuda)) : default;
        set => persistentLimits = value;
    }

    /// <summary>
    /// Whether a recurrent layer may run all its steps in one kernel, whose groups wait for each other and so need the whole
    /// device. On by default, and used on NVIDIA GPUs alone; the environment variable SEQCORE_GPU_PERSISTENT=0 turns it off.
    /// </summary>
    public bool PersistentKernels { get; set; } = Environment.GetEnvironmentVariable("SEQCORE_GPU_PERSISTENT") != "0";

    private PersistentLimits? persistentLimits;

    private bool TryPersistentForward<TCell>(in RecurrentPlan plan, in RecurrentArguments a, in RecurrentOutputs outputs,
        in RecurrentMemory memory, int first, int end)
        where TCell : struct, IRecurrentCell
    {
        var persistent = new PersistentPlan(plan.Batch, plan.Steps, plan.HiddenSize, plan.Gates);
        var rows = persistent.ForwardRows(PersistentLimits);
        if (rows == PersistentPlan.HalfRows)
            PersistentForward<TCell, HalfRows>(plan, persistent, a, outputs, memory, first, end);
        else if (rows == PersistentPlan.WholeRows)
            PersistentForward<TCell, WholeRows>(plan, persistent, a, outputs, memory, first, end);
        return rows > 0;
    }

    private bool TryPersistentBackward<TCell>(in RecurrentPlan plan, in RecurrentArguments a, in RecurrentGradients g,
        in RecurrentMemory memory, DeviceSpan<float> transposed)
        where TCell : struct, IRecurrentCell
    {
        var persistent = new PersistentPlan(plan.Batch, plan.Steps, plan.HiddenSize, plan.Gates);
        var rows = persistent.BackwardRows(PersistentLimits);
        if (rows == PersistentPlan.HalfRows)
            PersistentBackward<TCell, HalfRows>(plan, persistent, a, g, memory, transposed);
        else if (rows == PersistentPlan.WholeRows)
            PersistentBackward<TCell, WholeRows>(plan, persistent, a, g, memory, transposed);
        return rows > 0;
    }

    private void PersistentForward<TCell, TRows>(in RecurrentPlan plan, in PersistentPlan persistent, in RecurrentArguments a,
        in RecurrentOutputs outputs, in RecurrentMemory memory, int first, int end)
        where TCell : struct, IRecurrentCell
        where TRows : struct, ITileRows
    {
        int h = plan.HiddenSize;
        using var counters = Barrier(persistent.BatchTiles(TRows.Count), out var barrier);
        Launch(
            new PersistentForward<TCell, TRows>
            {
                HiddenSize = h,
                Steps = plan.Steps,
                FirstStep = first,
                EndStep = end,
                FirstTime = memory.FirstTime,
                Reverse = a.Reverse ? 1 : 0,
                StoresAllSteps = a.Workspace.IsAbsent ? 0 : 1,
                HasInitial = a.H0.IsAbsent ? 0 : 1,
                Batch = plan.Batch,
                Weights = new TileOperand { Data = View(a.Weights.WeightHh), Rows = h, RowStride = h, Depth = h, GapAt = h },
                Stride = persistent.Stride,
                Bias = View(a.Weights.BiasHh),
                Gates = View(memory.AllGates),
                Hidden = View(memory.AllHidden),
                Cells = View(memory.AllCells),
                Y = View(outputs.Y.Data),
                YBatchStride = outputs.Y.BatchStride,
                YStepStride = outputs.Y.StepStride,
                KeepHidden = View(a.KeepHidden),
                KeepCell = View(a.KeepCell),
                Lengths = View(a.Lengths),
                Barrier = barrier,
            },
            new Index3D((int)persistent.ForwardGroups(TRows.Count), 1, 1),
            (int)persistent.SharedBytes);
    }

    private void PersistentBackward<TCell, TRows>(in RecurrentPlan plan, in PersistentPlan persistent, in RecurrentArguments a,
        in RecurrentGradients g, in RecurrentMemory memory, DeviceSpan<float> transposed)
        where TCell : struct, IRecurrentCell
        where TRows : struct, ITileRows
    {
        using var counters = Barrier(persistent.BatchTiles(TRows.Count) * (1 + persistent.ColumnTiles), out var barrier);
        using var partsBuffer = Scratch((long)plan.Gates * plan.StateSize, out var parts);
        Launch(
            new PersistentBackward<TCell, TRows>
            {
                HiddenSize = plan.HiddenSize,
                Steps = plan.Steps,
                Batch = plan.Batch,
                Reverse = a.Reverse ? 1 : 0,
                Weights = View(transposed),
                Stride = persistent.Stride,
                Gates = View(memory.AllGates),
                Hidden = View(memory.AllHidden),
                Cells = View(memory.AllCells),
                DY = View(g.DY.Data),
                DYBatchStride = g.DY.BatchStride,
                DYStepStride = g.DY.StepStride,
                DHN = View(g.DHN),
                DCN = View(g.DCN),
                DH0 = View(g.DH0),
                DC0 = View(g.DC0),
                KeepHidden = View(a.KeepHidden),
                KeepCell = View(a.KeepCell),
                Lengths = View(a.Lengths),
                Parts = View(parts),
                Barrier = barrier,
                BatchTiles = persistent.BatchTiles(TRows.Count),
            },
            new Index3D((int)persistent.BackwardGroups(TRows.Count), 1, 1),
            (int)persistent.SharedBytes);
    }

    // Makes a barrier with the given number of counters, all 0.
    private DeviceBuffer Barrier(int count, out GroupsBarrier barrier, [CallerMemberName] string operation = "")
    {
        var buffer = Scratch((long)count * GroupsBarrier.Stride, out var zeros);
        SetState(default, zeros);
        var (notes, number) = problems.Watch((_, _) => (Exception)new DeviceException(Device,
            $"{operation}: the groups of a kernel that runs all steps waited too long for each other on {Device}, "
            + "so its results are wrong. They have to run at the same time, but another program may use a part of the device, "
            + "as under MPS. "
            + "Set SEQCORE_GPU_PERSISTENT=0 to run recurrent layers step by step."));
        barrier = new GroupsBarrier
        {
            Counters = View(zeros).Cast<int>(),
            Notes = notes,
            Number = number,
            MostPolls = PersistentLimits.MostPolls,
        };
        return buffer;
    }
}
