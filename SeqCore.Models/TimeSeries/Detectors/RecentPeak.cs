namespace SeqCore.Models;

/// <summary>Finds scores that are above all those of the last steps, in memory for as many.</summary>
internal sealed class RecentPeak
{
    // Falling scores and their steps, in a ring: each is the highest of those from its step on.
    private readonly double[] scores;
    private readonly long[] steps;
    private readonly int quietSteps;
    private long now;
    private int first, length;

    internal RecentPeak(int quietSteps)
    {
        this.quietSteps = quietSteps;
        scores = new double[quietSteps + 1];
        steps = new long[quietSteps + 1];
    }

    /// <summary>Adds the score of the next step, and returns whether it is above those of the last steps.</summary>
    internal bool Add(double score)
    {
        while (length > 0 && steps[first] < now - quietSteps)
            (first, length) = ((first + 1) % steps.Length, length - 1);
        var isPeak = quietSteps == 0 || length == 0 || score > scores[first];
        while (length > 0 && scores[Slot(length - 1)] <= score)
            length--;

        // Where quiet steps are none, the one slot is free: its step is over.
        if (length == steps.Length)
            length--;
        (scores[Slot(length)], steps[Slot(length)]) = (score, now++);
        length++;
        return isPeak;
    }

    /// <summary>Lets steps without a score pass.</summary>
    internal void Skip(long steps = 1) => now += steps;

    internal void Reset() => (now, first, length) = (0, 0, 0);

    internal void Write(DetectorState state)
    {
        state.Add(now);
        state.Add(length);
        for (var i = 0; i < length; i++)
            state.Add(steps[Slot(i)], scores[Slot(i)]);
    }

    internal void Read(DetectorState state)
    {
        (now, first) = (state.NextCount(), 0);
        if (state.NextCount() is var saved && saved > steps.Length)
            throw new FormatException("its state has more scores than quiet steps.");
        length = (int)saved;
        for (var i = 0; i < length; i++)
            (steps[i], scores[i]) = (state.NextCount(), state.Next());
    }

    private int Slot(int index) => (first + index) % steps.Length;
}
