namespace SeqCore.Models;

/// <summary>
/// The last forecasts of a forecaster and the values that came, in memory that does not grow: forecast k, at k modulo their
/// number, is the one after step k S, of the stride S; value t, likewise, is that of step t, counted from the first one that was
/// observed. What belongs to one step of the horizon, or to one channel, lies together.
/// </summary>
/// <param name="options">The horizon, the window and the stride.</param>
/// <param name="channels">The number of channels, C.</param>
/// <param name="rows">The number of forecasts that are kept.</param>
/// <param name="forecasts">The forecasts: for each quantile, step and channel those that are kept.</param>
/// <param name="values">The values that came: for each channel those that are kept.</param>
/// <param name="seen">The number of steps observed.</param>
internal sealed class CalibrationSet(ConformalOptions options, int channels, int rows, float[] forecasts, float[] values,
    long seen)
{
    // For the quantiles of both ends the windows of each step and channel, which are filled when they are asked for.
    private readonly Dictionary<(int Lower, int Upper), ScoreWindow?[]> windows = [];

    /// <summary>The number of steps observed.</summary>
    internal long Seen { get; private set; } = seen;

    /// <summary>The number of values of a forecast.</summary>
    internal static int Width(ConformalOptions options, int quantiles, int channels) => SizeLimitException.Product(
        $"{nameof(ConformalForecaster)}: forecasts of {options.Horizon} steps", options.Horizon, checked(quantiles * channels));

    /// <summary>
    /// Returns how many forecasts to keep, so that as many as the window can be compared at the last step of the horizon too.
    /// </summary>
    internal static int RowsFor(ConformalOptions options, long observed)
    {
        var needed = (long)options.Window + ((options.Horizon - 1L) / options.Stride) + 1;
        return checked((int)(options.Slides ? needed : Math.Min(needed, (observed / options.Stride) + 1)));
    }

    /// <summary>Puts the values of the next step, or a forecast, into its place of a matrix.</summary>
    /// <param name="column">The values or the forecast.</param>
    /// <param name="matrix">The values or the forecasts that are kept.</param>
    /// <param name="place">The place.</param>
    internal static void Put(ReadOnlySpan<float> column, float[] matrix, int place)
    {
        var length = matrix.Length / column.Length;
        for (var i = 0; i < column.Length; i++)
            matrix[(i * length) + place] = column[i];
    }

    /// <summary>Adds the values of the next step.</summary>
    internal void AddValues(ReadOnlySpan<float> step)
    {
        Put(step, values, (int)(Seen % (values.Length / channels)));
        Seen++;
    }

    /// <summary>Adds the forecast that follows the steps observed, whose number is a multiple of the stride.</summary>
    internal void AddForecast(ReadOnlySpan<float> forecast) => Put(forecast, forecasts, Newest);

    /// <summary>The place of the newest forecast.</summary>
    internal int Newest => (int)(Seen / options.Stride % rows);

    /// <summary>Whether the newest forecast is this one, bit by bit.</summary>
    internal bool HasNewest(ReadOnlySpan<float> forecast)
    {
        for (var i = 0; i < forecast.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(forecast[i]) != BitConverter.SingleToInt32Bits(forecasts[(i * rows) + Newest]))
                return false;
        }

        return forecast.Length * rows == forecasts.Length;
    }

    /// <summary>
    /// Computes how far the ends of an interval of a channel at a step are moved outwards: the ceil((n + 1) p)-th smallest of n
    /// scores max(lower - y, y - upper).
    /// </summary>
    /// <param name="step">The step of the horizon, from 0.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="ends">The indices of the quantiles that are its ends.</param>
    /// <param name="coverage">The coverage p.</param>
    /// <returns>The margin; null if there are too few scores.</returns>
    internal double? Margin(int step, int channel, (int Lower, int Upper) ends, double coverage)
    {
        if (!windows.TryGetValue(ends, out var all))
            windows[ends] = all = new ScoreWindow?[options.Horizon * channels];
        var window = all[(step * channels) + channel] ??= new ScoreWindow(options.Window);
        var newest = Seen > step ? (Seen - 1 - step) / options.Stride : -1;
        var length = (int)Math.Min(Math.Min(newest + 1, options.Window), newest + rows - (Seen / options.Stride));
        window.MoveTo(newest, length, k => Score(k, step, channel, ends));
        var rank = Rank(window.Count, coverage);
        return rank <= window.Count ? window.Smallest(rank) : null;
    }

    /// <summary>Returns the rank of the score that covers, ceil((n + 1) p).</summary>
    internal static int Rank(int count, double coverage) => (int)Math.Ceiling(((count + 1) * coverage) - 1e-9);

    /// <summary>Returns the smallest number of scores whose largest covers.</summary>
    internal static int Needed(double coverage) => (int)Math.Ceiling((coverage / (1 - coverage)) - 1e-6);

    /// <summary>Returns the score of a forecast at a step of the horizon; NaN if its value is missing.</summary>
    private double Score(long forecast, int step, int channel, (int Lower, int Upper) ends)
    {
        var steps = values.Length / channels;
        var actual = (double)values[(channel * steps) + (int)(((forecast * options.Stride) + step) % steps)];
        var row = (int)(forecast % rows);
        return Math.Max(Of(ends.Lower) - actual, actual - Of(ends.Upper));

        double Of(int quantile) => forecasts[(((((quantile * options.Horizon) + step) * channels) + channel) * rows) + row];
    }
}
