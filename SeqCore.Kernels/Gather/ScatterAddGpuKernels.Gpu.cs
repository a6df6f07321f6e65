using ILGPU;

namespace SeqCore.Kernels.Gather;

/// <summary>
/// Adds rows of the source to the table, given the sorted indices. The sorted list is cut into chunks of equal length, one for
/// each team (<see cref="RowPlace"/>), so that many teams share an index that occurs thousands of times. A run of equal indices
/// inside a chunk is added to the table directly. Of a run that spans chunks, each chunk writes a partial sum: its head continues
/// a run of the previous chunk, its tail starts a run that continues in the next chunk:
/// <code>
/// sorted   2 2 2 5 | 5 5 5 5 | 5 7 7 9
/// chunk 0  [2] to the table, tail [5]
/// chunk 1  head [5]
/// chunk 2  head [5], [7] and [9] to the table
/// </code>
/// <see cref="ScatterTotalsKernel"/> adds the partial sums, so that the order of each sum depends on the indices only.
/// </summary>
internal struct ScatterAddGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> Source;
    internal ArrayView<int> Keys;
    internal ArrayView<int> Positions;
    internal ArrayView<float> Table;

    /// <summary>The heads and tails, shape (chunks, 2, columns).</summary>
    internal ArrayView<float> Partial;
    internal int Count;
    internal int PerChunk;
    internal int Chunks;
    internal int Rows;
    internal int Columns;
    internal int Team;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var chunk = RowPlace.OfThread(Chunks, Columns, Team);
        if (chunk.Row >= Chunks)
            return;
        int begin = chunk.Row * PerChunk, end = begin + PerChunk < Count ? begin + PerChunk : Count;
        for (var first = 0; first < Columns; first += Team * RowPlace.PerThread)
        {
            var place = chunk.At(first);
            var key = Keys[begin];
            var goesOn = begin > 0 && Keys[begin - 1] == key;
            var sum = default(RowPart);
            for (var i = begin; i < end; i++)
            {
                // Four at a time where they are equal, so that the loads of four rows overlap.
                for (; key < Rows && i + 3 < end && Keys[i + 3] == key && Keys[i] == key; i += 4)
                    sum = sum.Zip(TwoRows<TAccess>(place, i).Zip(TwoRows<TAccess>(place, i + 2), default(AddRows)),
                        default(AddRows));
                if (i == end)
                    break;
                var next = Keys[i];
                if (next != key)
                {
                    Write<TAccess>(sum, place, key, goesOn, false);
                    sum = default;
                    key = next;
                    goesOn = false;
                }

                // Indices out of range are sorted to the end.
                if (key < Rows)
                    sum = sum.Zip(SourceRow<TAccess>(place, i), default(AddRows));
            }

            Write<TAccess>(sum, place, key, goesOn, end < Count && Keys[end] == key);
        }
    }

    private readonly RowPart SourceRow<TAccess>(RowPlace place, int i) where TAccess : struct, IFloat4Access =>
        RowPart.Load<TAccess>(Source, place, Positions[i] * Columns, 0f);

    private readonly RowPart TwoRows<TAccess>(RowPlace place, int i) where TAccess : struct, IFloat4Access =>
        SourceRow<TAccess>(place, i).Zip(SourceRow<TAccess>(place, i + 1), default(AddRows));

    private readonly void Write<TAccess>(RowPart sum, RowPlace place, int key, bool isHead, bool isTail)
        where TAccess : struct, IFloat4Access
    {
        if (key >= Rows)
            return;
        if (isHead)
            sum.Store<TAccess>(Partial, place, place.Row * 2 * Columns);
        else if (isTail)
        {
            sum.Store<TAccess>(Partial, place, (place.Row * 2 + 1) * Columns);
        }
        else
        {
            RowPart.Load<TAccess>(Table, place, key * Columns, 0f).Zip(sum, default(AddRows))
                .Store<TAccess>(Table, place, key * Columns);
        }
    }
}

/// <summary>
/// Adds the runs that span chunks, with a group for each chunk: if a run starts in the chunk and continues, the group adds its
/// tail and the heads of the following chunks up to the end of the run. Its teams take them in turn, and team 0 adds the sums of
/// the teams in order.
/// <code>
/// tail   head 1  head 2  head 3  head 4  head 5 ...
///        team 0  team 1  team 2  team 3  team 0          with 4 teams
/// </code>
/// </summary>
internal struct ScatterTotalsKernel : IFloat4Kernel
{
    internal ArrayView<int> Keys;
    internal ArrayView<float> Table;
    internal ArrayView<float> Partial;
    internal int Count;
    internal int PerChunk;
    internal int Chunks;
    internal int Rows;
    internal int Columns;
    internal int Team;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var shared = SharedMemory.Allocate<float>(RowPlace.MostTeam * RowPlace.PerThread);
        int begin = Grid.IdxX * PerChunk, end = begin + PerChunk;
        if (end >= Count)
            return;
        var key = Keys[end - 1];
        var beganBefore = begin > 0 && Keys[begin - 1] == key;
        if (key >= Rows || Keys[end] != key || beganBefore)
            return;
        var teams = Group.DimX / Team;
        for (var first = 0; first < Columns; first += Team * RowPlace.PerThread)
        {
            var place = RowPlace.OfRow(0, 1, Columns, Team).At(first);
            var sum = default(RowPart);
            for (var next = Grid.IdxX + 1 + Group.IdxX / Team; next < Chunks && Keys[next * PerChunk] == key; next += teams)
                sum = sum.Zip(RowPart.Load<TAccess>(Partial, place, next * 2 * Columns, 0f), default(AddRows));
            sum.Share(shared);
            Group.Barrier();
            if (Group.IdxX < Team)
            {
                var tail = RowPart.Load<TAccess>(Partial, place, (Grid.IdxX * 2 + 1) * Columns, 0f);
                var total = tail.Zip(RowPart.SumOverTeams(shared, Team), default(AddRows));
                RowPart.Load<TAccess>(Table, place, key * Columns, 0f).Zip(total, default(AddRows))
                    .Store<TAccess>(Table, place, key * Columns);
            }

            Group.Barrier();
        }
    }
}
