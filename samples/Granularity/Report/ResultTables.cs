using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>The tables of a study.</summary>
internal static class ResultTables
{
    /// <summary>The mark of figures that include a charge for unknown parts.</summary>
    internal const string Mark = "*";

    /// <summary>The comparison, narrow enough for a terminal.</summary>
    internal static Table Comparison(IReadOnlyList<RowSummary> rows) => new("Units compared",
        ["units", "vocab", "params", "char/tok", "bits/char", "train/s", "write/s", "unknown"],
        [.. rows.Select(r => (IReadOnlyList<Cell>)
        [
            r.Units.Name, Cell.Of(r.First.Vocabulary, Show.Count), Cell.Of(r.First.Parameters, Millions),
            Cell.Of(r.First.CharactersPerToken, Two), Bits(r), Cell.Of(r.Mean(v => v.TrainingTokensPerSecond), Show.Count),
            Cell.Of(r.Mean(v => v.WritingTokensPerSecond), Show.Count), Cell.Of(r.UnknownTokens, Percent),
        ])]);

    /// <summary>What the comparison has no space for.</summary>
    internal static Table Details(IReadOnlyList<RowSummary> rows) => new("Details",
        ["units", "bits/char, least to most", "held-out tokens", "training steps", "tokens in a step", "characters read",
            "characters/s in training", "characters/s in writing", "training", "whole run"],
        [.. rows.Select(r => (IReadOnlyList<Cell>)
        [
            r.Units.Name, Spread(r), Cell.Of(r.First.HeldOutTokens, Show.Count), Cell.Of(r.First.Steps, Show.Count),
            Cell.Of(r.First.TokensPerStep, Show.Count), Cell.Of(r.First.CharactersRead, Show.Count),
            Cell.Of(r.Mean(v => v.TrainingTokensPerSecond * v.CharactersPerToken), Show.Count),
            Cell.Of(r.Mean(v => v.WritingTokensPerSecond * v.CharactersPerToken), Show.Count),
            Cell.Of(r.Mean(v => v.TrainingSeconds), Show.Time), Cell.Of(r.Mean(v => v.Seconds), Show.Time),
        ])]);

    /// <summary>How much of the held-out text the vocabularies lack, and what it costs.</summary>
    internal static Table Unknown(IReadOnlyList<RowSummary> rows) => new("Unknown parts",
        ["units", "tokens", "of all tokens", "characters", "of all characters", "bits/char for their tokens and all others",
            "bits/char for spelling them"],
        [.. rows.Where(r => r.First.UnknownTokens > 0).Select(r => (IReadOnlyList<Cell>)
        [
            r.Units.Name, Cell.Of(r.First.UnknownTokens, Show.Count), Cell.Of(r.UnknownTokens, Percent),
            Cell.Of(r.First.UnknownCharacters, Show.Count), Cell.Of(r.UnknownCharacters, Percent),
            Cell.Of(r.Mean(v => v.ModelBits / v.HeldOutCharacters), Three), Cell.Of(r.SpellingBitsPerCharacter, Three),
        ])]);

    /// <summary>The sentence about the rows with unknown parts; null where there are none.</summary>
    internal static string? Note(IReadOnlyList<RowSummary> rows)
    {
        var parts = rows.Where(r => r.First.UnknownTokens > 0)
            .Select(r => $"{r.Units.Name}: {Percent(r.UnknownTokens)} of the tokens are unknown and hide"
                + $" {Percent(r.UnknownCharacters)} of the characters; spelling them adds {Three(r.SpellingBitsPerCharacter)}.")
            .ToArray();
        return parts.Length == 0 ? null
            : $"{Mark} An upper bound: unknown parts are spelled with probabilities of single characters."
                + $" {string.Join(' ', parts)}";
    }

    /// <summary>The sentence about vocabularies of words that are smaller than asked for; null where there are none.</summary>
    internal static string? Smaller(IReadOnlyList<RowSummary> rows)
    {
        var parts = rows.Where(r => r.Units.Family == UnitFamily.Words && r.First.Vocabulary - SpecialToken.Count < r.Units.Size)
            .Select(r => $"{r.Units.Name}: only {Show.Count(r.First.Vocabulary - SpecialToken.Count)} words occur more than once"
                + " in the training text, and only those are in the vocabulary.");
        return string.Join(' ', parts) is { Length: > 0 } text ? text : null;
    }

    private static Cell Bits(RowSummary row)
    {
        var mean = row.Mean(r => r.BitsPerCharacter);
        return new Cell(Three(mean) + (row.First.UnknownTokens > 0 ? Mark : ""), mean);
    }

    private static Cell Spread(RowSummary row)
    {
        var (least, most) = (row.Runs.Min(r => r.BitsPerCharacter), row.Runs.Max(r => r.BitsPerCharacter));
        return row.Runs.Count == 1 ? "-" : new Cell($"{Three(least)} to {Three(most)}",
            new (string, object?)[] { ("least", least), ("most", most) });
    }

    /// <summary>A percentage with a digit after the point, for example 4.2 %.</summary>
    internal static string Percent(double share) => share switch
    {
        0 => "0",
        < 0.0005 => "<0.1 %",
        _ => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %",
    };

    private static string Millions(double count) => (count / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " M";

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
