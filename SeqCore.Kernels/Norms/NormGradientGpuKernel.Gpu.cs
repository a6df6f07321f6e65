using ILGPU;

namespace SeqCore.Kernels.Norms;

/// <summary>
/// Gradients of a normalisation. With n = (x - mean) rstd and g = dY w: dX = rstd (g - mean(g) - n mean(g n)) + dSum, without
/// mean(g) if the mean is not subtracted; dWeight = sum over rows of dY n, dBias = sum of dY. A group has a block of rows, which
/// its teams take in turn; each thread keeps the sums of its own columns in registers from row to row:
/// <code>
///              columns of lane 0  lane 1  ...
/// team 0  row 0      + dY n         +          row 4   ...
/// team 1  row 1      + dY n         +          row 5          sums over rows stay with the thread
/// team 2  row 2                                row 6
/// team 3  row 3                                row 7
/// </code>
/// At the end team 0 adds up the teams' sums in order, and the group writes a row of partial sums, which
/// <see cref="BlockSumsKernel"/> adds. If a row has several parts (more than 4,096 elements) the team is the group, and keeps its
/// sums in the row of partial sums directly.
/// </summary>
internal struct NormGradientGpuKernel<TKind> : IFloat4Kernel
    where TKind : struct, INormKind
{
    internal ArrayView<float> X;
    internal ArrayView<float> Weight;
    internal ArrayView<float> Mean;
    internal ArrayView<float> Rstd;
    internal ArrayView<float> DY;
    internal ArrayView<float> DSum;
    internal ArrayView<float> DX;

    /// <summary>The partial sums, shape (groups, 2, columns), or absent if no sums are needed.</summary>
    internal ArrayView<float> Partial;
    internal int Rows;
    internal int Columns;
    internal int Team;
    internal int RowsPerTeam;

    /// <summary>Two groups, so that one loads while the other computes.</summary>
    public static int GroupsPerMultiprocessor => 2;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var shared = SharedMemory.Allocate<float>(RowPlace.MostTeam * RowPlace.PerThread);
        var teams = Group.DimX / Team;
        var partial = Grid.IdxX * 2 * Columns;
        RowPart dWeight = default, dBias = default;
        for (var i = 0; i < RowsPerTeam; i++)
        {
            var row = (Grid.IdxX * RowsPerTeam + i) * teams + Group.IdxX / Team;
            var place = RowPlace.OfRow(row, Rows, Columns, Team);
            var mean = TKind.Centred && row < Rows ? Mean[row] : 0f;
            var rstd = row < Rows ? Rstd[row] : 0f;
            var last = (Columns - 1) / (Team * RowPlace.PerThread) * (Team * RowPlace.PerThread);
            RowPart n = default, dY = default;
            float sumG = 0f, sumGn = 0f;
            for (var first = 0; first <= last; first += Team * RowPlace.PerThread)
            {
                dY = RowPart.Load<TAccess>(DY, place.At(first));
                n = RowPart.Load<TAccess>(X, place.At(first), mean).Map(new Normalised(mean, rstd));
                var g = Weighted<TAccess>(dY, place.At(first));
                sumG += g.Sum();
                sumGn += g.Zip(n, default(MultiplyRows)).Sum();
                if (last > 0 && Partial.Length != 0)
                    AddToPartial<TAccess>(place.At(first), partial, dY, n, i > 0);
            }

            var meanG = TKind.Centred ? TeamReduction.Sum(sumG, Team) / Columns : 0f;
            var meanGn = TeamReduction.Sum(sumGn, Team) / Columns;
            dWeight = dWeight.Zip(dY.Zip(n, default(MultiplyRows)), default(AddRows));
            dBias = dBias.Zip(dY, default(AddRows));
            Store<TAccess>(dY, n, place.At(last), rstd, meanG, meanGn);
            for (var first = last - Team * RowPlace.PerThread; first >= 0; first -= Team * RowPlace.PerThread)
            {
                dY = RowPart.Load<TAccess>(DY, place.At(first));
                n = RowPart.Load<TAccess>(X, place.At(first), mean).Map(new Normalised(mean, rstd));
                Store<TAccess>(dY, n, place.At(first), rstd, meanG, meanGn);
            }
        }

        if (Partial.Length == 0 || Columns > Team * RowPlace.PerThread)
            return;
        var whole = RowPlace.OfRow(0, 1, Columns, Team);
        StoreSum<TAccess>(dWeight, shared, whole, partial);
        if (TKind.Centred)
            StoreSum<TAccess>(dBias, shared, whole, partial + Columns);
    }

    // The last barrier is for PoCL 6, which otherwise compiles the code between a barrier and the kernel's end wrongly.
    private readonly void StoreSum<TAccess>(RowPart mine, ArrayView<float> shared, RowPlace place, int start)
        where TAccess : struct, IFloat4Access
    {
        mine.Share(shared);
        Group.Barrier();
        if (Group.IdxX < Team)
            RowPart.SumOverTeams(shared, Team).Store<TAccess>(Partial, place, start);
        Group.Barrier();
    }

    private readonly RowPart Weighted<TAccess>(RowPart dY, RowPlace place) where TAccess : struct, IFloat4Access =>
        Weight.Length == 0 ? dY : dY.Zip(RowPart.Load<TAccess>(Weight, place, 0, 0f), default(MultiplyRows));

    private readonly void Store<TAccess>(RowPart dY, RowPart n, RowPlace place, float rstd, float meanG, float meanGn)
        where TAccess : struct, IFloat4Access
    {
        var dX = Weighted<TAccess>(dY, place).Zip(n, new SubtractMultiple(meanGn)).Map(new ShiftAndScale(meanG, rstd));
        if (DSum.Length != 0)
            dX = dX.Zip(RowPart.Load<TAccess>(DSum, place), default(AddRows));
        dX.Store<TAccess>(DX, place);
    }

    /// <summary>Adds to the group's partial sums, or sets them at first.</summary>
    private readonly void AddToPartial<TAccess>(RowPlace place, int partial, RowPart dY, RowPart n, bool begun)
        where TAccess : struct, IFloat4Access
    {
        var dWeight = dY.Zip(n, default(MultiplyRows));
        var dBias = dY;
        if (begun)
        {
            dWeight = dWeight.Zip(RowPart.Load<TAccess>(Partial, place, partial, 0f), default(AddRows));
            dBias = dBias.Zip(RowPart.Load<TAccess>(Partial, place, partial + Columns, 0f), default(AddRows));
        }

        dWeight.Store<TAccess>(Partial, place, partial);
        dBias.Store<TAccess>(Partial, place, partial + Columns);
    }
}
