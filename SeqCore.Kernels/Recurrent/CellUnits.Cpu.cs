using System.Runtime.CompilerServices;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

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
