using SeqCore.Models;

namespace SeqCore.Samples.TagWords;

/// <summary>
/// The scheme of tags: BIO, where B-X begins a name of the type X, I-X continues it and O is outside, or none, where every tag
/// stands for itself.
/// </summary>
internal static class TagScheme
{
    /// <summary>The names of the schemes on the command line.</summary>
    public static string[] Names { get; } = ["auto", "bio", "none"];

    /// <summary>Whether a tag is one of BIO.</summary>
    public static bool IsOfBio(string tag) => tag == "O" || (tag.Length > 2 && tag[0] is 'B' or 'I' && tag[1] == '-');

    /// <summary>Whether tags mark names, in any of the schemes that <see cref="LabelledSpan.Of"/> reads.</summary>
    public static bool HasSpans(IEnumerable<string> tags) =>
        tags.All(t => t == "O" || (t.Length > 1 && t[0] is 'B' or 'I' or 'E' or 'S' && t[1] == '-'));

    /// <summary>Decides whether tags for training are of BIO, and makes sure that they are if so.</summary>
    /// <param name="file">The sentences.</param>
    /// <param name="scheme">The name of the scheme; auto takes BIO where there are tags O and B-X.</param>
    /// <exception cref="DataSourceException">A tag is not of BIO though it should be; the message names its place.</exception>
    public static bool Decide(TaggedFile file, string scheme)
    {
        var tags = TextTagger.TagsOf(file.Sentences);
        var isBio = scheme == "bio" || (scheme == "auto" && tags.Contains("O")
            && tags.Any(t => t.StartsWith("B-", StringComparison.Ordinal) && IsOfBio(t)));
        if (isBio)
            Require(file);
        return isBio;
    }

    /// <summary>Makes sure that each tag is of BIO, and that I-X follows B-X or I-X.</summary>
    /// <exception cref="DataSourceException">A tag is not; the message names its place.</exception>
    public static void Require(TaggedFile file)
    {
        const string Hint = "With --scheme none tags may have any form and order.";
        foreach (var sentence in file.Sentences)
        {
            var before = "O";
            for (var i = 0; i < sentence.Tags.Count; i++)
            {
                var tag = sentence.Tags[i];
                if (!IsOfBio(tag))
                {
                    throw new DataSourceException($"{file.PlaceOf(sentence, i)}: the tag '{tag}' is not of the scheme BIO: O, B-X"
                        + $" or I-X. {Hint}");
                }

                if (tag[0] == 'I' && (before == "O" || before[2..] != tag[2..]))
                {
                    throw new DataSourceException($"{file.PlaceOf(sentence, i)}: the tag '{tag}'"
                        + (i == 0 ? " begins a sentence" : $" follows '{before}'")
                        + $", and in the scheme BIO it has to follow 'B-{tag[2..]}' or itself. {Hint}");
                }

                before = tag;
            }
        }
    }
}
