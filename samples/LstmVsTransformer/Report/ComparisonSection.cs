using SeqCore.Samples.LstmVsTransformer.Claims;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Report;

/// <summary>The comparison table of the field, each cell with what was measured.</summary>
internal static class ComparisonSection
{
    internal static Section Build(Study study)
    {
        var section = new Section("What the field says, and what was measured");
        var claims = AllClaims.Judge(study);
        var known = claims.Where(c => c.Verdict != Verdict.NotMeasured).ToArray();
        section.Text($"Of {claims.Count} claims, {known.Count(c => c.Verdict == Verdict.Confirmed)} are confirmed, {known.Count(c => c.Verdict == Verdict.Partly)} partly, "
            + $"{known.Count(c => c.Verdict == Verdict.Refuted)} refuted, {claims.Count - known.Length} not measured in this run.");
        section.Add(new Table("The comparison", ["aspect", "the field says", "verdict", "LSTM", "Transformer"],
            [.. claims.Select(c => (IReadOnlyList<string>)[c.Aspect, c.Says, Words(c.Verdict), c.Lstm, c.Transformer])]));
        section.AddToPageOnly(new Table("How each verdict is reached", ["the field says", "rule"], [.. claims.Select(c => (IReadOnlyList<string>)[c.Says, c.Rule])]));
        return section;
    }

    private static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Confirmed => "confirmed",
        Verdict.Partly => "partly",
        Verdict.Refuted => "refuted",
        _ => "not measured",
    };
}
