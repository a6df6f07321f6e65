namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The verdict that the figures of a run give on a claim.</summary>
internal enum Verdict
{
    /// <summary>The part of the study that would decide it was not run, or has no figures for it.</summary>
    NotMeasured,
    Confirmed,
    Partly,
    Refuted,
}

/// <summary>The measurements behind a claim.</summary>
/// <param name="Lstm">The figure of the LSTM.</param>
/// <param name="Transformer">The figure of the Transformer.</param>
/// <param name="Verdict">The verdict by the claim's rule.</param>
internal sealed record Evidence(string Lstm, string Transformer, Verdict Verdict)
{
    /// <summary>Nothing was measured.</summary>
    internal static Evidence None { get; } = new("-", "-", Verdict.NotMeasured);

    /// <summary>Evidence with the verdict of three cases in turn.</summary>
    internal static Evidence Of(string lstm, string transformer, bool isMeasured, bool confirmed, bool partly) => new(lstm,
        transformer, !isMeasured ? Verdict.NotMeasured
        : confirmed ? Verdict.Confirmed : partly ? Verdict.Partly : Verdict.Refuted);
}

/// <summary>One row of the comparison: a common claim, and the rule by which a study confirms or refutes it.</summary>
/// <param name="Aspect">The aspect that the claim is about.</param>
/// <param name="Says">The claim.</param>
/// <param name="Rule">How the verdict follows from the figures.</param>
/// <param name="Weigh">Finds the evidence in a study.</param>
internal sealed record Claim(string Aspect, string Says, string Rule, Func<Study, Evidence> Weigh)
{
    private static readonly string[] aspects = ["mechanism", "long-term dependencies", "parallelism", "training efficiency",
        "inference", "gradient behaviour", "scalability", "interpretability", "positional information", "suitability by task"];

    /// <summary>All claims in the order of the comparison.</summary>
    internal static IReadOnlyList<Claim> All { get; } =
    [
        .. new[]
        {
            (Parts.Speed, SpeedClaims.All), (Parts.Recall, LearningClaims.All), (Parts.Memory, MemoryClaims.All),
            (Parts.Gradients, GradientClaims.All),
        }.SelectMany(p => p.All.Select(c => c with { Part = p.Item1 })).OrderBy(c => Array.IndexOf(aspects, c.Aspect)),
    ];

    /// <summary>The part of the study that decides it.</summary>
    internal Parts Part { get; init; }

    /// <summary>The title of the chart that shows it; null for all charts of its part.</summary>
    internal string? Chart { get; init; }
}
