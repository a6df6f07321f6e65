using System.Text.Json.Serialization;

namespace SeqCore.Models;

/// <summary>What a file holds of a detector beside its weights and options.</summary>
/// <param name="Frame">The names, the times and the interval of the series; null if it has not been fitted.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="State">The numbers that are kept from point to point.</param>
/// <param name="MissingSteps">The number of missing points at the end of what was observed; 0 by default.</param>
/// <param name="WarmUpLeft">The number of points after a long gap that are still not judged; 0 by default.</param>
public sealed record DetectorSnapshot(ForecastFrame? Frame, double Threshold, IReadOnlyList<double> State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long MissingSteps = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int WarmUpLeft = 0);
