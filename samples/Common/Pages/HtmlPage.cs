using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace SeqCore.Samples.Common;

/// <summary>
/// A self-contained page of HTML, without scripts and without external fonts or images. It is legible on phones and desktops, in
/// light and dark, and everything put into it is escaped.
/// </summary>
public sealed partial class HtmlPage
{
    // A chart is drawn for three widths of the window, and scaled a little in between; HtmlStyle shows one of them.
    private static readonly (string Class, int Width, double LeastMargin)[] drawings =
        [("wide", LineChart.Page, 52), ("medium", LineChart.Medium, 52), ("narrow", LineChart.Narrow, 44)];

    private readonly MarkupBuilder body = new();
    private readonly string title;

    /// <summary>Makes a page that has only a title.</summary>
    public HtmlPage(string title)
    {
        this.title = title;
        body.Add($"<h1>{title}</h1>");
    }

    /// <summary>Adds a heading, to which <see cref="Anchor"/> of its words leads.</summary>
    /// <param name="text">The words of the heading.</param>
    /// <param name="level">2 for a chapter, 3 for a part of one.</param>
    public void Heading(string text, int level = 2) => body.Add($"<h{level} id=\"{Anchor(text)}\">{text}</h{level}>");

    /// <summary>The name of a heading or chart in a link, such as <c>inference-token-by-token</c>.</summary>
    public static string Anchor(string title) => NotInAnchors().Replace(title.ToLowerInvariant(), "-").Trim('-');

    /// <summary>Adds counts of verdicts in a strip, each with its sign and colour, as a link to a place in the page.</summary>
    /// <param name="anchor">The place that they lead to.</param>
    /// <param name="counts">The verdicts, with the words that count them.</param>
    public void Headline(string anchor, params IEnumerable<(Mark Mark, string Words)> counts)
    {
        body.Add($"<p class=\"headline\">");
        foreach (var (mark, words) in counts)
            body.Add($"<a class=\"{mark.Class}\" href=\"#{anchor}\"><b>{mark.Sign}</b> {words}</a>");
        body.Add($"</p>");
    }

    /// <summary>Adds a statement with its verdict.</summary>
    /// <param name="mark">The sign and the colour of the verdict.</param>
    /// <param name="verdict">The verdict in words.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="facts">Names and values on which the verdict rests.</param>
    /// <param name="note">How the verdict follows from them.</param>
    /// <param name="links">The words and anchors of places that show more.</param>
    public void Statement(Mark mark, string verdict, string statement, IEnumerable<(string Name, string Value)> facts,
        string note, params IEnumerable<(string Words, string Anchor)> links)
    {
        body.Add($"<section class=\"statement {mark.Class}\"><p><b>{mark.Sign} {verdict}</b> {statement}</p><dl>");
        foreach (var (name, value) in facts)
            body.Add($"<div><dt>{name}</dt><dd>{Raised(value)}</dd></div>");
        body.Add($"</dl><p class=\"note\">{note}");
        foreach (var (words, anchor) in links)
            body.Add($" <a href=\"#{anchor}\">{words}</a>");
        body.Add($"</p></section>");
    }

    /// <summary>Adds a paragraph.</summary>
    public void Paragraph(string text) => body.Add($"<p>{text}</p>");

    /// <summary>Adds a list.</summary>
    public void List(params IEnumerable<string> items)
    {
        body.Add($"<ul>");
        foreach (var item in items)
            body.Add($"<li>{item}</li>");
        body.Add($"</ul>");
    }

    /// <summary>Adds lines as a terminal shows them.</summary>
    public void Listing(string text) => body.Add($"<pre>{text}</pre>");

