namespace SeqCore.Models;

/// <summary>Consecutive steps of a time series.</summary>
/// <param name="Start">The first step, from 0.</param>
/// <param name="Length">The number of steps.</param>
public readonly record struct StepRange(int Start, int Length)
{
    /// <summary>The step after the last one.</summary>
    public int End => Start + Length;

    /// <summary>Whether a step is one of these.</summary>
    /// <param name="step">A step, from 0.</param>
    public bool Contains(int step) => step >= Start && step < End;

    /// <summary>Returns "steps 5 to 9".</summary>
    public override string ToString() => Length == 1 ? $"step {Start}" : $"steps {Start} to {End - 1}";
}
