namespace SeqCore.Models;

/// <summary>
/// The covariates of a <see cref="NetworkForecaster"/>: the channels of a series that are known in advance, scaled like the
/// others, and the calendar.
/// </summary>
internal sealed class KnownCovariates(NetworkForecasterOptions options)
{
    /// <summary>The names of the channels.</summary>
    internal IReadOnlyList<string> Names => options.Covariates;

    /// <summary>The number of values of a step, K.</summary>
    internal int Count => options.CovariateCount;

    /// <summary>The scaling of the channels; null if there are none, or the forecaster has not been fitted.</summary>
    internal ChannelScaler? Scaler { get; set; }

    /// <summary>Requires that a series has the covariates, and times for the calendar.</summary>
    internal void Require(TimeSeries series, string owner)
    {
        foreach (var name in Names.Where(n => !series.Channels.Contains(n)))
        {
            throw new ArgumentException($"{owner}: the series has no channel '{name}', which {nameof(options.Covariates)} lists;"
                + $" its channels are {string.Join(", ", series.Channels.Select(c => $"'{c}'"))}.", nameof(series));
        }

        if (options.Calendar.Count > 0 && series.Start is null)
        {
            throw new ArgumentException($"{owner}: {nameof(options.Calendar)} needs the times of the steps, and the series has"
                + " none. Give it a start and an interval.", nameof(series));
        }
    }

    /// <summary>Returns the scaled values of the channels of a series, N values a step; none if there are no channels.</summary>
    internal float[] Scaled(TimeSeries series)
    {
        if (Names.Count == 0)
            return [];
        float[] values = [.. series.Select(Names).Values];
        Scaler!.Apply(values);
        return values;
    }

    /// <summary>Returns all covariates of steps: the scaled channels and the calendar, K values a step.</summary>
    /// <param name="scaled">The values of <see cref="Scaled"/> at these steps.</param>
    /// <param name="length">The number of steps.</param>
    /// <param name="start">The time of the first step; only needed for the calendar.</param>
    /// <param name="interval">The time between two steps.</param>
    internal TimeSeries WithCalendar(float[] scaled, int length, DateTime? start, SamplingInterval? interval)
    {
        var calendar = options.Calendar.Count == 0 ? default
            : CalendarFeatures.Of(start!.Value, interval!.Value, length, options.Calendar).Values;
        var (named, cyclic) = (Names.Count, Count - Names.Count);
        var all = new float[length * Count];
        for (var t = 0; t < length; t++)
        {
            scaled.AsSpan(t * named, named).CopyTo(all.AsSpan(t * Count));
            calendar.Slice(t * cyclic, cyclic).CopyTo(all.AsSpan((t * Count) + named));
        }

        return new TimeSeries(all, [.. Enumerable.Range(0, Count).Select(i => $"{i}")]);
    }
}