    /// <summary>
    /// Adds a table, which scrolls by itself where it is wider than the page; columns of numbers are aligned to the right.
    /// </summary>
    /// <param name="head">Names of the columns.</param>
    /// <param name="rows">The cells of each row, as many as there are columns.</param>
    /// <remarks>Where cells hold sentences, a narrow window shows them below one another, each with its column's name.</remarks>
    public void Table(IReadOnlyList<string> head, params IEnumerable<IReadOnlyList<string>> rows)
    {
        var cells = rows.ToArray();
        if (cells.FirstOrDefault(r => r.Count != head.Count) is { } odd)
        {
            throw new ArgumentException($"HtmlPage: a row of {odd.Count} cells in a table of {head.Count} columns"
                + $" ({string.Join(", ", head)}).", nameof(rows));
        }

        var isNumber = head.Select((_, c) => cells.Length > 0 && cells.All(r => IsNumber(r[c]))).ToArray();
        var isProse = cells.Any(r => r.Any(IsLong));
        body.Add($"<div class=\"scroll\"><table{new RawMarkup(isProse ? " class=\"prose\"" : "")}>");
        body.Add($"<thead><tr>{Cells("th", head, isNumber)}</tr></thead>");
        body.Add($"<tbody>");
        foreach (var row in cells)
            body.Add($"<tr>{Cells("td", row, isNumber, isProse ? head : null)}</tr>");
        body.Add($"</tbody></table></div>");
    }

    /// <summary>
    /// Adds a chart, as wide as the page; those one below the other begin at the same place unless their labels are long.
    /// </summary>
    public void Chart(LineChart chart, string caption)
    {
        body.Add($"<figure id=\"{Anchor(chart.Title ?? "chart")}\">");
        foreach (var (name, width, margin) in drawings)
            body.Add($"<div class=\"{name}\">{new RawMarkup(chart.Draw(width, margin))}</div>");
        body.Add($"<figcaption>{caption}</figcaption></figure>");
    }

    /// <summary>Adds a chart of dots, as wide as the page.</summary>
    public void Chart(DotChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        body.Add($"<figure id=\"{Anchor(chart.Title)}\">");
        foreach (var (name, width, _) in drawings)
            body.Add($"<div class=\"{name}\">{new RawMarkup(chart.Draw(width))}</div>");
        body.Add($"</figure>");
    }

    /// <summary>Adds heat maps, as many side by side as fit, with the colour scale below.</summary>
    /// <param name="maps">The maps, each below its title; the scale is that of the first.</param>
    /// <param name="anchors">The names of the maps in links; null for none.</param>
    public void Maps(IReadOnlyList<HeatMap> maps, IReadOnlyList<string>? anchors = null)
    {
        if (maps.Count == 0)
            return;
        body.Add($"<div class=\"maps\">");
        foreach (var (map, i) in maps.Select((m, i) => (m, i)))
        {
            var id = new RawMarkup(anchors is null ? "" : $" id=\"{anchors[i]}\"");
            body.Add($"<figure{id}><figcaption>{map.Title}</figcaption>");
            body.Add($"<div class=\"scroll\">{new RawMarkup(map.Draw())}</div></figure>");
        }

        body.Add($"</div>");
        body.Add($"{new RawMarkup(maps[0].DrawScale())}");
    }

    /// <summary>
    /// Adds a text whose words are the more coloured the larger their weight is; a tooltip shows the weight, and negative weights
    /// have another colour.
    /// </summary>
    /// <param name="text">The text with its weights.</param>
    /// <param name="format">Makes the text of a weight.</param>
    /// <param name="title">What the weights are, before the text; null to leave it out.</param>
    public void Words(WeightedText text, Func<double, string> format, string? title = null)
    {
        // More colour would take the contrast from the words.
        const double Most = 45;
        var words = new MarkupBuilder();
        foreach (var part in text.Parts)
        {
            var shown = WeightedText.Plain(part.Text);
            if (part.Weight is not { } weight)
            {
                words.Add($"{shown}");
                continue;
            }

            var (colour, share) = (weight < 0 ? "cold" : "heat", Most * Math.Abs(text.Share(weight)));
            var ground = new RawMarkup(
                string.Create(CultureInfo.InvariantCulture, $"color-mix(in srgb,var(--{colour}) {share:0.##}%,transparent)"));
            words.Add($"<span style=\"background:{ground}\" title=\"{format(weight)}\">{shown}</span>");
        }

        var before = new MarkupBuilder();
        if (title is not null)
            before.Add($"<b>{title}:</b>");
        var line = words.ToString().Replace("\n", "", StringComparison.Ordinal);
        body.Add($"<p class=\"words\">{new RawMarkup(before.ToString())}{new RawMarkup(line)}</p>");
    }

    /// <summary>Adds a row of small maps, each a link to a place in the page.</summary>
    /// <param name="title">The title of the row.</param>
    /// <param name="maps">The maps and the anchors that they lead to.</param>
    public void Thumbnails(string title, params IEnumerable<(HeatMap Map, string Anchor)> maps)
    {
        const double Size = 64;
        body.Add($"<div class=\"thumbnails\"><span>{title}</span>");
        foreach (var (map, anchor) in maps)
        {
            var link = $"{title}, {map.Title}";
            body.Add($"<a href=\"#{anchor}\" title=\"{link}\">{new RawMarkup(map.DrawThumbnail(Size))}</a>");
        }

        body.Add($"</div>");
    }

    /// <summary>The page as HTML.</summary>
    public override string ToString()
    {
        var page = new MarkupBuilder();
        page.Add($"<!doctype html>");
        page.Add($"<html lang=\"en\"><head><meta charset=\"utf-8\">");
        page.Add($"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
        page.Add($"<title>{title}</title>");
        page.Add($"<style>{new RawMarkup('\n' + ChartStyle.Css + HtmlStyle.Css)}</style></head><body>");
        page.Add($"{new RawMarkup(body.ToString())}</body></html>");
        return page.ToString();
    }

    /// <summary>
    /// Writes the page to a file and creates its folder if necessary. An existing page stays whole until the new one is complete.
    /// </summary>
    public void Save(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        AtomicFile.WriteText(path, ToString());
    }

    /// <param name="tag">th or td.</param>
    /// <param name="cells">Their texts.</param>
    /// <param name="isNumber">Which columns hold numbers.</param>
    /// <param name="names">The columns' names, for narrow windows, where cells are below one another; or null.</param>
    private static RawMarkup Cells(string tag, IReadOnlyList<string> cells, bool[] isNumber, IReadOnlyList<string>? names = null)
    {
        var row = new MarkupBuilder();
        for (var c = 0; c < cells.Count; c++)
        {
            var kind = isNumber[c] ? " class=\"number\""
                : IsLong(cells[c]) ? " class=\"long\""
                : Date().IsMatch(cells[c]) ? " class=\"time\"" : "";
            if (names is null)
                row.Add($"<{tag}{new RawMarkup(kind)}>{Raised(cells[c])}</{tag}>");
            else
                row.Add($"<{tag}{new RawMarkup(kind)} data-column=\"{names[c]}\">{Raised(cells[c])}</{tag}>");
        }

        return new RawMarkup(row.ToString().Replace("\n", "", StringComparison.Ordinal));
    }

    /// <summary>A text with exponents as in N^1.86 raised.</summary>
    private static RawMarkup Raised(string text) =>
        new(Exponent().Replace(WebUtility.HtmlEncode(text), "<sup>$1</sup>"));

    private static bool IsLong(string cell) => cell.Length > 40;

    /// <summary>Whether a cell starts with a number, or says that there is none.</summary>
    private static bool IsNumber(string cell) =>
        cell is "" or "-" || (cell.Length <= 24 && double.TryParse(cell.Split(' ')[0].TrimStart('<', '>', '~'),
            NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _));

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}")]
    private static partial Regex Date();

    [GeneratedRegex(@"\^(-?[0-9.]+)")]
    private static partial Regex Exponent();
}

/// <summary>The sign and the colour of a verdict on a page; the sign is for readers who do not see the colour.</summary>
/// <param name="Sign">A character such as \u2713.</param>
/// <param name="Class">The class of the style sheet: yes, partly, no or unknown.</param>
public readonly record struct Mark(string Sign, string Class);
