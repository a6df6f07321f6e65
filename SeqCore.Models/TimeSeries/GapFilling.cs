namespace SeqCore.Models;

/// <summary>How missing values of a time series are replaced (<see cref="TimeSeries.Fill"/>).</summary>
public enum GapFilling
{
    /// <summary>
    /// By the line between the values before and after; at the beginning and the end by the nearest value. It looks into the
    /// future of the gap, so it does not suit values that a forecast is judged by.
    /// </summary>
    Linear,

    /// <summary>By the last value before the gap; at the beginning by the first value.</summary>
    Previous,

    /// <summary>By the mean of the channel's values.</summary>
    Mean,

    /// <summary>By zero, such as for counts of what did not happen.</summary>
    Zero,

    /// <summary>
    /// By the value one season before, or as many seasons as it takes to find one; where there is none, by the last value before.
    /// </summary>
    Seasonal,
}
