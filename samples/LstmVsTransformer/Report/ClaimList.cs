using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The common claims with their verdicts: as the headline and a chapter of the page, and on the terminal.</summary>
internal static class ClaimList
{
    private const string Title = "The claims one by one";

    /// <summary>Begins the page with the number of claims that held.</summary>
    internal static void AddHeadline(HtmlPage page, Study study)
    {
        var verdicts = Claim.All.Select(c => c.Weigh(study).Verdict).ToArray();
        page.Paragraph($"{verdicts.Length} common claims about LSTMs and Transformers, held against figures from one machine:");
        page.Headline(HtmlPage.Anchor(Title),
            new[] { Verdict.Confirmed, Verdict.Partly, Verdict.Refuted, Verdict.NotMeasured }
                .Select(v => (Verdict: v, Count: verdicts.Count(w => w == v))).Where(v => v.Count > 0)
                .Select(v => (MarkOf(v.Verdict), $"{v.Count} {Words(v.Verdict)}")));
        page.Paragraph("Every verdict follows from the figures below by a rule that stands beside it, so other figures can give"
            + " another verdict.");
    }

    /// <summary>Adds the chapter with all claims, each with a link to the chart that shows it.</summary>
    internal static void AddTo(HtmlPage page, Study study, IReadOnlyList<LineChart> charts)
    {
        page.Heading(Title);
        page.Paragraph("\"The LSTM\" is the one with a forget bias of 1 unless stated otherwise, and \"the Transformer\" the one"
            + " with tiled attention.");
        foreach (var aspect in Claim.All.GroupBy(c => c.Aspect))
        {
            page.Heading(char.ToUpperInvariant(aspect.Key[0]) + aspect.Key[1..], 3);
            foreach (var claim in aspect)
            {
                var evidence = claim.Weigh(study);
                page.Statement(MarkOf(evidence.Verdict), Words(evidence.Verdict), claim.Says,
                    [("LSTM", evidence.Lstm), ("Transformer", evidence.Transformer)], claim.Rule,
                    evidence.Verdict == Verdict.NotMeasured ? [] : [Link(claim, charts)]);
            }
        }
    }

    /// <summary>Prints the claims as a table, or, where that is wider than the terminal, as a line or two for each.</summary>
    internal static void Print(Study study, Terminal terminal)
    {
        terminal.Line();
        terminal.Heading("Common claims, and what was measured");
        var weighed = Claim.All.Select(c => (Claim: c, Evidence: c.Weigh(study))).ToArray();
        var table = new Table("The comparison", ["aspect", "claim", "verdict", "LSTM", "Transformer"],
            [.. weighed.Select(w => (IReadOnlyList<Cell>)[w.Claim.Aspect, w.Claim.Says, Words(w.Evidence.Verdict),
                w.Evidence.Lstm, w.Evidence.Transformer])]);
        table.Print(terminal);
        if (!terminal.IsLive || table.Fits(terminal))
            return;
        foreach (var (claim, evidence) in weighed)
            terminal.Pair(Words(evidence.Verdict), $"{claim.Aspect}: {claim.Says}");
    }

    private static (string Words, string Anchor) Link(Claim claim, IReadOnlyList<LineChart> charts) =>
        charts.Any(c => c.Title == claim.Chart)
            ? ("Chart", HtmlPage.Anchor(claim.Chart!))
            : ("Charts", HtmlPage.Anchor(claim.Part.ToString()));

    private static Mark MarkOf(Verdict verdict) => verdict switch
    {
        Verdict.Confirmed => new("\u2713", "yes"),
        Verdict.Partly => new("\u223c", "partly"),
        Verdict.Refuted => new("\u2717", "no"),
        _ => new("?", "unknown"),
    };

    private static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Confirmed => "confirmed",
        Verdict.Partly => "partly",
        Verdict.Refuted => "refuted",
        _ => "not measured",
    };
}
