namespace SeqCore.Models;

/// <summary>
/// The last forecasts of a forecaster and the values that came, in memory that does not grow: forecast k, at k modulo their
/// number, is the one behind step k S, of the stride S; value t, likewise, is that of step t, counted from the first one that was
/// observed. What belongs to one step of the horizon, or to one channel, lies together.
/// </summary>
/// <param name="Options">The horizon, the window and the stride.</param>
/// <param name="Probabilities">The quantiles that are forecast; null for points.</param>
/// <param name="Channels">The number of channels, C.</param>
/// <param name="Rows">The number of forecasts that are kept.</param>
internal sealed record CalibrationSet(ConformalOptions Options, IReadOnlyList<double>? Probabilities, int Channels, int Rows)
{
    /// <summary>The number of steps observed.</summary>
    internal long Seen { get; init; }

    /// <summary>The forecasts: for each quantile, step and channel those that are kept.</summary>
    internal required float[] Forecasts { get; init; }

    /// <summary>The values that came: for each channel those that are kept.</summary>
    internal required float[] Values { get; init; }

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

    /// <summary>
    /// Computes how far the ends of an interval of a channel at a step are moved outwards: the ceil((n + 1) p)-th smallest of n
    /// scores max(lower - y, y - upper).
    /// </summary>
    /// <param name="step">The step of the horizon, from 0.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="ends">The indices of the quantiles that are its ends.</param>
    /// <param name="coverage">The coverage p.</param>
    /// <param name="scores">Memory for as many numbers as the window.</param>
    /// <returns>The margin; null if there are too few scores.</returns>
    internal double? Margin(int step, int channel, (int Lower, int Upper) ends, double coverage, Span<double> scores)
    {
        var newest = Seen > step ? (Seen - 1 - step) / Options.Stride : -1;
        var length = (int)Math.Min(Math.Min(newest + 1, Options.Window), newest + Rows - (Seen / Options.Stride));
        var actual = Values.AsSpan(channel * Rows * Options.Stride, Rows * Options.Stride);
        ReadOnlySpan<float> lower = Of(ends.Lower), upper = Of(ends.Upper);
        var (row, place, count) = ((int)(newest % Rows), (int)(((newest * Options.Stride) + step) % actual.Length), 0);
        for (var i = 0; i < length; i++)
        {
            var score = Math.Max((double)lower[row] - actual[place], (double)actual[place] - upper[row]);
            if (!double.IsNaN(score))
                scores[count++] = score;
            row = row == 0 ? Rows - 1 : row - 1;
            place -= Options.Stride;
            place += place < 0 ? actual.Length : 0;
        }

        var rank = Rank(count, coverage);
        return rank <= count ? OrderStatistic.Smallest(scores[..count], rank) : null;

        ReadOnlySpan<float> Of(int quantile) =>
            Forecasts.AsSpan(((quantile * Options.Horizon * Channels) + (step * Channels) + channel) * Rows, Rows);
    }

    /// <summary>Returns the rank of the score that covers, ceil((n + 1) p).</summary>
    internal static int Rank(int count, double coverage) => (int)Math.Ceiling(((count + 1) * coverage) - 1e-9);

    /// <summary>Returns the smallest number of scores whose largest covers.</summary>
    internal static int Needed(double coverage) => (int)Math.Ceiling((coverage / (1 - coverage)) - 1e-6);
}
