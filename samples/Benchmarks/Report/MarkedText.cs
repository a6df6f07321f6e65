using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>The part of a Markdown file that <c>report</c> writes, between two comments.</summary>
internal static class MarkedText
{
    internal const string Begin = "<!-- Begin: written by 'samples/Benchmarks report' from docs/benchmarks/*.jsonl -->\n";
    internal const string End = "<!-- End -->\n";

    /// <summary>A text with its marked part replaced.</summary>
    /// <param name="path">The name of the text in errors.</param>
    /// <param name="text">The text of the file.</param>
    /// <param name="part">The new part, in whole lines.</param>
    /// <exception cref="UserException">The text does not have the two comments, each once and in this order.</exception>
    internal static string Replace(string path, string text, string part)
    {
        var (begin, end) = (Only(Begin), Only(End));
        return begin >= 0 && end > begin
            ? $"{text[..(begin + Begin.Length)]}\n{part}\n{text[end..]}"
            : throw new UserException($"{path} should have the lines '{Begin.TrimEnd()}' and '{End.TrimEnd()}', each once,"
                + " where the figures go.");

        int Only(string mark)
        {
            var first = text.IndexOf(mark, StringComparison.Ordinal);
            return first == text.LastIndexOf(mark, StringComparison.Ordinal) ? first : -1;
        }
    }
}
