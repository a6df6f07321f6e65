namespace SeqCore.Samples.LstmVsTransformer.Results;

/// <summary>All that has been measured so far, each part by a run of its own.</summary>
internal sealed record Study(Part<SpeedResult>? Speed, Part<MemoryResult>? Memory, Part<RecallResult>? Recall,
    Part<GradientResult>? Gradients)
{
    /// <summary>Nothing yet.</summary>
    internal static Study Empty { get; } = new(null, null, null, null);
}
