namespace SeqCore.Models;

/// <summary>How a line holds a series that <see cref="LabelledSeriesFile.ReadLines"/> reads.</summary>
public sealed record SeriesLineOptions
{
    /// <summary>Whether a line begins with the label; true is the default.</summary>
    public bool HasLabel { get; init; } = true;

    /// <summary>
    /// The names of the channels; null, the default, for "value" where a line has one channel, and 1, 2, 3 and so on where it has
    /// several.
    /// </summary>
    public IReadOnlyList<string>? Channels { get; init; }
}
