using System.Runtime.CompilerServices;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>The addresses for one sequence and a task's first unit, backward; null for what is absent.</summary>
internal unsafe struct CellBackward
{
    /// <summary>The blocks that the forward pass saved on entry; the gates' gradients on return.</summary>
    internal float* Gates;
    internal nint GateStride;

    /// <summary>The gradient of this step's hidden state from later steps; after a reset, of what the cell reset.</summary>
    internal float* DHidden;

    /// <summary>The gradient of this step's output, which is added to it.</summary>
    internal float* DY;

    /// <summary>The gradient of this step's cell state on entry, and of the previous step's on return.</summary>
    internal float* DCell;

    /// <summary>Output: the part of the previous hidden state's gradient that bypasses the gates' product.</summary>
    internal float* DirectDHidden;

    /// <summary>The sums of the gates' gradients, block g at + g BiasStride.</summary>
    internal float* DBias;
    internal nint BiasStride;

    internal float* PreviousHidden;
    internal float* PreviousCell;
    internal float* KeepHidden;
    internal float* KeepCell;

    /// <summary>Computes the gradients of the units [from, end) in whole lanes; returns where the rest starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Run<TCell, TStage, T>(CellBackward* at, int from, int end)
        where TCell : struct, IRecurrentCell
        where TStage : struct, IStepStage
        where T : struct, IVectorLane<T>
    {
        var u = from;
        for (; u <= end - T.Count; u += T.Count)
        {
            var unit = new CpuBackwardUnit<TCell, T>(at, u);
            if (TStage.FollowsReset)
            {
                TStage.BackwardReset<TCell, T, CpuBackwardUnit<TCell, T>>(ref unit, T.Load(at->DHidden + u));
                continue;
            }

            T dHidden = unit.TakeDHidden(), dCell = TCell.HasCell ? unit.TakeDCell() : T.Constant(0f);
            TCell.Backward(ref unit, dHidden, dCell);
        }

        return u;
    }
}
