using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// The equations of one recurrent cell. Everything else about a layer (products, time,
/// lengths, threads) is common to all cells: <see cref="RecurrentForward{TCell}"/> and <see cref="RecurrentBackward{TCell}"/>.
/// </summary>
internal interface IRecurrentCell
{
    /// <summary>Blocks of H rows in the weights.</summary>
    static abstract int Gates { get; }

    /// <summary>
    /// Blocks of H floats kept for each step and sequence. The forward pass finds the inputs' part of the gates in the first
    /// blocks and leaves there what the backward pass needs; the backward pass replaces that by the gradients of the gates.
    /// </summary>
    static abstract int Saved { get; }

    /// <summary>Whether there is a cell state beside the hidden state.</summary>
    static abstract bool HasCell { get; }

    /// <summary>
    /// The saved block that holds the hidden-side gradient of the last gate, where it differs from the input-side one
    /// (GRU: the reset gate stands between); otherwise the last gate itself.
    /// </summary>
    static abstract int LastHiddenBlock { get; }

    /// <summary>Whether part of the previous hidden state passes by the gates' product of itself (GRU: z h).</summary>
    static abstract bool PassesState { get; }

    /// <summary>
    /// One step of the units [from, end) as far as whole lanes go; returns where the rest begins. (The addresses come by ref: for
    /// an <c>in</c> parameter of an interface member the compiler puts a bridge in between, which is not inlined.)
    /// </summary>
    static abstract int Forward<T>(ref CellForward at, int from, int end) where T : struct, IVectorLane<T>;

    /// <summary>The same step backwards.</summary>
    static abstract int Backward<T>(ref CellBackward at, int from, int end) where T : struct, IVectorLane<T>;
}

/// <summary>Addresses for one sequence and a task's first unit, forward; null for what is left out.</summary>
internal unsafe struct CellForward
{
    /// <summary>Gates of this step, block g at + g GateStride: the inputs' part on entry, what is saved on return.</summary>
    internal float* Gates;
    internal nint GateStride;

    /// <summary>The hidden state's part of the gates, block g at + g ProductStride.</summary>
    internal float* Product;
    internal nint ProductStride;

    /// <summary>Bias of the last gate's hidden part (GRU); null for 0.</summary>
    internal float* HiddenBias;

    internal float* PreviousHidden;
    internal float* PreviousCell;
    internal float* Hidden;
    internal float* Cell;
    internal float* Output;
    internal float* KeepHidden;
    internal float* KeepCell;
}

/// <summary>Addresses for one sequence and a task's first unit, backward; null for what is left out.</summary>
internal unsafe struct CellBackward
{
    /// <summary>What the forward pass saved on entry; the gates' gradients on return.</summary>
    internal float* Gates;
    internal nint GateStride;

    /// <summary>Gradient of this step's hidden state from later steps.</summary>
    internal float* DHidden;

    /// <summary>Gradient of this step's output, added to it.</summary>
    internal float* DY;

    /// <summary>Gradient of the cell state: of this step's on entry, of the previous step's on return.</summary>
    internal float* DCell;

    /// <summary>Out: the part of the previous hidden state's gradient that does not pass through the gates' product.</summary>
    internal float* DirectDHidden;

    /// <summary>Sums of the gates' gradients, block g at + g BiasStride.</summary>
    internal float* DBias;
    internal nint BiasStride;

    internal float* PreviousHidden;
    internal float* PreviousCell;
    internal float* KeepHidden;
    internal float* KeepCell;
}

/// <summary>Steps that every cell shares.</summary>
internal static unsafe class Cell
{
    /// <summary>
    /// Whether the hidden side of the last gate is kept apart from its inputs' side, bias and gradient included, because
    /// something stands between the two (GRU: the reset gate).
    /// </summary>
    internal static bool SplitsLastGate<TCell>() where TCell : struct, IRecurrentCell => TCell.LastHiddenBlock != TCell.Gates - 1;

    /// <summary>keep previous + (1 - keep) next, or next where nothing is kept: zoneout.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Blend<T>(float* keep, float* previous, int u, T next) where T : struct, IVectorLane<T> =>
        keep == null ? next : T.MultiplyAdd(T.Load(keep + u), T.Load(previous + u) - next, next);

    /// <summary>Adds a gate's gradient to its bias's and stores it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put<T>(ref CellBackward at, int gate, int u, T gradient) where T : struct, IVectorLane<T>
    {
        var bias = at.DBias + u + (gate * at.BiasStride);
        T.Store(T.Load(bias) + gradient, bias);
        T.Store(gradient, at.Gates + u + (gate * at.GateStride));
    }

    /// <summary>
    /// The hidden state's whole gradient, split where part of the state was kept; returns the part of the new state.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T SplitHidden<T>(ref CellBackward at, int u) where T : struct, IVectorLane<T>
    {
        var dH = T.Load(at.DHidden + u);
        if (at.DY != null)
            dH += T.Load(at.DY + u);
        if (at.KeepHidden == null)
            return dH;
        var kept = T.Load(at.KeepHidden + u) * dH;
        T.Store(kept, at.DirectDHidden + u);
        return dH - kept;
    }
}
