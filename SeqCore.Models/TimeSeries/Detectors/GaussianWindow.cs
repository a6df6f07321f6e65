namespace SeqCore.Models;

/// <summary>
/// The mean and the standard deviation of a window of values. It grows with each value until it is full, and then moves on by a
/// step as soon as as many values are waiting.
/// </summary>
internal sealed class GaussianWindow(int size, int step)
{
    // The benchmark's deviation of equal values.
    private const double Least = 1e-6;

    private readonly double[] values = new double[size], waiting = new double[step];
    private int waits;

    // Sums of the differences from the oldest value, which are small if the values are large.
    private double sum, squares;

    /// <summary>The number of values in the window.</summary>
    internal int Count { get; private set; }

    internal double Mean { get; private set; }

    internal double Deviation { get; private set; } = Least;

    internal void Add(double value)
    {
        if (Count < values.Length)
        {
            values[Count++] = value;
            Include(value);
        }
        else
        {
            waiting[waits++] = value;
            if (waits < waiting.Length)
                return;
            values.AsSpan(waits).CopyTo(values);
            waiting.CopyTo(values.AsSpan(values.Length - waits));
            (waits, sum, squares) = (0, 0, 0);
            foreach (var one in values)
                Include(one);
        }

        Mean = values[0] + (sum / Count);
        var variance = (squares / Count) - (sum / Count * (sum / Count));
        Deviation = variance > 0 ? Math.Sqrt(variance) : Least;
    }

    internal void Reset() => (Count, waits, sum, squares, Mean, Deviation) = (0, 0, 0, 0, 0, Least);

    internal void Write(DetectorState state)
    {
        state.Add(Count, waits, sum, squares, Mean, Deviation);
        state.Add(values);
        state.Add(waiting);
    }

    internal void Read(DetectorState state)
    {
        Count = (int)Math.Min(state.NextCount(), values.Length);
        waits = (int)Math.Min(state.NextCount(), waiting.Length - 1);
        (sum, squares, Mean, Deviation) = (state.Next(), state.Next(), state.Next(), state.Next());
        state.Next(values);
        state.Next(waiting);
    }

    private void Include(double value)
    {
        var difference = value - values[0];
        sum += difference;
        squares += difference * difference;
    }
}
