using System.Globalization;

namespace SeqCore.Samples.Common;

/// <summary>
/// An axis on which equal ratios have equal lengths; its ticks are powers of the base, or 1, 2 and 5 times powers of ten.
/// </summary>
public sealed class LogarithmicAxis : Axis
{
    private readonly double low;
    private readonly double high;
    private readonly double logBase;
    private readonly int mostTicks;

    /// <summary>An axis from the lowest to the highest value.</summary>
    /// <param name="lowest">The lowest value, above 0.</param>
    /// <param name="highest">The highest value; if it is not above the lowest, the axis is one power of the base long.</param>
    /// <param name="logBase">The base: 10, or 2 for sizes that are doubled.</param>
    /// <param name="mostTicks">The largest number of ticks.</param>
    public LogarithmicAxis(double lowest, double highest, double logBase = 10, int mostTicks = 8)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lowest);
        (low, high, this.logBase, this.mostTicks) =
            (lowest, highest > lowest ? highest : lowest * logBase, logBase, Math.Max(2, mostTicks));
    }

    /// <inheritdoc/>
    public override IEnumerable<double> Ticks
    {
        get
        {
            var (first, last) = ((int)Math.Ceiling(Power(low) - 1e-9), (int)Math.Floor(Power(high) + 1e-9));
            if (last - first >= 2 || logBase != 10)
                return Powers(first, last);
            double[] mantissas = [1, 2, 5];
            var ticks = Enumerable.Range(first - 1, last - first + 2).SelectMany(_ => mantissas, (e, m) => m * Math.Pow(10, e))
                .Where(IsInside).ToArray();
            return ticks.Length >= 3 ? ticks : new LinearAxis(low, high, Math.Min(4, mostTicks)).Ticks.Where(IsInside);
        }
    }

    /// <inheritdoc/>
    public override double Place(double value) => value > 0 ? Math.Log(value / low) / Math.Log(high / low) : double.NaN;

    /// <summary>The text of a tick; powers of ten are written as such where the axis goes far from 1.</summary>
    public override string Label(double tick)
    {
        var exponent = (int)Math.Floor(Math.Log10(tick) + 1e-9);
        if (exponent is 0 or 1 || (low >= 0.0009 && high <= 1.1e6))
            return tick.ToString("#,0.#####", CultureInfo.InvariantCulture);
        var mantissa = Math.Round(tick / Math.Pow(10, exponent), 2);
        var power = $"10{Raised(exponent)}";
        return mantissa == 1 ? power : $"{mantissa.ToString(CultureInfo.InvariantCulture)}·{power}";
    }

    private static string Raised(int number) =>
        string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));

    private IEnumerable<double> Powers(int first, int last)
    {
        var stride = Math.Max(1, (last - first + mostTicks) / mostTicks);
        for (var e = first; e <= last; e++)
        {
            if (e % stride == 0)
                yield return Math.Pow(logBase, e);
        }
    }

    private bool IsInside(double tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9);

    private double Power(double value) => Math.Log(value) / Math.Log(logBase);
}
