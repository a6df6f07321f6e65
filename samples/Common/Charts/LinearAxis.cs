using System.Globalization;

namespace SeqCore.Samples.Common;

/// <summary>An axis that covers a range and has its ticks at 1, 2 or 5 times a power of ten.</summary>
public sealed class LinearAxis : Axis
{
    private readonly double low;
    private readonly double high;
    private readonly double spacing;

    /// <summary>An axis from a tick at or below the lowest value to the highest value.</summary>
    /// <param name="lowest">The lowest value.</param>
    /// <param name="highest">The highest value; if it is not above the lowest, the axis is 1 long.</param>
    /// <param name="mostTicks">The approximate largest number of spaces between ticks.</param>
    public LinearAxis(double lowest, double highest, int mostTicks = 8)
    {
        if (!(highest > lowest))
            highest = lowest + 1;
        spacing = Math.Pow(10, Math.Floor(Math.Log10((highest - lowest) / mostTicks)));
        foreach (var factor in (ReadOnlySpan<double>)[2, 2.5, 2])
        {
            if ((highest - lowest) / spacing > mostTicks)
                spacing *= factor;
        }

        low = Math.Floor(lowest / spacing) * spacing;
        high = highest;
    }

    /// <inheritdoc/>
    public override IEnumerable<double> Ticks
    {
        get
        {
            for (var i = 0; low + i * spacing <= high + spacing * 1e-6; i++)
                yield return low + i * spacing;
        }
    }

    /// <inheritdoc/>
    public override double Place(double value) => (value - low) / (high - low);

    /// <summary>The text of a tick, with as many decimals as the spacing needs.</summary>
    public override string Label(double tick)
    {
        var decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(spacing) - 1e-9));
        return tick.ToString("N" + decimals, CultureInfo.InvariantCulture);
    }
}
