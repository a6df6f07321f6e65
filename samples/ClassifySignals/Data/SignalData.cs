using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The series of a run.</summary>
/// <param name="Name">The short name of the data.</param>
/// <param name="Training">The series to train on.</param>
/// <param name="Validation">The series by which the best weights are chosen.</param>
/// <param name="Test">The series for the last score; may be empty.</param>
/// <param name="Labels">The different labels.</param>
/// <param name="Files">The files that were read, and for which part.</param>
internal sealed record SignalData(string Name, IReadOnlyList<LabelledSeries> Training, IReadOnlyList<LabelledSeries> Validation,
    IReadOnlyList<LabelledSeries> Test, IReadOnlyList<string> Labels, IReadOnlyList<(string Part, string Path)> Files)
{
    /// <summary>Whether the parts were taken from the same series at random.</summary>
    public bool IsSplit { get; init; }

    /// <summary>The SHA-256 hash of the user's file; null for other data.</summary>
    public string? FileHash { get; init; }

    /// <summary>The names of the channels.</summary>
    public IReadOnlyList<string> Channels => Training[0].Series.Channels;

    /// <summary>A part by its name; empty where there is none.</summary>
    public IReadOnlyList<LabelledSeries> Part(string part) => part == "test" ? Test : Validation;

    /// <summary>The parts for a model card.</summary>
    public IReadOnlyList<CardData> Card =>
        CardData.OfParts(Name, Files, [("training", Training.Count), ("validation", Validation.Count), ("test", Test.Count)]);

    /// <summary>A one-line description.</summary>
    public string Description => $"{Show.Count(Training.Count)} series, {Show.Count(Validation.Count)} more for validation,"
        + $" {Show.Count(Test.Count)} for tests; {Shape(Training)}";

    /// <summary>The labels, channels and lengths of series in a few words.</summary>
    public static string Shape(IReadOnlyList<LabelledSeries> series)
    {
        var (shortest, longest) = (series.Min(s => s.Series.Length), series.Max(s => s.Series.Length));
        var steps = shortest == longest ? Show.Number(longest, "step") : $"{shortest} to {longest} steps";
        return $"{Show.Number(LabelledSeries.LabelsOf(series).Count, "label")},"
            + $" {Show.Number(series[0].Series.ChannelCount, "channel")}, {steps}";
    }

    /// <summary>What a series is called: its name, or its line.</summary>
    public static string NameOf(LabelledSeries series) => series.Name ?? (series.Place is { } place
        ? place[Math.Max(0, place.LastIndexOf("line ", StringComparison.Ordinal))..]
        : "a series");

    /// <summary>What equal series have in common.</summary>
    public static string Key(LabelledSeries series) => string.Join(' ', series.Series.Values.ToArray());
}
