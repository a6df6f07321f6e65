using System.Globalization;
using System.Net;
using System.Text;

namespace SeqCore.Benchmarks;

/// <summary>Horizontal bars as SVG, on a white ground so that they read in any colour scheme.</summary>
internal static class BarChart
{
    private const int Width = 720;
    private const int Left = 190;
    private const int RowHeight = 30;
    private const int Top = 46;

    /// <summary>Draws named figures, in their order, on a scale from 0.</summary>
    internal static string Draw(string title, string unit, IReadOnlyList<(string Name, double Value)> bars)
    {
        var greatest = bars.Max(b => b.Value);
        var height = Top + bars.Count * RowHeight + 14;
        var svg = new StringBuilder();
        svg.Append(Format($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" """));
        svg.Append(Format($"""viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13">"""));
        svg.Append('\n').Append(Format($"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""")).Append('\n');
        svg.Append("""<text x="16" y="26" font-size="15" font-weight="bold" fill="#1f2933">""")
            .Append(Format($"{WebUtility.HtmlEncode(title)} ({WebUtility.HtmlEncode(unit)})</text>\n"));
        for (var i = 0; i < bars.Count; i++)
        {
            var y = Top + i * RowHeight;
            var length = Math.Max(1, (Width - Left - 80) * bars[i].Value / greatest);
            svg.Append(Format($"""<text x="{Left - 10}" y="{y + 15}" text-anchor="end" fill="#1f2933">"""))
                .Append(Format($"{WebUtility.HtmlEncode(bars[i].Name)}</text>\n"));
            svg.Append(Format($"""<rect x="{Left}" y="{y}" width="{length:0.#}" height="20" rx="2" fill="#2b6cb0"/>"""))
                .Append('\n');
            svg.Append(Format($"""<text x="{Left + length + 8:0.#}" y="{y + 15}" fill="#1f2933">{bars[i].Value:0.0}</text>"""))
                .Append('\n');
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
