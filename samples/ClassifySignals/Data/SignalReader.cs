using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>Reads the series that options choose, and checks that they fit together.</summary>
internal static class SignalReader
{
    /// <summary>The name of the built-in series.</summary>
    public const string BuiltIn = "gestures";

    /// <summary>The files of the named sets.</summary>
    public static IReadOnlyList<DataSet> Sets { get; } = [.. SignalSet.All.Select(s => s.Training)];

    /// <summary>The --help text of --data.</summary>
    public const string FileHelp = "A file of your own labelled series: one on each line, or a table with a row for each step.";

    /// <summary>Reads all series, without a split.</summary>
    /// <param name="options">The options that name the data.</param>
    /// <param name="format">How files hold series.</param>
    /// <param name="result">The command line.</param>
    /// <param name="known">The model whose labels and channels they should have; null where there is none yet.</param>
    /// <returns>The series, and the path of their file; null for those that are built in.</returns>
    /// <exception cref="DataSourceException">The series are not available or not usable.</exception>
    public static (IReadOnlyList<LabelledSeries> Series, string? Path) ReadAll(DataOptions options, SignalFormat format,
        ParseResult result, SeriesClassifier? known)
    {
        var set = options.IsFile(result) ? null : SignalSet.All.FirstOrDefault(s => s.Training.Name == options.Name(result));
        var path = options.IsFile(result) ? result.GetValue<string?>("--data")! : set?.Locate();
        return path is null ? (Gestures.All(), null) : (Read(format, result, path, known), path);
    }

    /// <summary>Reads the series of a file.</summary>
    /// <param name="format">How files hold series.</param>
    /// <param name="result">The command line.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="known">The model whose labels and channels they should have; null where there is none yet.</param>
    /// <exception cref="DataSourceException">The file is not usable.</exception>
    public static IReadOnlyList<LabelledSeries> Read(SignalFormat format, ParseResult result, string path,
        SeriesClassifier? known)
    {
        LabelledSeries[] series = [.. format.Read(result, path, known?.Options.Channels)];
        RequireSame(series, series[0].Series.Channels, known?.Options.Labels);
        return series;
    }

    /// <summary>The labels of series, of which there should be at least two.</summary>
    /// <exception cref="DataSourceException">There is one label, or nearly as many as series.</exception>
    public static IReadOnlyList<string> LabelsOf(IReadOnlyList<LabelledSeries> series, string source)
    {
        const int Most = 1000;
        var labels = LabelledSeries.LabelsOf(series);
        if (labels.Count < 2)
        {
            throw new DataSourceException($"{source} has only the label '{labels[0]}'; there should be at least 2. Choose their"
                + " column with --label.");
        }

        return labels.Count <= Math.Min(Most, series.Count / 2)
            ? labels
            : throw new DataSourceException($"{source} has {Show.Count(labels.Count)} different labels for"
                + $" {Show.Count(series.Count)} series, such as '{labels[^1]}'. On a line the label comes first; in a table,"
                + " choose its column with --label.");
    }

    /// <summary>Makes sure that values are small enough to compute with.</summary>
    /// <exception cref="DataSourceException">A value is too large.</exception>
    public static void RequireUsable(LabelledSeries series)
    {
        const float Most = 1e30f;
        var values = series.Series.Values;
        for (var i = 0; i < values.Length; i++)
        {
            if (MathF.Abs(values[i]) > Most)
            {
                throw new DataSourceException($"{series.Place}: the value {SeriesText.Value(values[i])} at step"
                    + $" {(i / series.Series.ChannelCount) + 1} is too large; values should be from -1e30 to 1e30. Correct it, or"
                    + " use another unit.");
            }
        }
    }

    /// <summary>The first labels, with commas between them.</summary>
    public static string Listed(IReadOnlyList<string> labels)
    {
        const int Most = 20;
        return string.Join(", ", labels.Take(Most)) + (labels.Count > Most ? ", ..." : "");
    }

    /// <summary>Makes sure that all series have the same channels, and labels that are known.</summary>
    public static void RequireSame(IReadOnlyList<LabelledSeries> series, IReadOnlyList<string> channels,
        IReadOnlyList<string>? labels)
    {
        foreach (var one in series)
        {
            if (!one.Series.Channels.SequenceEqual(channels))
            {
                throw new DataSourceException($"{one.Place}: the series has {Show.Number(one.Series.ChannelCount, "channel")},"
                    + $" {string.Join(", ", one.Series.Channels)}; the first one has {string.Join(", ", channels)}.");
            }

            if (labels?.Contains(one.Label) == false)
            {
                throw new DataSourceException($"{one.Place}: the label '{one.Label}' is none of those of training:"
                    + $" {Listed(labels)}.");
            }
        }
    }
}
