namespace SeqCore.Models;

/// <summary>A series and its label, for training and scoring a <see cref="SeriesClassifier"/>.</summary>
/// <param name="Series">The series, of one channel or several.</param>
/// <param name="Label">Its label; null where it is not known.</param>
public sealed record LabelledSeries(TimeSeries Series, string? Label = null)
{
    /// <summary>The name of the series, such as the id in a file; null, the default, if it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Where the series stands, such as <c>'beats.csv', line 7</c>, for errors; null, the default, if unknown.</summary>
    public string? Place { get; init; }

    /// <summary>Returns the different labels of series, in ordinal order.</summary>
    public static IReadOnlyList<string> LabelsOf(IEnumerable<LabelledSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return [.. series.Select(s => s.Label).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
