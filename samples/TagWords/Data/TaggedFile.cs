using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>Sentences with tags, and the file that they come from.</summary>
/// <param name="Sentences">The sentences.</param>
/// <param name="Path">The path of the file; null for sentences that the program wrote itself.</param>
/// <param name="TagColumn">The column of the tags, from 1; negative counts from the last.</param>
internal sealed record TaggedFile(IReadOnlyList<TaggedText> Sentences, string? Path = null, int TagColumn = -1)
{
    /// <summary>The name of the sentences in errors.</summary>
    public string Name => Path is null ? "The data" : $"'{Path}'";

    /// <summary>These sentences, or some of them, as a file of their own.</summary>
    public TaggedFile With(IReadOnlyList<TaggedText> sentences) => this with { Sentences = sentences };

    /// <summary>The place of a tag as errors name it: <c>'mine.conll', line 7, column 4</c>.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="token">The index of the token.</param>
    public string PlaceOf(TaggedText sentence, int token) => Path is null
        ? $"Token {token + 1} of '{string.Join(' ', sentence.Tokens)}'"
        : TagColumn > 0 ? TextLines.Place(Path, sentence.LineOf(token), TagColumn)
        : $"{TextLines.Place(Path, sentence.LineOf(token))}, {(TagColumn == -1 ? "last column" : $"column {TagColumn}")}";

    /// <summary>Makes sure that all tags are known.</summary>
    /// <exception cref="DataSourceException">One is not; the message names its place.</exception>
    public void RequireKnown(IReadOnlyList<string> tags)
    {
        const int Listed = 20;
        var known = tags.ToHashSet(StringComparer.Ordinal);
        foreach (var sentence in Sentences)
        {
            for (var i = 0; i < sentence.Tags.Count; i++)
            {
                if (!known.Contains(sentence.Tags[i]))
                {
                    throw new DataSourceException($"{PlaceOf(sentence, i)}: the tag '{sentence.Tags[i]}' is none of those of"
                        + $" training: {string.Join(", ", tags.Take(Listed))}{(tags.Count > Listed ? ", ..." : "")}."
                        + " Choose the column of the tags with --tag-column.");
                }
            }
        }
    }
}
