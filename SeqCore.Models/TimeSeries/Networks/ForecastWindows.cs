using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// The windows of a series as a <see cref="NetworkForecaster"/> reads them: scaled, with the covariates beside. Windows with a
/// missing value, also of a covariate, are left out.
/// </summary>
internal sealed class ForecastWindows
{
    private readonly SlidingWindows windows;
    private readonly TimeSeries values;
    private readonly TimeSeries? known;
    private readonly Backend backend;

    internal ForecastWindows(NetworkForecaster model, SlidingWindows windows)
    {
        var (series, covariates) = (windows.Series, model.Known);
        (this.windows, backend) = (windows, model.Backend);
        values = model.Scaler.Apply(model.WithoutCovariates(series));
        if (covariates.Count > 0)
            known = covariates.WithCalendar(covariates.Scaled(series), series.Length, series.Start, series.Interval);
    }

    internal int Count => windows.Count;

    /// <summary>Returns what the network reads of some windows, shape (B, L, C).</summary>
    internal Tensor Past(IReadOnlyList<int> rows) => Batch(values, rows, 0, windows.LookBack);

    /// <summary>Returns the covariates of some windows, shape (B, L + H, K); null if there are none.</summary>
    internal Variable? Known(IReadOnlyList<int> rows) =>
        known is null ? null : new Variable(Batch(known, rows, 0, windows.LookBack + windows.Horizon));

    /// <summary>Returns what should be forecast, shape (B, H, C).</summary>
    internal Tensor Target(IReadOnlyList<int> rows) => Batch(values, rows, windows.LookBack, windows.Horizon);

    private Tensor Batch(TimeSeries series, IReadOnlyList<int> rows, int from, int steps)
    {
        var width = steps * series.ChannelCount;
        var batch = new float[rows.Count * width];
        for (var i = 0; i < rows.Count; i++)
            series.Memory(windows[rows[i]].Start + from, steps).Span.CopyTo(batch.AsSpan(i * width));
        return Tensor.FromSpan(batch, new Shape(rows.Count, steps, series.ChannelCount), backend);
    }
}
