namespace SeqCore.Samples.Common;

/// <summary>The scale of one side of a chart, and its ticks.</summary>
public abstract class Axis
{
    /// <summary>The ticks, ascending.</summary>
    public abstract IEnumerable<double> Ticks { get; }

    /// <summary>The position of a value: 0 at the start of the axis and 1 at its end; NaN for a value without one.</summary>
    public abstract double Place(double value);

    /// <summary>The text of a tick.</summary>
    public abstract string Label(double tick);
}
