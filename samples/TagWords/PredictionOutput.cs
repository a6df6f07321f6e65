using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>How predictions are written.</summary>
internal static class PredictionOutput
{
    /// <summary>The page with the confusion matrix.</summary>
    public static Option<string?> Confusion(string otherwise) => OptionKinds.Path("--confusion",
        $"Write an HTML page with the confusion matrix of the tags. [default: {otherwise}]", "FILE");

    /// <summary>A sentence with the tag after each word, except O, as in <c>Captain Thorsen/B-PERSON left</c>.</summary>
    public static string Inline(IReadOnlyList<string> tokens, IReadOnlyList<string> tags) =>
        WeightedText.Plain(string.Join(' ', tokens.Zip(tags, (token, tag) => tag == "O" ? token : $"{token}/{tag}")));

    /// <summary>Writes a sentence.</summary>
    /// <param name="terminal">Where to write.</param>
    /// <param name="tokens">The words.</param>
    /// <param name="tags">Their tags.</param>
    /// <param name="isInline">Whether the sentence is written in a line; else one word on each, a tab and its tag.</param>
    public static void Write(Terminal terminal, IReadOnlyList<string> tokens, IReadOnlyList<string> tags, bool isInline)
    {
        if (isInline)
        {
            terminal.Line(Inline(tokens, tags));
        }
        else
        {
            foreach (var (token, tag) in tokens.Zip(tags))
                terminal.Line($"{WeightedText.Plain(token)}\t{tag}");
            terminal.Line();
        }

        terminal.Result(("event", "prediction"), ("tokens", tokens), ("tags", tags));
    }
}
