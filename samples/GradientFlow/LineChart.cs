using System.Globalization;
using System.Net;
using System.Text;

namespace SeqCore.Samples.GradientFlow;

/// <summary>Lines over a logarithmic axis as SVG, on a white ground so that they read in any colour scheme.</summary>
internal static class LineChart
{
    private const int Width = 760, Height = 440, Left = 70, Right = 210, Top = 50, Bottom = 50;
    private static readonly string[] Colours = ["#c53030", "#dd6b20", "#805ad5", "#2f855a", "#2b6cb0", "#0987a0", "#1a365d"];

    /// <summary>Draws each line's values over 0, 1, 2, ...</summary>
    /// <param name="title">Above the picture.</param>
    /// <param name="xTitle">Below it.</param>
    /// <param name="lines">Positive values.</param>
    /// <param name="least">Exponent of ten at the bottom; what is below leaves the picture.</param>
    /// <param name="most">Exponent of ten at the top.</param>
    internal static string Draw(string title, string xTitle, IReadOnlyList<(string Name, double[] Values)> lines, int least, int most)
    {
        var count = lines.Max(l => l.Values.Length);
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12" fill="#1f2933">""");
        Add(svg, $"""<rect width="{Width}" height="{Height}" fill="#ffffff"/>""");
        Add(svg, $"""<text x="16" y="26" font-size="15" font-weight="bold">{WebUtility.HtmlEncode(title)}</text>""");
        for (var power = least; power <= most; power += 4)
        {
            var y = Y(power);
            Add(svg, $"""<line x1="{Left}" x2="{Width - Right}" y1="{y:0.#}" y2="{y:0.#}" stroke="{(power == 0 ? "#718096" : "#e2e8f0")}"/>""");
            Add(svg, $"""<text x="{Left - 8}" y="{y + 4:0.#}" text-anchor="end">1e{power}</text>""");
        }

        for (var x = 0; x < count; x += Math.Max(1, count / 5 / 10 * 10))
            Add(svg, $"""<text x="{X(x):0.#}" y="{Height - Bottom + 18}" text-anchor="middle">{x}</text>""");
        Add(svg, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 12}" text-anchor="middle">{WebUtility.HtmlEncode(xTitle)}</text>""");
        for (var i = 0; i < lines.Count; i++)
        {
            var colour = Colours[i % Colours.Length];
            var points = lines[i].Values.Select((v, x) => (X: X(x), Power: Math.Log10(v))).TakeWhile(p => p.Power >= least && p.Power <= most)
                .Select(p => Text($"{p.X:0.#},{Y(p.Power):0.#}"));
            Add(svg, $"""<polyline fill="none" stroke="{colour}" stroke-width="2" points="{string.Join(' ', points)}"/>""");
            Add(svg, $"""<line x1="{Width - Right + 14}" x2="{Width - Right + 34}" y1="{Top + 12 + i * 22}" y2="{Top + 12 + i * 22}" stroke="{colour}" stroke-width="3"/>""");
            Add(svg, $"""<text x="{Width - Right + 40}" y="{Top + 16 + i * 22}">{WebUtility.HtmlEncode(lines[i].Name)}</text>""");
        }

        return svg.Append("</svg>\n").ToString();

        double X(double x) => Left + x * (Width - Left - Right) / (count - 1);
        double Y(double power) => Top + (most - power) * (Height - Top - Bottom) / (most - least);
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(Text(line)).Append('\n');

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
