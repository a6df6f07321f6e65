namespace SeqCore.Models;

/// <summary>A run of tokens with a type, such as a name of a person.</summary>
/// <param name="Start">The index of the first token.</param>
/// <param name="End">The index after the last token.</param>
/// <param name="Type">The type, which may be empty.</param>
public readonly record struct LabelledSpan(int Start, int End, string Type)
{
    /// <summary>
    /// Reads the spans of a sequence of tags <c>B-PER</c>, <c>I-PER</c>, <c>O</c> and so on, in any of the schemes IOB1, IOB2 and
    /// IOBES, as the script conlleval does: a tag that continues nothing begins a span.
    /// </summary>
    /// <param name="tags">The tags: O, or B, I, E or S, alone or with a hyphen and a type.</param>
    /// <exception cref="ArgumentException">A tag has another form.</exception>
    public static IReadOnlyList<LabelledSpan> Of(IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var spans = new List<LabelledSpan>();
        var (start, last, lastType) = (-1, 'O', "");
        for (var i = 0; i <= tags.Count; i++)
        {
            var (tag, type) = i == tags.Count ? ('O', "") : Parts(tags[i], i);
            var isSameType = type == lastType;
            if (start >= 0 && (last is 'E' or 'S' || tag is 'O' or 'B' or 'S' || !isSameType))
            {
                spans.Add(new LabelledSpan(start, i, lastType));
                start = -1;
            }

            if (start < 0 && tag != 'O')
                start = i;
            (last, lastType) = (tag, type);
        }

        return spans;
    }

    private static (char Tag, string Type) Parts(string tag, int place)
    {
        if (tag == "O")
            return ('O', "");
        if (tag is { Length: > 0 } && tag[0] is 'B' or 'I' or 'E' or 'S' && (tag.Length == 1 || tag[1] == '-'))
            return (tag[0], tag.Length == 1 ? "" : tag[2..]);
        throw new ArgumentException(
            $"LabelledSpan: tags are O, or B, I, E or S with a hyphen and a type; tag {place} is '{tag}'.", nameof(tag));
    }
}
