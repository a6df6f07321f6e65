using System.Runtime.CompilerServices;
using ILGPU;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>Moves one unit's gates between memory and registers.</summary>
internal static class UnitLoads
{
    /// <summary>
    /// Loads the inputs' part of the gates, block g at + g H, and for a step in two stages what the first saved after them: the
    /// second stage saves all blocks again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static UnitForward Forward<TCell>(ArrayView<float> gates, int at, int h) where TCell : struct, IRecurrentCell
    {
        var unit = default(UnitForward);
        unit.Gate0 = gates[at];
        if (TCell.Gates > 1)
            unit.Gate1 = gates[at + h];
        if (TCell.Gates > 2 || (TCell.ResetBlock >= 0 && TCell.Saved > 2))
            unit.Gate2 = gates[at + (2 * h)];
        if (TCell.Gates > 3 || (TCell.ResetBlock >= 0 && TCell.Saved > 3))
            unit.Gate3 = gates[at + (3 * h)];
        return unit;
    }

    /// <summary>Loads the hidden state's part of the gates from the tile's sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static UnitForward Products<TCell, TStage>(UnitForward unit, ArrayView<float> sums, ArrayView<float> bias, int u,
        int h)
        where TCell : struct, IRecurrentCell
        where TStage : struct, IStepStage
    {
        int first = TStage.FirstGate<TCell>(), end = TStage.EndGate<TCell>();
        if (first == 0)
            unit.Product0 = Product(0, first, end, sums, bias, u, h);
        if (first <= 1 && end > 1)
            unit.Product1 = Product(1, first, end, sums, bias, u, h);
        if (first <= 2 && end > 2)
            unit.Product2 = Product(2, first, end, sums, bias, u, h);
        if (end > 3)
            unit.Product3 = Product(3, first, end, sums, bias, u, h);
        return unit;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Product(int gate, int first, int end, ArrayView<float> sums, ArrayView<float> bias, int u, int h) =>
        RecurrentTile.Total(end - first, gate - first, sums) + (bias.Length > 0 ? bias[u + (gate * h)] : 0f);

    /// <summary>Saves what the backward pass needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Save<TCell>(UnitForward unit, ArrayView<float> gates, int at, int h)
        where TCell : struct, IRecurrentCell =>
        Put<TCell>(unit.Gate0, unit.Gate1, unit.Gate2, unit.Gate3, gates, at, h);

    /// <summary>Loads what the forward pass saved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static UnitBackward Backward<TCell>(ArrayView<float> gates, int at, int h) where TCell : struct, IRecurrentCell
    {
        var unit = default(UnitBackward);
        unit.Gate0 = gates[at];
        if (TCell.Saved > 1)
            unit.Gate1 = gates[at + h];
        if (TCell.Saved > 2)
            unit.Gate2 = gates[at + (2 * h)];
        if (TCell.Saved > 3)
            unit.Gate3 = gates[at + (3 * h)];
        return unit;
    }

    /// <summary>Stores the gates' gradients over the gates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Replace<TCell>(UnitBackward unit, ArrayView<float> gates, int at, int h)
        where TCell : struct, IRecurrentCell =>
        Put<TCell>(unit.Gate0, unit.Gate1, unit.Gate2, unit.Gate3, gates, at, h);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TCell>(float gate0, float gate1, float gate2, float gate3, ArrayView<float> gates, int at, int h)
        where TCell : struct, IRecurrentCell
    {
        gates[at] = gate0;
        if (TCell.Saved > 1)
            gates[at + h] = gate1;
        if (TCell.Saved > 2)
            gates[at + (2 * h)] = gate2;
        if (TCell.Saved > 3)
            gates[at + (3 * h)] = gate3;
    }
}
