using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Shows the scores of translations.</summary>
internal static class ScoreText
{
    /// <summary>Prints scores with their settings, and BLEU by the length of the sources.</summary>
    public static void Print(Terminal terminal, TextScores scores, IReadOnlyList<LengthScore> byLength)
    {
        terminal.Pair("BLEU", Invariant($"{scores.Bleu:0.00} with capitals, {scores.Lowercase:0.00} in lower case,")
            + Invariant($" chrF {scores.Chrf:0.00}"));
        terminal.Pair("details", scores.Details.ToString());
        PrintSignatures(TextScores.Signatures, terminal);
        ByLength("BLEU by length", [("BLEU", byLength)]).Print(terminal);
    }

    /// <summary>Prints signatures, each whole on a line of its own, so that it can be copied.</summary>
    public static void PrintSignatures(IReadOnlyList<string> signatures, Terminal terminal)
    {
        terminal.Line(signatures.Count == 1 ? "  signature" : "  signatures");
        foreach (var signature in signatures)
            terminal.Line($"    {signature}");
    }

    /// <summary>BLEU by the length of the sources, a column for each model.</summary>
    /// <param name="title">The title of the table.</param>
    /// <param name="models">The name and the scores of each model, of the same pairs.</param>
    public static Table ByLength(string title, IReadOnlyList<(string Name, IReadOnlyList<LengthScore> Bins)> models) =>
        new(title, ["words of source", "pairs", .. models.Select(m => m.Name)],
            [.. models[0].Bins.Select(bin => (IReadOnlyList<Cell>)
            [
                bin.Name, new Cell(Show.Count(bin.Pairs), bin.Pairs),
                .. models.Select(m => Cell.Of(Rounded(m.Bins.FirstOrDefault(b => b.Least == bin.Least)?.Scores.Bleu),
                    b => Invariant($"{b:0.0}"))),
            ])]);

    /// <summary>A score without the digits that only rounding errors made.</summary>
    public static double? Rounded(double? score) => score is { } s ? Math.Round(s, 4) : null;

    /// <summary>The values for JSON.</summary>
    /// <param name="scores">The scores; null where texts have no words.</param>
    public static IEnumerable<(string Name, object? Value)> Values(TextScores? scores) =>
        scores is null
            ? []
            : [("bleu", Rounded(scores.Bleu)), ("bleu_lowercase", Rounded(scores.Lowercase)),
                ("chrf", Rounded(scores.Chrf)), ("signature", TextScores.Signatures[0]),
                ("signature_lowercase", TextScores.Signatures[1]), ("signature_chrf", TextScores.Signatures[2])];
}
