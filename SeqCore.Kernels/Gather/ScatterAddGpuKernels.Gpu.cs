using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Adds rows of the source to the table, given the indices sorted. The sorted list is cut into chunks of equal length, each a
/// team's (<see cref="RowPlace"/>), so that one index that comes thousands of times is shared by many teams. A run of equal
/// indices inside a chunk goes to the table at once; of runs that chunks cut, each chunk writes its part's sum, the one that goes
/// on from the chunk before as its head, the one that begins here and goes on as its tail:
/// <code>
/// sorted   2 2 2 5 | 5 5 5 5 | 5 7 7 9
/// chunk 0  [2] to the table, tail [5]
/// chunk 1  head [5]
/// chunk 2  head [5], [7] and [9] to the table
/// </code>
/// <see cref="ScatterTotalsKernel"/> adds the parts. So sums have an order that depends on the indices alone.
/// </summary>
internal struct ScatterAddGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> Source;
    internal ArrayView<int> Keys;
    internal ArrayView<int> Positions;
    internal ArrayView<float> Table;

    /// <summary>Shape (chunks, 2, columns): heads and tails.</summary>
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
                // Four at a time where they are equal, so that four rows are on their way.
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

                // Indices out of range were sorted to the end.
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
/// Adds the runs that chunks cut, a group for each chunk: where a run begins there and goes on, the group takes its tail and the
/// heads of the chunks after it, as far as the run goes; its teams take them in turn, and team 0 adds up the
/// teams' sums in order.
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
