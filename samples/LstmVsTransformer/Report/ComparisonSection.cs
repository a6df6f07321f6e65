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
        section.Text($"Of {claims.Count} claims, {known.Count(c => c.Verdict == Verdict.Confirmed)} are confirmed,"
            + $" {known.Count(c => c.Verdict == Verdict.Partly)} partly, "
            + $"{known.Count(c => c.Verdict == Verdict.Refuted)} refuted,"
            + $" {claims.Count - known.Length} not measured in this run.");
        section.Text("Each claim has its rule beside it. \"The LSTM\" is the one with a forget bias of 1 where nothing else is"
            + " said, and \"the Transformer\" the one with tiled attention.");
        section.AddToTerminalOnly(new Table("The comparison", ["aspect", "the field says", "verdict", "LSTM", "Transformer"],
            [.. claims.Select(c => (IReadOnlyList<string>)[c.Aspect, c.Says, Words(c.Verdict), c.Lstm, c.Transformer])]));
        foreach (var aspect in claims.GroupBy(c => c.Aspect))
        {
            section.AddToPageOnly(new Table(char.ToUpperInvariant(aspect.Key[0]) + aspect.Key[1..],
                ["the field says", "verdict", "LSTM", "Transformer", "rule"],
                [.. aspect.Select(c => (IReadOnlyList<string>)[c.Says, Words(c.Verdict), c.Lstm, c.Transformer, c.Rule])]));
        }

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
