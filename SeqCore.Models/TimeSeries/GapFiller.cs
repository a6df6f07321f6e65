namespace SeqCore.Models;

/// <summary>Replaces the missing values of a series; the rules are those of <see cref="GapFilling"/>.</summary>
internal static class GapFiller
{
    internal static float[] Fill(TimeSeries series, IReadOnlyList<SeriesGap> gaps, GapFilling rule, int season)
    {
        Argument.Defined(rule, nameof(TimeSeries), nameof(rule));
        if (rule == GapFilling.Seasonal)
            Argument.AtLeast(season, nameof(TimeSeries), nameof(season));
        float[] filled = [.. series.Values];
        foreach (var gap in gaps)
        {
            if (gap.Steps.Length == series.Length && rule != GapFilling.Zero)
            {
                throw new ArgumentException($"TimeSeries: channel '{series.Channels[gap.Channel]}' has no value at all, so its"
                    + " gap cannot be filled from others. Leave the channel out.", nameof(series));
            }

            var mean = rule == GapFilling.Mean ? MeanOf(series, gap.Channel) : 0f;
            for (var step = gap.Steps.Start; step < gap.Steps.End; step++)
            {
                filled[(step * series.ChannelCount) + gap.Channel] = rule switch
                {
                    GapFilling.Zero => 0f,
                    GapFilling.Mean => mean,
                    GapFilling.Linear => Line(series, gap, step),
                    GapFilling.Seasonal => Seasonal(filled, series.ChannelCount, gap.Channel, step, season)
                        ?? Nearest(series, gap),
                    _ => Nearest(series, gap),
                };
            }
        }

        return filled;
    }

    private static float MeanOf(TimeSeries series, int channel) =>
        (float)series.ChannelValues(channel).Where(v => !float.IsNaN(v)).Average(v => (double)v);

    /// <summary>Returns the value before a gap, or the one after it at the beginning.</summary>
    private static float Nearest(TimeSeries series, SeriesGap gap) =>
        gap.Steps.Start > 0 ? series[gap.Steps.Start - 1, gap.Channel] : series[gap.Steps.End, gap.Channel];

    private static float Line(TimeSeries series, SeriesGap gap, int step)
    {
        var steps = gap.Steps;
        if (steps.Start == 0 || steps.End == series.Length)
            return Nearest(series, gap);
        double before = series[steps.Start - 1, gap.Channel], after = series[steps.End, gap.Channel];
        return (float)(before + ((after - before) * (step - steps.Start + 1) / (steps.Length + 1)));
    }

    /// <summary>Returns a value whole seasons before, which may have been filled itself; null if there is none.</summary>
    private static float? Seasonal(float[] filled, int channels, int channel, int step, int season)
    {
        for (var earlier = step - season; earlier >= 0; earlier -= season)
        {
            if (filled[(earlier * channels) + channel] is var value && !float.IsNaN(value))
                return value;
        }

        return null;
    }
}
