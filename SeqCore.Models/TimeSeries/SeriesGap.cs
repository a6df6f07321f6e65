namespace SeqCore.Models;

/// <summary>Consecutive steps at which a channel of a time series has no value.</summary>
/// <param name="Channel">The index of the channel.</param>
/// <param name="Steps">The steps.</param>
public readonly record struct SeriesGap(int Channel, StepRange Steps);
