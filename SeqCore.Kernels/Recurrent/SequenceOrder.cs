namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// The order in which a layer computes sequences of different lengths: the longest first, so that at every step the sequences
/// that are not over are the first ones, and the rows of all their steps follow each other without gaps. Without lengths, or if
/// all are T, it is the order of the batch, and there are T B rows.
/// </summary>
internal readonly unsafe struct SequenceOrder : IDisposable
{
    private readonly int batch;
    private readonly Scratch memory;

    /// <summary>The first row of each step and, at T, the number of rows; null for t B.</summary>
    private readonly int* starts;

    /// <summary>The sequence of each place in the order; null if they are the same.</summary>
    private readonly int* sequences;

    private SequenceOrder(int batch, Scratch memory, int* starts, int* sequences)
    {
        this.batch = batch;
        this.memory = memory;
        this.starts = starts;
        this.sequences = sequences;
    }

    /// <summary>Whether sequences have different places than in the batch, or some of them end early.</summary>
    internal bool IsPacked => starts != null;

    /// <summary>Finds the order for the given lengths, each in [0, T], or for none.</summary>
    internal static SequenceOrder Of(CpuBackend backend, in RecurrentPlan plan, ReadOnlySpan<int> lengths)
    {
        int batch = plan.Batch, steps = plan.Steps;
        if (!lengths.ContainsAnyExcept(steps))
            return new(batch, default, null, null);
        var memory = backend.Take(((2L * (steps + 1)) + batch) * sizeof(int));
        int* starts = (int*)memory.Pointer, next = starts + steps + 1, sequences = next + steps + 1;

        // next[l] is first the number of sequences of length l, then the place of the next one of them.
        new Span<int>(next, steps + 1).Clear();
        foreach (var length in lengths)
            next[length]++;
        var longer = 0;
        for (var length = steps; length >= 0; length--)
        {
            var count = next[length];
            next[length] = longer;
            longer += count;
        }

        for (var b = 0; b < batch; b++)
            sequences[next[lengths[b]]++] = b;

        // Now next[l] is the place after the last sequence of length l or more.
        starts[0] = 0;
        for (var t = 0; t < steps; t++)
            starts[t + 1] = starts[t] + next[t + 1];
        return new(batch, memory, starts, sequences);
    }

    /// <summary>Returns the number of sequences that have a step.</summary>
    internal int Active(int time) => starts == null ? batch : starts[time + 1] - starts[time];

    /// <summary>Returns the row of a step's first sequence among those of all steps; at T, the number of rows.</summary>
    internal nint Start(int time) => starts == null ? (nint)time * batch : starts[time];

    /// <summary>Returns the sequence at a place in the order.</summary>
    internal int Sequence(int place) => sequences == null ? place : sequences[place];

    public void Dispose() => memory.Dispose();
}
