using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels;

/// <summary>What errors call the operations of a cell.</summary>
internal static class CellName<TCell> where TCell : struct, IRecurrentCell
{
    internal static readonly string Forward = TCell.Name + nameof(Forward);
    internal static readonly string Backward = TCell.Name + nameof(Backward);
}
