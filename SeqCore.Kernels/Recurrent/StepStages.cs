using System.Runtime.CompilerServices;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// A stage of a step, given by the range of gates whose recurrent product it computes: all gates or, if a cell resets the state
/// between two products (<see cref="IRecurrentCell.ResetBlock"/>), those before the reset and the one after it.
/// </summary>
internal interface IStepStage
{
    /// <summary>Whether the forward stage ends with <see cref="IRecurrentCell.Reset"/>, and not with the new state.</summary>
    static abstract bool EndsInReset { get; }

    /// <summary>
    /// Whether its product is that of the reset block, whose gradient it computes backward
    /// (<see cref="IRecurrentCell.BackwardReset"/>).
    /// </summary>
    static abstract bool FollowsReset { get; }

    /// <summary>Returns the first gate of the product.</summary>
    static abstract int FirstGate<TCell>() where TCell : struct, IRecurrentCell;

    /// <summary>Returns the gate after the last one of the product.</summary>
    static abstract int EndGate<TCell>() where TCell : struct, IRecurrentCell;

    /// <summary>
    /// Runs the cell's <see cref="IRecurrentCell.Reset"/> in the stage that ends with it; does nothing in others.
    /// </summary>
    static abstract void Reset<TCell, T, TUnit>(ref TUnit unit)
        where TCell : struct, IRecurrentCell
        where T : struct, ILane<T>
        where TUnit : struct, IForwardUnit<T>;

    /// <summary>
    /// Runs the cell's <see cref="IRecurrentCell.BackwardReset"/> in the stage that follows the reset; does nothing in others.
    /// </summary>
    static abstract void BackwardReset<TCell, T, TUnit>(ref TUnit unit, T dReset)
        where TCell : struct, IRecurrentCell
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>;
}

/// <summary>The whole step of a cell with one product.</summary>
internal readonly struct WholeStep : IStepStage
{
    public static bool EndsInReset => false;

    public static bool FollowsReset => false;

    public static int FirstGate<TCell>() where TCell : struct, IRecurrentCell => 0;

    public static int EndGate<TCell>() where TCell : struct, IRecurrentCell => TCell.Gates;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Reset<TCell, T, TUnit>(ref TUnit unit)
        where TCell : struct, IRecurrentCell
        where T : struct, ILane<T>
        where TUnit : struct, IForwardUnit<T>
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BackwardReset<TCell, T, TUnit>(ref TUnit unit, T dReset)
        where TCell : struct, IRecurrentCell
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>
    {
    }
}

/// <summary>The product of all gates except the last, and what the cell computes from it.</summary>
internal readonly struct BeforeReset : IStepStage
{
    public static bool EndsInReset => true;

    public static bool FollowsReset => false;

    public static int FirstGate<TCell>() where TCell : struct, IRecurrentCell => 0;

    public static int EndGate<TCell>() where TCell : struct, IRecurrentCell => TCell.Gates - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Reset<TCell, T, TUnit>(ref TUnit unit)
        where TCell : struct, IRecurrentCell
        where T : struct, ILane<T>
        where TUnit : struct, IForwardUnit<T> =>
        TCell.Reset<T, TUnit>(ref unit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BackwardReset<TCell, T, TUnit>(ref TUnit unit, T dReset)
        where TCell : struct, IRecurrentCell
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>
    {
    }
}

/// <summary>The last gate's product, and what the cell computes from it.</summary>
internal readonly struct AfterReset : IStepStage
{
    public static bool EndsInReset => false;

    public static bool FollowsReset => true;

    public static int FirstGate<TCell>() where TCell : struct, IRecurrentCell => TCell.Gates - 1;

    public static int EndGate<TCell>() where TCell : struct, IRecurrentCell => TCell.Gates;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Reset<TCell, T, TUnit>(ref TUnit unit)
        where TCell : struct, IRecurrentCell
        where T : struct, ILane<T>
        where TUnit : struct, IForwardUnit<T>
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BackwardReset<TCell, T, TUnit>(ref TUnit unit, T dReset)
        where TCell : struct, IRecurrentCell
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T> =>
        TCell.BackwardReset(ref unit, dReset);
}
