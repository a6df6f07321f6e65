using System.Buffers;

namespace SeqCore.Models;

/// <summary>The special tokens that may be written in a text by their names.</summary>
internal sealed class SpecialTokenText
{
    private static readonly string[] paddings = ["[PAD]", "<pad>", "<|padding|>"];
    private static readonly string[] unknowns = ["[UNK]", "<unk>"];
    private static readonly string[] starts = ["[CLS]", "<s>", "<bos>", "<|startoftext|>", "<|endoftext|>"];
    private static readonly string[] ends = ["[SEP]", "</s>", "<eos>", "<|endoftext|>"];
    private static readonly string[] masks = ["[MASK]", "<mask>"];

    /// <summary>Longer names first, so that of two with the same beginning the longer is found.</summary>
    private readonly (string Name, int Token)[] names;
    private readonly Lazy<SearchValues<string>> search;

    /// <exception cref="ArgumentException">A name is empty, has an unpaired surrogate, or is given twice.</exception>
    internal SpecialTokenText(string owner, IEnumerable<(string Name, int Token)> tokens)
    {
        names = [.. tokens.OrderByDescending(t => t.Name.Length).ThenBy(t => t.Name, StringComparer.Ordinal)];
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in names)
        {
            if (name.Length == 0 || WellFormedText.FirstHalf(name) >= 0)
                throw new ArgumentException($"{owner}: '{name}' is not the name of a special token.");
            if (!known.Add(name))
                throw new ArgumentException($"{owner}: the special token '{name}' is listed twice.");
        }

        search = new(() => SearchValues.Create([.. names.Select(n => n.Name)], StringComparison.Ordinal));
    }

    /// <summary>Returns the first special token in a text; the token is -1, at the end of the text, if there is none.</summary>
    internal (int Start, int Length, int Token) First(ReadOnlySpan<char> text)
    {
        if (names.Length > 0 && text.IndexOfAny(search.Value) is >= 0 and var start)
        {
            foreach (var (name, token) in names)
            {
                if (text[start..].StartsWith(name, StringComparison.Ordinal))
                    return (start, name.Length, token);
            }
        }

        return (text.Length, 0, -1);
    }

    /// <summary>Returns what special tokens are for, as far as their names are usual ones.</summary>
    internal static SpecialTokens RolesOf(IEnumerable<(string Name, int Token)> tokens)
    {
        var byName = tokens.ToDictionary(t => t.Name, t => t.Token, StringComparer.Ordinal);
        return new()
        {
            Padding = First(paddings), Unknown = First(unknowns), Start = First(starts), End = First(ends), Mask = First(masks),
        };

        int? First(string[] usual) =>
            Array.Find(usual, byName.ContainsKey) is { } name ? byName[name] : null;
    }
}
