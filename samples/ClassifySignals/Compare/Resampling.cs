using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>Stretches or shrinks series to one length.</summary>
internal static class Resampling
{
    /// <summary>Returns the values at so many equally distant times, by linear interpolation, all channels at each.</summary>
    public static float[] To(TimeSeries series, int length)
    {
        var channels = series.ChannelCount;
        if (series.Length == length)
            return series.Values.ToArray();
        var values = new float[length * channels];
        for (var t = 0; t < length; t++)
        {
            var place = length == 1 ? 0.0 : (double)t * (series.Length - 1) / (length - 1);
            var (before, after) = ((int)place, Math.Min((int)place + 1, series.Length - 1));
            for (var c = 0; c < channels; c++)
            {
                var (low, high) = (series[before, c], series[after, c]);
                values[(t * channels) + c] = (float)(low + ((place - before) * (high - low)));
            }
        }

        return values;
    }
}
