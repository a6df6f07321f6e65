using System.Globalization;
using System.Text.RegularExpressions;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Book;

/// <summary>Charts of training, from the library's schedules and from the figures in the chapters.</summary>
internal static partial class TrainingFigures
{
    private const int Width = 480;

    /// <summary>The schedules of the library over 300 steps.</summary>
    internal static string Schedules()
    {
        const int Steps = 300, WarmUp = 30;
        var noam = new NoamSchedule(1, WarmUp, Math.Sqrt(WarmUp));
        (string Name, LearningRateSchedule Schedule)[] schedules =
        [
            ("warm-up, cosine", new WarmUpSchedule(WarmUp, new CosineSchedule(Steps - WarmUp, 0.1))),
            ("Noam", noam),
            ("linear", new LinearSchedule(Steps)),
            ("steps of 100", new StepDecaySchedule(100, 0.5)),
            ("constant", new ConstantSchedule()),
        ];
        var chart = new LineChart(new ChartAxis("step"), new ChartAxis("factor of the learning rate") { Least = 0, Most = 1.05 })
        {
            Title = "Learning-rate schedules",
        };
        foreach (var (name, schedule) in schedules)
        {
            var factors = Enumerable.Range(0, Steps).Select(s => schedule.Factor(s));
            chart.Series.Add(new ChartSeries(name, factors) { HasSymbols = false });
        }

        return chart.ToSvg(Width);
    }

    /// <summary>The table of warm-up and clipping in the chapter on stable training.</summary>
    /// <param name="chapter">The text of the chapter.</param>
    internal static string WarmUp(string chapter)
    {
        var chart = new LineChart(new ChartAxis("learning rate") { LogBase = 10 }, new ChartAxis("validation loss (nats)"))
        {
            Title = "A small GPT after 300 steps: mean and range of three seeds",
        };
        string[] names = ["neither", "warm-up", "clipping", "both"];
        var rows = TableRow().Matches(chapter);
        for (var i = 0; i < names.Length; i++)
        {
            var points = rows.Select(row => Point(row.Groups["rate"].Value, row.Groups["cell"].Captures[i].Value));
            chart.Series.Add(new ChartSeries(names[i], [.. points]) { HasErrorBars = true });
        }

        return chart.ToSvg(Width);
    }

    /// <summary>The losses that the lesson of chapter 0 prints.</summary>
    /// <param name="chapter">The text of the chapter.</param>
    internal static string Overfitting(string chapter)
    {
        var rows = LossRow().Matches(chapter);
        var loss = new ChartAxis("loss (nats per character)") { Least = 0, Most = 1 };
        var chart = new LineChart(new ChartAxis("step") { Least = 0 }, loss)
        {
            Title = "The same LSTM without and with dropout",
        };
        string[] names = ["training", "validation", "training, dropout", "validation, dropout"];
        for (var i = 0; i < names.Length; i++)
        {
            var column = i;
            var seen = rows.Where(r => r.Groups[column + 2].Value.Trim().Length > 0);
            chart.Series.Add(new ChartSeries(names[i],
                [.. seen.Select(r => new ChartPoint(Number(r.Groups[1].Value), Number(r.Groups[column + 2].Value)))])
            {
                Colour = ModelColour.Lstm,
                HasSymbols = i % 2 == 1,
            });
        }

        return chart.ToSvg(Width);
    }

