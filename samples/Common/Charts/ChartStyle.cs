using System.Text;

namespace SeqCore.Samples.Common;

/// <summary>The colour that each kind of model has in every chart and on every page, in the order of a chart's styles.</summary>
public enum ModelColour
{
    /// <summary>An LSTM that reads forwards.</summary>
    Lstm,

    /// <summary>A Transformer that sees what comes before, such as a GPT, or one with a decoder.</summary>
    Transformer,

    /// <summary>A GRU.</summary>
    Gru,

    /// <summary>An LSTM that looks back by attention.</summary>
    AttentiveLstm,

    /// <summary>An LSTM that reads in both directions.</summary>
    BidirectionalLstm,

    /// <summary>A Transformer that sees both sides, such as BERT.</summary>
    Encoder,

    /// <summary>A simple RNN.</summary>
    Rnn,
}

/// <summary>Colours and line styles of charts, for light and dark.</summary>
/// <remarks>
/// Colour-blind readers can tell the hues apart, and each also has its own dashes and symbol. Every colour has a contrast of at
/// least 3 to 1 against its ground.
/// </remarks>
public static class ChartStyle
{
    /// <summary>The number of different styles.</summary>
    public const int Count = 8;

    private static readonly string[] dashes = ["none", "8 4", "2 3", "10 3 2 3", "14 4", "5 2", "12 3 4 3", "8 3 2 3 2 3"];

    private static readonly (string Name, string Light, string Dark)[] colours =
    [
        ("ink", "#1d2530", "#e4e8ee"),
        ("soft", "#566170", "#a3adba"),
        ("grid", "#e1e5ea", "#333c48"),
        ("ground", "#ffffff", "#14181d"),
        ("raised", "#f4f6f8", "#1c222a"),
        ("heat", "#0a4f8f", "#7cc7ff"),
        ("cold", "#a8430a", "#ff9d5c"),
        ("s0", "#0b66ad", "#58b1f0"),
        ("s1", "#c54c08", "#f58a4c"),
        ("s2", "#007a58", "#3ccb9b"),
        ("s3", "#a83e8a", "#ec95cd"),
        ("s4", "#826000", "#e3c04a"),
        ("s5", "#4a3fb5", "#aaa6ff"),
        ("s6", "#b3202c", "#ff7d84"),
        ("s7", "#4d5763", "#c3cad3"),
    ];

    /// <summary>The names of the colours, with their values in light and dark.</summary>
    public static IReadOnlyList<(string Name, string Light, string Dark)> Colours => colours;

    /// <summary>The style sheet that charts in a page need, with the colours as variables.</summary>
    public static string Css
    {
        get
        {
            var css = new StringBuilder();
            css.Append(":root{").AppendJoin(';', colours.Select(c => $"--{c.Name}:{c.Light}")).Append("}\n");
            css.Append("@media (prefers-color-scheme:dark){:root{")
                .AppendJoin(';', colours.Select(c => $"--{c.Name}:{c.Dark}")).Append("}}\n");
            return css.Append(Rules).ToString();
        }
    }

    private static string Rules
    {
        get
        {
            var css = new StringBuilder("""
                .chart{display:block;
                    font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
                .chart text{fill:var(--ink);stroke:none}
                .chart .soft{fill:var(--soft)}
                .chart .title{font-size:16px;font-weight:600}
                .chart .end{text-anchor:end}
                .chart .middle{text-anchor:middle}
                .chart .halo{paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
                .chart .grid{stroke:var(--grid)}
                .chart .axis{stroke:var(--soft);fill:none}
                .chart .mark{stroke:var(--ink);fill:none;stroke-width:1.2}
                .chart .dotted{stroke-dasharray:3 3}
                .chart .line{fill:none;stroke-width:2;stroke-linejoin:round}
                .chart .band{stroke:none;fill-opacity:.28}
                .chart .span{fill:var(--cold);fill-opacity:.18;stroke:none}
                .chart .symbol{stroke-width:1.2;stroke-dasharray:none}
                .chart .ground{fill:var(--ground);stroke:none}
                .chart .frame{fill:none;stroke:var(--grid)}
                .chart .heat{fill:var(--heat)}
                .chart .cold{fill:var(--cold)}
                .chart .small{font-size:11px}
                .chart .cell{pointer-events:none}
                .chart .on{fill:var(--ground)}

                """);
            for (var i = 0; i < Count; i++)
                css.Append($".s{i}{{stroke:var(--s{i});fill:var(--s{i})}}.d{i}{{stroke-dasharray:{dashes[i]}}}\n");
            return css.ToString();
        }
    }

    /// <summary>A chart with its own ground, as a self-contained document, in light and dark.</summary>
    /// <param name="svg">The result of a chart's Draw.</param>
    public static string Standalone(string svg)
    {
        var body = svg.IndexOf('>', StringComparison.Ordinal) + 1;
        return svg[..body].Replace("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", StringComparison.Ordinal)
            + $"\n<style>\n{Fixed(Rules, c => c.Light)}"
            + $"@media (prefers-color-scheme:dark){{\n{Fixed(ColouredRules, c => c.Dark)}}}\n</style>\n"
            + $"<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n{svg[body..].TrimStart('\n')}";
    }

    /// <summary>The rules that name a colour, which another scheme replaces.</summary>
    private static string ColouredRules =>
        string.Concat(Rules.Split('\n').Where(r => r.Contains("var(", StringComparison.Ordinal)).Select(r => r + '\n'));

    /// <summary>Rules with values in the place of variables, which some image viewers do not support.</summary>
    private static string Fixed(string rules, Func<(string Name, string Light, string Dark), string> value) =>
        colours.Aggregate(rules, (css, c) => css.Replace($"var(--{c.Name})", value(c), StringComparison.Ordinal));
}
