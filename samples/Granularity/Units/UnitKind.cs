using System.Globalization;

namespace SeqCore.Samples.Granularity;

/// <summary>What the tokens of a row are.</summary>
internal enum UnitFamily
{
    /// <summary>Single characters (code points).</summary>
    Characters,

    /// <summary>Merged bytes.</summary>
    BytePairs,

    /// <summary>Words with the space before them, and marks.</summary>
    Words,

    /// <summary>Pieces of a unigram model.</summary>
    Unigrams,
}

/// <summary>What the tokens of a row are, and how many different ones there may be.</summary>
/// <param name="Family">The family of units.</param>
/// <param name="Size">The number of tokens, or of words; 0 for characters.</param>
internal sealed record UnitKind(UnitFamily Family, int Size)
{
    /// <summary>The largest number of tokens.</summary>
    public const int Most = 1_000_000;

    private const int Bytes = 256;

    /// <summary>The name on the command line and in tables.</summary>
    public string Name => Family == UnitFamily.Characters
        ? "characters"
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{Size}");

    private string Prefix => Family switch
    {
        UnitFamily.Words => "words",
        UnitFamily.Unigrams => "unigram",
        _ => "bpe",
    };

    /// <summary>Reads a list of names, each once.</summary>
    public static (bool Ok, IReadOnlyList<UnitKind> Value) TryParseAll(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        UnitKind[] kinds = [.. names.Select(Parse).OfType<UnitKind>().Distinct()];
        return kinds.Length == names.Length ? (true, kinds) : (false, []);
    }

    /// <summary>Reads a list of names that is known to be one.</summary>
    public static IReadOnlyList<UnitKind> ParseAll(string text) => TryParseAll(text) is (true, var kinds)
        ? kinds
        : throw new ArgumentException($"'{text}' is not a list of units.", nameof(text));

    /// <summary>Reads a name; null where it is none.</summary>
    public static UnitKind? Parse(string name) => name.Split('-') switch
    {
        ["characters"] => new UnitKind(UnitFamily.Characters, 0),
        ["bpe", var size] when ParseSize(size, Bytes) is { } n => new UnitKind(UnitFamily.BytePairs, n),
        ["unigram", var size] when ParseSize(size, Bytes + 1) is { } n => new UnitKind(UnitFamily.Unigrams, n),
        ["words", var size] when ParseSize(size, 1) is { } n => new UnitKind(UnitFamily.Words, n),
        _ => null,
    };

    private static int? ParseSize(string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= Most ? n : null;
}
