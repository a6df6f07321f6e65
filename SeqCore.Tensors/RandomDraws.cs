namespace SeqCore;

/// <summary>
/// Records the random numbers that a piece of work draws, from any generators, so that the work can be repeated with the same
/// numbers, which gradient checkpointing needs. The generators themselves are not reset, so other work that draws meanwhile gets
/// no number twice.
/// </summary>
public sealed class RandomDraws
{
    private static readonly AsyncLocal<Frame?> Top = new();
    private static int framesOpen;
    private readonly Lock gate = new();
    private readonly Dictionary<RandomGenerator, List<(ulong Start, ulong Blocks)>> draws =
        new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// Records what is drawn in this execution context, and in work started in it, until the result is disposed.
    /// </summary>
    public IDisposable Record() => new Frame(this, isReplay: false);

    /// <summary>
    /// Returns the recorded numbers again, to each generator in the order in which it drew them, until the result is disposed.
    /// </summary>
    public IDisposable Replay() => new Frame(this, isReplay: true);

    /// <summary>Throws if the innermost <see cref="Replay"/> of these draws has not returned all of them again.</summary>
    /// <exception cref="InvalidOperationException">
    /// The second run drew fewer numbers than the first, or there is no such replay.
    /// </exception>
    public void CheckReplayed()
    {
        var frame = Top.Value;
        while (frame is not null && !(frame.IsReplay && frame.Draws == this))
            frame = frame.Outer;
        if (frame is null)
            throw new InvalidOperationException("RandomDraws: no replay of these draws is open here.");
        frame.CheckComplete();
    }

    /// <summary>Returns the position from which a generator draws: its own counter, or the recorded one in a replay.</summary>
    internal static ulong Take(RandomGenerator generator, ref ulong counter, ulong blocks)
    {
        var top = Volatile.Read(ref framesOpen) == 0 ? null : Top.Value;
        var replay = top;
        while (replay is { IsReplay: false })
            replay = replay.Outer;
        var start = replay is null ? Interlocked.Add(ref counter, blocks) - blocks : replay.Next(generator, blocks);
        for (var frame = top; frame != replay; frame = frame!.Outer)
            frame!.Draws.Note(generator, start, blocks);
        return start;
    }

    private void Note(RandomGenerator generator, ulong start, ulong blocks)
    {
        lock (gate)
        {
            if (!draws.TryGetValue(generator, out var list))
                draws.Add(generator, list = []);
            list.Add((start, blocks));
        }
    }

    private sealed class Frame : IDisposable
    {
        private readonly Dictionary<RandomGenerator, int> replayed = new(ReferenceEqualityComparer.Instance);
        private int ended;

        internal Frame(RandomDraws draws, bool isReplay)
        {
            (Draws, IsReplay, Outer) = (draws, isReplay, Top.Value);
            Top.Value = this;
            Interlocked.Increment(ref framesOpen);
        }

        internal RandomDraws Draws { get; }

        internal bool IsReplay { get; }

        internal Frame? Outer { get; }

        internal ulong Next(RandomGenerator generator, ulong blocks)
        {
            lock (Draws.gate)
            {
                var index = replayed.GetValueOrDefault(generator);
                replayed[generator] = index + 1;
                if (Draws.draws.TryGetValue(generator, out var list) && index < list.Count && list[index].Blocks == blocks)
                    return list[index].Start;
            }

            throw Differs();
        }

        internal void CheckComplete()
        {
            lock (Draws.gate)
            {
                if (Draws.draws.Any(d => replayed.GetValueOrDefault(d.Key) != d.Value.Count))
                    throw Differs();
            }
        }

        private static InvalidOperationException Differs() =>
            new("The second run of a piece of work drew different random numbers from the first. It should compute the same each"
                + " time: the same layers, in the same order and mode.");

        public void Dispose()
        {
            if (Interlocked.Exchange(ref ended, 1) != 0)
                return;
            Top.Value = Outer;
            Interlocked.Decrement(ref framesOpen);
        }
    }
}
