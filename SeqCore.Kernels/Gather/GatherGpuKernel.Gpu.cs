using ILGPU;

namespace SeqCore.Kernels.Gather;

/// <summary>
/// Copies the rows of the table that the indices name, with a team for each row (<see cref="RowPlace"/>). An index out of range
/// is noted and its row is skipped.
/// <code>
/// indices    2         0         2
/// team       0         1         2
/// output  table[2]  table[0]  table[2]     the threads of a team side by side along the row
/// </code>
/// </summary>
internal struct GatherGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> Table;
    internal ArrayView<int> Indices;
    internal ArrayView<float> Output;
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
            RowPart.Load<TAccess>(Table, row.At(first), index * Columns, 0f).Store<TAccess>(Output, row.At(first));
    }
}
