using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>The names of a cell's operations in errors.</summary>
internal static class CellName<TCell> where TCell : struct, IRecurrentCell
{
    internal static readonly string Forward = TCell.Name + nameof(Forward);
    internal static readonly string Backward = TCell.Name + nameof(Backward);
}
