namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void SwiGlu(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns)
    {
        CheckSwiGlu(nameof(SwiGlu), x, nameof(y), y, rows, columns);
        var team = RowPlace.TeamFor(rows, columns);
        if (Quads.Fit(columns, x, y))
        {
            LaunchRows(new SwiGluGpuKernel<AlignedQuads>
            {
                X = View(x),
                Y = View(y),
                Rows = rows,
                Columns = columns,
                Team = team,
            }, rows, columns, nameof(SwiGlu));
        }
        else
        {
            LaunchRows(new SwiGluGpuKernel<LooseQuads> { X = View(x), Y = View(y), Rows = rows, Columns = columns, Team = team },
                rows, columns, nameof(SwiGlu));
        }
    }

    /// <inheritdoc/>
    public override void SwiGluGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns)
    {
        Rows.Check(nameof(SwiGluGradient), nameof(dX), dX, rows, SizeLimitException.Product("SwiGlu: a row", 2, columns));
        CheckSwiGlu(nameof(SwiGluGradient), x, nameof(dY), dY, rows, columns);
        var team = RowPlace.TeamFor(rows, columns);
        if (Quads.Fit(columns, x, dY, dX))
        {
            LaunchRows(new SwiGluGradientGpuKernel<AlignedQuads>
            {
                X = View(x),
                DY = View(dY),
                DX = View(dX),
                Rows = rows,
                Columns = columns,
                Team = team,
            }, rows, columns, nameof(SwiGluGradient));
        }
        else
        {
            LaunchRows(new SwiGluGradientGpuKernel<LooseQuads>
            {
                X = View(x),
                DY = View(dY),
                DX = View(dX),
                Rows = rows,
                Columns = columns,
                Team = team,
            }, rows, columns, nameof(SwiGluGradient));
        }
    }
}
