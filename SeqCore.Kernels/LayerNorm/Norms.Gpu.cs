namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// Groups at most for the gradient of a normalisation, each with a row of partial sums; more rows make larger blocks.
    /// </summary>
    private const int MostNormBlocks = 264;

    private void RunNorm<TForm>(string operation, DeviceSpan<float> x, DeviceSpan<float> weight,
        DeviceSpan<float> bias, DeviceSpan<float> y,
        DeviceSpan<float> mean, DeviceSpan<float> rstd, int rows, int columns, float epsilon, DeviceSpan<float> residual,
        DeviceSpan<float> sum)
        where TForm : struct, INormForm
    {
        LaunchRows(new NormGpuKernel<TForm>
        {
            X = View(x),
            Residual = View(residual),
            Sum = View(sum),
            Weight = View(weight),
            Bias = View(bias),
            Y = View(y),
            Mean = View(mean),
            Rstd = View(rstd),
            Rows = rows,
            Columns = columns,
            Team = RowPlace.TeamFor(rows, columns),
            Epsilon = epsilon,
        }, rows, columns, AreAlignedRows(columns, x, weight, bias, y, residual, sum), operation);
    }

    private void RunNormGradient<TForm>(string operation, DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> mean,
        DeviceSpan<float> rstd, DeviceSpan<float> dY, DeviceSpan<float> dX, DeviceSpan<float> dWeight, DeviceSpan<float> dBias,
        int rows, int columns, DeviceSpan<float> dSum)
        where TForm : struct, INormForm
    {
        if (columns == 0)
            return;
        var team = RowPlace.TeamFor(int.MaxValue, columns);
        var teams = RowPlace.MostTeam / team;
        var rowsPerTeam = Math.Max(1, (int)((rows + (long)teams * MostNormBlocks - 1) / (teams * MostNormBlocks)));
        var groups = (int)((rows + (long)rowsPerTeam * teams - 1) / (rowsPerTeam * teams));
        var wantsSums = !dWeight.IsAbsent || !dBias.IsAbsent;
        using var memory = Scratch(wantsSums ? 2L * groups * columns : 0, out var partial);
        LaunchAligned(new NormGradientGpuKernel<TForm>
        {
            X = View(x),
            Weight = View(weight),
            Mean = View(mean),
            Rstd = View(rstd),
            DY = View(dY),
            DSum = View(dSum),
            DX = View(dX),
            Partial = View(partial),
            Rows = rows,
            Columns = columns,
            Team = team,
            RowsPerTeam = rowsPerTeam,
        }, AreAlignedRows(columns, x, weight, dY, dX, dSum), groups, operation);
        if (wantsSums)
        {
            Launch(new BlockSumsKernel
            {
                Partial = View(partial),
                First = View(dWeight),
                Second = View(dBias),
                Blocks = groups,
                Columns = columns,
            }, BlockSumsKernel.Groups(columns), operation);
        }
    }
}
