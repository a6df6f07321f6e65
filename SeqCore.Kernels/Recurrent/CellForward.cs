using System.Runtime.CompilerServices;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>The addresses for one sequence and a task's first unit, forward; null for what is absent.</summary>
internal unsafe struct CellForward
{
    /// <summary>
    /// The gates of this step, block g at + g GateStride: the inputs' part on entry, the saved blocks on return.
    /// </summary>
    internal float* Gates;
    internal nint GateStride;

    /// <summary>The hidden state's part of the gates, block g at + g ProductStride.</summary>
    internal float* Product;
    internal nint ProductStride;

    /// <summary>The bias of the last gate's hidden part (GRU); null for 0.</summary>
    internal float* HiddenBias;

    internal float* PreviousHidden;
    internal float* PreviousCell;
    internal float* Hidden;
    internal float* Cell;
    internal float* Output;
    internal float* KeepHidden;
    internal float* KeepCell;

    /// <summary>Computes one step of the units [from, end) in whole lanes; returns where the rest starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Run<TCell, TStage, T>(CellForward* at, int from, int end)
        where TCell : struct, IRecurrentCell
        where TStage : struct, IStepStage
        where T : struct, IVectorLane<T>
    {
        var u = from;
        for (; u <= end - T.Count; u += T.Count)
        {
            var unit = new CpuForwardUnit<TCell, T>(at, u);
            if (TStage.EndsInReset)
                TStage.Reset<TCell, T, CpuForwardUnit<TCell, T>>(ref unit);
            else
                TCell.Forward<T, CpuForwardUnit<TCell, T>>(ref unit);
        }

        return u;
    }
}
