using System.Text.RegularExpressions;
using SeqCore.Models;

namespace SeqCore.Samples.Summarize;

/// <summary>
/// Summaries that consist of sentences of the text: the measure of what a model adds. A sentence ends at a full stop, a question
/// mark or an exclamation mark before a space, and at the end of a line.
/// </summary>
internal static partial class Sentences
{
    private const ulong Seed = 0x73656E74;

    /// <summary>Splits a text.</summary>
    public static string[] Of(string text) =>
        [.. text.Split('\n').SelectMany(line => Ends().Split(line)).Select(s => s.Trim()).Where(s => s.Length > 0)];

    /// <summary>Takes sentences over from texts in several ways.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="count">The number of sentences, k.</param>
    /// <returns>The name of each way and its summaries.</returns>
    public static IReadOnlyList<(string Name, string[] Summaries)> Baselines(IReadOnlyList<string> texts, int count)
    {
        var random = new RandomGenerator(Seed);
        string[][] sentences = [.. texts.Select(Of)];
        return
        [
            ($"lead-{count}", Each(s => s.Take(count))),
            ($"last-{count}", Each(s => s.TakeLast(count))),
            ($"random-{count}", Each(s => Draw(s, count, random))),
        ];

        string[] Each(Func<string[], IEnumerable<string>> take) => [.. sentences.Select(s => string.Join(' ', take(s)))];
    }

    /// <summary>Draws different sentences and returns them in the order of the text.</summary>
    private static IEnumerable<string> Draw(string[] sentences, int count, RandomGenerator random)
    {
        int[] order = [.. Enumerable.Range(0, sentences.Length)];
        for (var i = 0; i < Math.Min(count, order.Length); i++)
        {
            var j = i + random.NextInt32(order.Length - i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order.Take(count).Order().Select(i => sentences[i]);
    }

    [GeneratedRegex(@"(?<=[.!?])\s+")]
    private static partial Regex Ends();
}
