using ILGPU;

namespace SeqCore.Kernels.Gather;

/// <summary>
/// Clears the rows of the table that the indices name, with a team for each row (<see cref="RowPlace"/>). An index out of range
/// is noted and skipped.
/// </summary>
internal struct ClearRowsGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> Table;
    internal ArrayView<int> Indices;
    internal ArrayView<int> Notes;
    internal int Number;
    internal int TableRows;
    internal int Rows;
    internal int Columns;
    internal int Team;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var row = RowPlace.OfThread(Rows, Columns, Team);
        if (row.Row >= Rows)
            return;
        var index = Indices[row.Row];
        if ((uint)index >= (uint)TableRows)
        {
            if (row.Lane == 0)
                IndexProblems.Note(Notes, Number, row.Row, index);
            return;
        }

        for (var first = 0; first < Columns; first += Team * RowPlace.PerThread)
            default(RowPart).Store<TAccess>(Table, row.At(first), index * Columns);
    }
}
