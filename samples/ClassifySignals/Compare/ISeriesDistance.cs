using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>Measures how different two series are.</summary>
internal interface ISeriesDistance
{
    /// <summary>Brings a scaled series into the form that distances are computed of, with all channels at each step.</summary>
    float[] Prepare(TimeSeries series);

    /// <summary>Computes the distance of two prepared series.</summary>
    /// <param name="one">The values of the one.</param>
    /// <param name="other">The values of the other.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="atMost">A distance above this one need not be exact, as long as it is above.</param>
    double Between(float[] one, float[] other, int channels, double atMost);
}
