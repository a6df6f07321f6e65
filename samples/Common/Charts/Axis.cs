namespace SeqCore.Samples.Common;

/// <summary>Where values lie on one side of a picture, and which of them are written there.</summary>
public abstract class Axis
{
    /// <summary>The ticks, ascending.</summary>
    public abstract IEnumerable<double> Ticks { get; }

    /// <summary>Where a value lies: 0 at the start, 1 at the end, beyond them outside; NaN for what no place is for.</summary>
    public abstract double Place(double value);

    /// <summary>A tick's text.</summary>
    public abstract string Label(double tick);
}
