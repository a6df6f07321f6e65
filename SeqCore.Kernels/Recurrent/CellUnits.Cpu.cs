using System.Runtime.CompilerServices;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels;

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

/// <summary>The units of a lane, forward; their values are read directly from memory.</summary>
internal readonly unsafe struct CpuForwardUnit<TCell, T>(CellForward* at, int u) : IForwardUnit<T>
    where TCell : struct, IRecurrentCell
    where T : struct, IVectorLane<T>
{
    public T PreviousHidden
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.Load(at->PreviousHidden + u);
    }

    public T PreviousCell
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.Load(at->PreviousCell + u);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Input(int gate) => T.Load(at->Gates + u + (gate * at->GateStride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Recurrent(int gate)
    {
        var product = T.Load(at->Product + u + (gate * at->ProductStride));
        if (RecurrentPlan.SplitsLastGate<TCell>() && gate == TCell.Gates - 1 && at->HiddenBias != null)
            product += T.Load(at->HiddenBias + u);
        return product;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Save(int block, T value) => T.Store(value, at->Gates + u + (block * at->GateStride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetCell(T value) => T.Store(Blend(at->KeepCell, at->PreviousCell, value), at->Cell + u);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetHidden(T value)
    {
        var h = Blend(at->KeepHidden, at->PreviousHidden, value);
        T.Store(h, at->Hidden + u);
        T.Store(h, at->Output + u);
    }

    // Applies zoneout: keep previous + (1 - keep) next, or next if nothing is kept.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Blend(float* keep, float* previous, T next) =>
        keep == null ? next : T.MultiplyAdd(T.Load(keep + u), T.Load(previous + u) - next, next);
}

/// <summary>The units of a lane, backward.</summary>
internal readonly unsafe struct CpuBackwardUnit<TCell, T>(CellBackward* at, int u) : IBackwardUnit<T>
    where TCell : struct, IRecurrentCell
    where T : struct, IVectorLane<T>
{
    public T PreviousHidden
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.Load(at->PreviousHidden + u);
    }

    public T PreviousCell
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => T.Load(at->PreviousCell + u);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Saved(int block) => T.Load(at->Gates + u + (block * at->GateStride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetGradient(int block, T value)
    {
        var bias = at->DBias + u + (block * at->BiasStride);
        T.Store(T.Load(bias) + value, bias);
        T.Store(value, at->Gates + u + (block * at->GateStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetPreviousCellGradient(T value)
    {
        var to = at->DCell + u;
        T.Store(at->KeepCell == null ? value : value + T.Load(to), to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetPreviousHiddenGradient(T value)
    {
        var to = at->DirectDHidden + u;
        T.Store(at->KeepHidden == null ? value : value + T.Load(to), to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPreviousHiddenGradient(T value)
    {
        var to = at->DirectDHidden + u;
        T.Store(T.Load(to) + value, to);
    }

    /// <summary>
    /// Returns the gradient of the hidden state that the cell computed; if zoneout kept part of the previous state, that part's
    /// gradient is left for that state.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T TakeDHidden()
    {
        var dH = T.Load(at->DHidden + u);
        if (at->DY != null)
            dH += T.Load(at->DY + u);
        if (at->KeepHidden != null)
        {
            var kept = T.Load(at->KeepHidden + u) * dH;
            T.Store(kept, at->DirectDHidden + u);
            dH -= kept;
        }
        else if (!TCell.PassesState && at->DirectDHidden != null)
        {
            T.Store(T.Constant(0f), at->DirectDHidden + u);
        }

        return dH;
    }

    /// <summary>Returns the same for the cell state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T TakeDCell()
    {
        var dC = T.Load(at->DCell + u);
        if (at->KeepCell == null)
            return dC;
        var kept = T.Load(at->KeepCell + u) * dC;
        T.Store(kept, at->DCell + u);
        return dC - kept;
    }
}
