using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>A named set of labelled series, whose file the user has to have, since its home has it in an archive.</summary>
/// <param name="Training">The file.</param>
/// <param name="Hint">Where a user finds the file.</param>
internal sealed record SignalSet(DataSet Training, string Hint)
{
    /// <summary>
    /// 500 heartbeats of one person in five classes, of which 1 is normal (the part for training of ECG5000 in the UCR archive:
    /// Dau et al., "The UCR time series archive", arXiv:1810.07758).
    /// </summary>
    public static SignalSet Heartbeats { get; } = new(
        new DataSet("ecg5000", "ECG5000_TRAIN.txt.gz", new Uri("https://www.timeseriesclassification.com/"), 371_899,
            "85ac633af21f9a57c82290266ad101d06d22c1188f770ab741913350881a1c3c"),
        "https://www.timeseriesclassification.com has ECG5000_TRAIN.txt; pack it with gzip.");

    /// <summary>Every named set.</summary>
    public static IReadOnlyList<SignalSet> All { get; } = [Heartbeats];

    /// <summary>Returns the path of the file.</summary>
    /// <exception cref="DataSourceException">The file is not there.</exception>
    public string Locate() => DataOptions.LocateOwn(Training, Hint);
}