    /// <summary>The probabilities of six tokens at three temperatures, as the sampler draws them.</summary>
    internal static string Temperature()
    {
        float[] logits = [3, 2.5f, 2, 1, 0, -1];
        const double Bottom = 150, Scale = 120, Bar = 18;
        var drawing = new Diagram("Probabilities of six tokens at temperatures 0.5, 1 and 2", 460, 200);
        var x = 10.0;
        foreach (var temperature in (ReadOnlySpan<float>)[0.5f, 1, 2])
        {
            var probabilities = new double[logits.Length];
            new Sampler(new RandomGenerator(0), temperature).Probabilities(logits, probabilities);
            for (var i = 0; i < logits.Length; i++)
            {
                var left = x + i * (Bar + 4);
                drawing.Bar(left, Bottom, Bar, Scale * probabilities[i], 0)
                    .Text(left + Bar / 2, Bottom - 5 - Scale * probabilities[i], Percent(probabilities[i]), "middle small")
                    .Text(left + Bar / 2, Bottom + 15, logits[i].ToString(CultureInfo.InvariantCulture), "middle small soft");
            }

            drawing.Line((x - 2, Bottom), (x + 6 * (Bar + 4), Bottom)).Text(x + 65, Bottom + 40,
                $"temperature {temperature.ToString(CultureInfo.InvariantCulture)}", "middle");
            x += 154;
        }

        return drawing.Text(10, 16, "probability in per cent; below, the logit", "soft small").ToSvg();
    }

    /// <summary>The relative error of two polynomials for e^r between -ln(2) / 2 and ln(2) / 2, without rounding.</summary>
    /// <param name="source">The text of Exp.cs, which has the coefficients of the library.</param>
    internal static string Exponential(string source)
    {
        var exp = source[..source.IndexOf("return T.Scale(p, n)", StringComparison.Ordinal)];
        double[] minimax = [.. Coefficient().Matches(exp).Select(m => Number(m.Groups[1].Value)).Reverse()];
        double[] taylor = [1 / 2.0, 1 / 6.0, 1 / 24.0, 1 / 120.0, 1 / 720.0];
        var error = new ChartAxis("relative error of e^r") { LogBase = 10, Least = 1e-11, Most = 1e-6 };
        var chart = new LineChart(new ChartAxis("r"), error)
        {
            Title = "Two polynomials of degree 6",
            Series = { Error("Taylor", taylor), Error("minimax", minimax) },
        };
        return chart.ToSvg(Width);
    }

    private static ChartSeries Error(string name, double[] coefficients)
    {
        const int Points = 241;
        var points = Enumerable.Range(0, Points).Select(i => Math.Log(2) / 2 * (2.0 * i / (Points - 1) - 1)).Select(r =>
        {
            var p = 0.0;
            for (var i = coefficients.Length - 1; i >= 0; i--)
                p = p * r + coefficients[i];
            return new ChartPoint(r, Math.Abs((1 + r + r * r * p) / Math.Exp(r) - 1));
        });
        return new ChartSeries(name, [.. points]) { HasSymbols = false };
    }

    /// <summary>A mean with its range, such as 2.14 (2.12 to 2.15).</summary>
    private static ChartPoint Point(string rate, string cell)
    {
        double[] values = [.. Decimal().Matches(cell).Select(m => Number(m.Value))];
        return new ChartPoint(Number(rate), values[0], values[1], values[2]);
    }

    private static string Percent(double share) =>
        (100 * share).ToString(share < 0.095 ? "0.#" : "0", CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>| 0.001 | 2.14 (2.12 to 2.15) | ...</summary>
    [GeneratedRegex(@"^\| (?<rate>0\.\d+) (\| (?<cell>[\d.]+ \([\d.]+ to [\d.]+\)) ){4}\|", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"[\d.]+")]
    private static partial Regex Decimal();

    /// <summary>A step, and in columns of fixed width the losses of two runs, of which one may have ended.</summary>
    [GeneratedRegex(@"^([ \d]{6})([ .\d]{10})([ .\d]{12})(?:([ .\d]{10})([ .\d]{12}))?$", RegexOptions.Multiline)]
    private static partial Regex LossRow();

    /// <summary>The coefficients of the polynomial, the highest first.</summary>
    [GeneratedRegex(@"p = (?:T\.MultiplyAdd\(p, r, )?T\.Constant\(([\d.]+)f\)")]
    private static partial Regex Coefficient();
}
