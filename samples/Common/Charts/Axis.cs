using System.Globalization;

namespace SeqCore.Samples.Common;

/// <summary>An axis that covers a range and has its ticks at 1, 2 or 5 times a power of ten.</summary>
public sealed class Axis
{
    private const int MostTicks = 8;
    private readonly double low;
    private readonly double high;
    private readonly double spacing;

    /// <summary>An axis from a tick at or below the lowest value to the highest value.</summary>
    public Axis(double lowest, double highest)
    {
        if (!(highest > lowest))
            highest = lowest + 1;
        spacing = Math.Pow(10, Math.Floor(Math.Log10((highest - lowest) / MostTicks)));
        foreach (var factor in (ReadOnlySpan<double>)[2, 2.5, 2])
        {
            if ((highest - lowest) / spacing > MostTicks)
                spacing *= factor;
        }

        low = Math.Floor(lowest / spacing) * spacing;
        high = highest;
    }

    /// <summary>The ticks, ascending.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            for (var i = 0; low + i * spacing <= high + spacing * 1e-6; i++)
                yield return low + i * spacing;
        }
    }

    /// <summary>Where a value lies: 0 at the start, 1 at the end.</summary>
    public double Place(double value) => (value - low) / (high - low);

    /// <summary>A tick's text, with as many decimals as the spacing needs.</summary>
    public string Label(double tick)
    {
        var decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(spacing) - 1e-9));
        return tick.ToString("N" + decimals, CultureInfo.InvariantCulture);
    }
}
