using SeqCore.Kernels.Norms;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// The largest number of groups for the gradient of a normalisation, each with a row of partial sums; more rows make larger
    /// blocks.
    /// </summary>
    private const int MostNormBlocks = 264;

    private protected override void RunNorm<TKind>(string operation, in NormArguments a) =>
        LaunchRows(new NormGpuKernel<TKind>
        {
            X = View(a.X),
            Residual = View(a.Residual),
            Sum = View(a.Sum),
            Weight = View(a.Weight),
            Bias = View(a.Bias),
            Y = View(a.Y),
            Mean = View(a.Mean),
            Rstd = View(a.Rstd),
            Rows = a.Rows,
            Columns = a.Columns,
            Team = RowPlace.TeamFor(a.Rows, a.Columns),
            Epsilon = a.Epsilon,
            Dropout = a.Dropout,
            Seed = a.Stream.Seed,
            Counter = a.Stream.Counter,
        }, a.Rows, a.Columns, AreAlignedRows(a.Columns, a.X, a.Weight, a.Bias, a.Y, a.Residual, a.Sum), operation);

    private protected override void RunNormGradient<TKind>(string operation, in NormGradientArguments a)
    {
        int rows = a.Rows, columns = a.Columns;
        if (columns == 0)
            return;
        var team = RowPlace.TeamFor(int.MaxValue, columns);
        var teams = RowPlace.MostTeam / team;
        var rowsPerTeam = Math.Max(1, (int)((rows + (long)teams * MostNormBlocks - 1) / (teams * MostNormBlocks)));
        var groups = (int)((rows + (long)rowsPerTeam * teams - 1) / (rowsPerTeam * teams));
        var wantsSums = !a.DWeight.IsAbsent || !a.DBias.IsAbsent;
        using var memory = Scratch(wantsSums ? 2L * groups * columns : 0, out var partial, operation);
        LaunchAligned(new NormGradientGpuKernel<TKind>
        {
            X = View(a.X),
            Weight = View(a.Weight),
            Mean = View(a.Mean),
            Rstd = View(a.Rstd),
            DY = View(a.DY),
            DSum = View(a.DSum),
            DX = View(a.DX),
            Partial = View(partial),
            Rows = rows,
            Columns = columns,
            Team = team,
            RowsPerTeam = rowsPerTeam,
        }, AreAlignedRows(columns, a.X, a.Weight, a.DY, a.DX, a.DSum), groups, operation);
        if (wantsSums)
        {
            Launch(new BlockSumsKernel
            {
                Partial = View(partial),
                First = View(a.DWeight),
                Second = View(a.DBias),
                Blocks = groups,
                Columns = columns,
            }, BlockSumsKernel.Groups(columns), operation);
        }
    }
}
