namespace SeqCore.Models;

/// <summary>
/// The numbers that a detector keeps between points, for a file: written one after the other, and read in the same order.
/// </summary>
public sealed class DetectorState
{
    private readonly List<double> values;
    private int next;

    /// <summary>Makes an empty state, to be written.</summary>
    public DetectorState() => values = [];

    /// <summary>Makes a state to be read.</summary>
    /// <param name="values">The <see cref="Values"/> of one that was written.</param>
    public DetectorState(IEnumerable<double> values) => this.values = [.. values];

    /// <summary>All numbers.</summary>
    public IReadOnlyList<double> Values => values;

    /// <summary>Writes a number.</summary>
    /// <param name="value">The number.</param>
    public void Add(double value) => values.Add(value);

    /// <summary>Writes numbers, whose count the reader knows.</summary>
    /// <param name="numbers">The numbers.</param>
    public void Add(params ReadOnlySpan<double> numbers) => values.AddRange(numbers);

    /// <summary>Reads the next number.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public double Next() => next < values.Count
        ? values[next++]
        : throw new FormatException($"its state has {Counted.Of(values.Count, "number")}, fewer than this detector needs.");

    /// <summary>Reads as many numbers as there is space for.</summary>
    /// <param name="numbers">The space.</param>
    /// <exception cref="FormatException">There are not as many.</exception>
    public void Next(Span<double> numbers)
    {
        foreach (ref var number in numbers)
            number = Next();
    }

    /// <summary>Reads a whole number that is at least 0.</summary>
    internal long NextCount() => Next() is >= 0 and < (1L << 53) and var value && value == Math.Floor(value)
        ? (long)value
        : throw new FormatException("its state has a count that is no whole number.");

    /// <summary>Requires that all numbers have been read.</summary>
    internal void RequireEnd()
    {
        if (next < values.Count)
            throw new FormatException($"its state has {Counted.Of(values.Count, "number")}, more than this detector needs.");
    }
}
