using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>A kind of detector that the program knows.</summary>
/// <param name="Name">The name that a user types.</param>
/// <param name="Words">What it does.</param>
internal sealed record DetectorKind(string Name, string Words)
{
    /// <summary>The kinds, baselines first.</summary>
    public static IReadOnlyList<DetectorKind> All { get; } =
    [
        new("gaussian", "distance from the mean of the last values, in standard deviations"),
        new("last", "change from the last value"),
        new("average", "distance from a moving average"),
        new("autoencoder", "error of an LSTM that reconstructs the last values"),
        new("lstm", "error of an LSTM that forecasts the next value"),
        new("gru", "error of a GRU that forecasts the next value"),
    ];

    /// <summary>The names.</summary>
    public static string[] Names { get; } = [.. All.Select(k => k.Name)];

    /// <summary>Whether it is trained.</summary>
    public bool IsNetwork => IsRecurrent || Name == "autoencoder";

    /// <summary>Whether it carries a hidden state from point to point.</summary>
    public bool IsRecurrent => Name is "lstm" or "gru";

    /// <summary>Whether it judges errors by those before.</summary>
    public bool HasLikelihood => Name != "gaussian";

    /// <summary>The kind of a name.</summary>
    /// <exception cref="UserException">There is none.</exception>
    public static DetectorKind Of(string name) => All.FirstOrDefault(k => k.Name == name)
        ?? throw new UserException($"There is no detector '{name}'; there are {string.Join(", ", Names)}.", isUsage: true);

    /// <summary>The kind of a detector.</summary>
    public static DetectorKind Of(AnomalyDetector detector) => Of(detector switch
    {
        AutoencoderDetector => "autoencoder",
        RecurrentDetector { Options.Cell: RecurrentKind.Lstm } => "lstm",
        RecurrentDetector => "gru",
        SmoothingDetector { Options.Smoothing: 1 } => "last",
        SmoothingDetector => "average",
        _ => "gaussian",
    });
}
