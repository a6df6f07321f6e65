using System.Text;
using SeqCore.Models;
using Spectre.Console;

namespace SeqCore.Samples.Common;

/// <summary>
/// A text whose words have weights, such as what a model looked at. A terminal and a page colour each word by its weight.
/// </summary>
public sealed class WeightedText
{
    private const int Named = 5;
    private const double Least = 0.05;

    // Backgrounds from little to much, above and below zero, with a foreground that is legible on each.
    private static readonly string[] positive =
        ["", "black on #d6e6f5", "black on #9ecae1", "white on #2171b5", "white on #08519c"];

    private static readonly string[] negative =
        ["", "black on #fde0cc", "black on #fdae6b", "black on #f07818", "white on #a63603"];

    private readonly double most;

    /// <summary>Makes a text from the parts that have a weight; what lies between them has none.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="ranges">
    /// The parts in order, as of <see cref="TokenizedText.Ranges"/>; parts that overlap become one, with the sum of their
    /// weights.
    /// </param>
    /// <param name="weights">The weight of each part, or of the first ones if a model did not read all.</param>
    public WeightedText(string text, IReadOnlyList<Range> ranges, IReadOnlyList<float> weights)
    {
        var weighted = new List<(int Start, int End, double Weight)>();
        for (var i = 0; i < Math.Min(ranges.Count, weights.Count); i++)
        {
            var (start, length) = ranges[i].GetOffsetAndLength(text.Length);
            if (weighted.Count > 0 && start < weighted[^1].End)
            {
                var last = weighted[^1];
                weighted[^1] = (last.Start, Math.Max(last.End, start + length), last.Weight + weights[i]);
            }
            else if (length > 0)
            {
                weighted.Add((start, start + length, weights[i]));
            }
        }

        var (parts, at) = (new List<WeightedPart>(), 0);
        foreach (var (start, end, weight) in weighted)
        {
            if (start > at)
                parts.Add(new WeightedPart(text[at..start], null));
            parts.Add(new WeightedPart(text[start..end], weight));
            at = end;
        }

        if (at < text.Length)
            parts.Add(new WeightedPart(text[at..], null));
        Parts = parts;
        most = weighted.Select(w => Math.Abs(w.Weight)).DefaultIfEmpty(0).Max();
    }

    /// <summary>The parts, which make up the whole text.</summary>
    public IReadOnlyList<WeightedPart> Parts { get; }

    /// <summary>A weight as a fraction of the largest one in this text, in [-1, 1].</summary>
    public double Share(double weight) => most == 0 ? 0 : weight / most;

    /// <summary>The text as markup of Spectre.Console.</summary>
    public string ToMarkup()
    {
        var markup = new StringBuilder();
        foreach (var part in Parts)
        {
            var text = Markup.Escape(Plain(part.Text));
            var share = Share(part.Weight ?? 0);
            var style = (share < 0 ? negative : positive)[(int)Math.Min(4, Math.Round(4 * Math.Abs(share)))];
            markup.Append(style.Length == 0 ? text : $"[{style}]{text}[/]");
        }

        return markup.ToString();
    }

    /// <summary>The words with the largest weights, as in <c>'not' 61 %, 'good' 22 %</c>; small weights are left out.</summary>
    /// <param name="format">Makes the text of a weight.</param>
    public string Heaviest(Func<double, string> format) => string.Join(", ", Parts
        .Where(p => p.Weight is { } weight && Math.Abs(Share(weight)) >= Least)
        .OrderByDescending(p => Math.Abs(p.Weight!.Value)).Take(Named)
        .Select(p => $"'{Plain(p.Text).Trim()}' {format(p.Weight!.Value)}"));

    /// <summary>Writes the coloured text on a terminal, and everywhere the words with the largest weights.</summary>
    /// <param name="terminal">Where to write.</param>
    /// <param name="title">What the weights are, such as "looked at".</param>
    /// <param name="format">Makes the text of a weight.</param>
    public void Print(Terminal terminal, string title, Func<double, string> format)
    {
        if (terminal.IsLive)
            terminal.Console.MarkupLine($"  {ToMarkup()}");
        terminal.Pair(title, Heaviest(format) is { Length: > 0 } words ? words : "-");
    }

    /// <summary>A text without control characters, which a terminal would obey.</summary>
    public static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}

/// <summary>A part of a text.</summary>
/// <param name="Text">The part as it is written.</param>
/// <param name="Weight">Its weight; null for what has none, such as a space between words.</param>
public readonly record struct WeightedPart(string Text, double? Weight);
