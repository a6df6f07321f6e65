namespace SeqCore.Samples.LstmVsTransformer.Claims;

/// <summary>What the figures of a run make of a claim.</summary>
internal enum Verdict
{
    /// <summary>The part of the study that tells was not run, or told nothing.</summary>
    NotMeasured,
    Confirmed,
    Partly,
    Refuted,
}

/// <summary>One row of the comparison: what the field says, and what was measured.</summary>
/// <param name="Aspect">In which respect.</param>
/// <param name="Says">The claim.</param>
/// <param name="Lstm">What was measured of the LSTM.</param>
/// <param name="Transformer">What was measured of the Transformer.</param>
/// <param name="Verdict">By the rule.</param>
/// <param name="Rule">How the verdict follows from the figures.</param>
internal sealed record Claim(string Aspect, string Says, string Lstm, string Transformer, Verdict Verdict, string Rule)
{
    /// <summary>The verdict of three cases in turn.</summary>
    internal static Verdict Decide(bool confirmed, bool partly) =>
        confirmed ? Verdict.Confirmed : partly ? Verdict.Partly : Verdict.Refuted;
}
