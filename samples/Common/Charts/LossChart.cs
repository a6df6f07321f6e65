using System.Globalization;
using System.Text;

namespace SeqCore.Samples.Common;

/// <summary>Draws a loss curve as SVG: axes with round ticks, the training and validation curves, a legend.</summary>
public sealed class LossChart
{
    private const double Width = 760, Height = 440, Left = 70, Right = 20, Top = 50, Bottom = 56;
    private const string TrainingColour = "#7aa6d8", ValidationColour = "#c8502b";

    private readonly StringBuilder svg = new();
    private readonly LossCurve curve;
    private readonly Axis steps;
    private readonly Axis losses;

    private LossChart(LossCurve curve)
    {
        this.curve = curve;
        var all = curve.Training.Concat(curve.Validation).ToArray();
        steps = all.Length == 0 ? new Axis(0, 1) : new Axis(0, all.Max(p => p.Step));
        losses = all.Length == 0 ? new Axis(0, 1) : new Axis(Math.Min(all.Min(p => p.Loss), all.Max(p => p.Loss) * 0.9), all.Max(p => p.Loss));
    }

    /// <summary>The picture as an SVG document.</summary>
    /// <param name="curve">What to draw; a curve without points gives empty axes.</param>
    /// <param name="title">Stands above it.</param>
    public static string Draw(LossCurve curve, string title) => new LossChart(curve).Draw(title);

    private string Draw(string title)
    {
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" font-family=\"Helvetica, Arial, DejaVu Sans, sans-serif\" font-size=\"13\" fill=\"#333\">");
        Add($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        Add($"<text x=\"{Left}\" y=\"28\" font-size=\"16\" font-weight=\"bold\">{Escape(title)}</text>");
        DrawAxes();
        Curve(curve.Training, TrainingColour, 1.5);
        Curve(curve.Validation, ValidationColour, 2.5);
        foreach (var (step, loss) in curve.Validation)
            Add($"<circle cx=\"{X(step)}\" cy=\"{Y(loss)}\" r=\"3.5\" fill=\"{ValidationColour}\"/>");
        Legend();
        Add($"</svg>");
        return svg.ToString();
    }

    private void DrawAxes()
    {
        foreach (var tick in steps.Ticks)
        {
            Add($"<line x1=\"{X(tick)}\" y1=\"{Height - Bottom}\" x2=\"{X(tick)}\" y2=\"{Height - Bottom + 5}\" stroke=\"#333\"/>");
            Add($"<text x=\"{X(tick)}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{steps.Label(tick)}</text>");
        }

        foreach (var tick in losses.Ticks)
        {
            Add($"<line x1=\"{Left}\" y1=\"{Y(tick)}\" x2=\"{Width - Right}\" y2=\"{Y(tick)}\" stroke=\"#e3e3e3\"/>");
            Add($"<text x=\"{Left - 8}\" y=\"{Y(tick) + 4.5}\" text-anchor=\"end\">{losses.Label(tick)}</text>");
        }

        Add($"<path d=\"M{Left} {Top}V{Height - Bottom}H{Width - Right}\" fill=\"none\" stroke=\"#333\"/>");
        Add($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 14}\" text-anchor=\"middle\">iteration</text>");
        Add($"<text transform=\"translate(20 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">loss (nats per character)</text>");
    }

    private void Curve(IReadOnlyList<(double Step, double Loss)> points, string colour, double width)
    {
        if (points.Count < 2)
            return;
        var path = string.Join('L', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Step)} {Y(p.Loss)}")));
        Add($"<path d=\"M{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"/>");
    }

    private void Legend()
    {
        var x = Width - Right - 130;
        Add($"<line x1=\"{x}\" y1=\"{Top + 14}\" x2=\"{x + 24}\" y2=\"{Top + 14}\" stroke=\"{TrainingColour}\" stroke-width=\"1.5\"/>");
        Add($"<text x=\"{x + 32}\" y=\"{Top + 18.5}\">training</text>");
        Add($"<line x1=\"{x}\" y1=\"{Top + 36}\" x2=\"{x + 24}\" y2=\"{Top + 36}\" stroke=\"{ValidationColour}\" stroke-width=\"2.5\"/>");
        Add($"<circle cx=\"{x + 12}\" cy=\"{Top + 36}\" r=\"3.5\" fill=\"{ValidationColour}\"/>");
        Add($"<text x=\"{x + 32}\" y=\"{Top + 40.5}\">validation</text>");
    }

    private double X(double step) => Math.Round(Left + steps.Place(step) * (Width - Left - Right), 2);

    private double Y(double loss) => Math.Round(Height - Bottom - losses.Place(loss) * (Height - Top - Bottom), 2);

    private void Add(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
