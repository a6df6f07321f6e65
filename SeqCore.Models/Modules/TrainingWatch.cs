namespace SeqCore.Models;

/// <summary>
/// Collects the modules that asked whether they are in training mode, and were, until it is disposed. Such a module acts
/// differently in training, so it has to belong to the model whose mode a trainer switches. It flows with tasks, since parts of a
/// loss may be computed concurrently; while none is open, a module looks at one static number only.
/// </summary>
internal sealed class TrainingWatch : IDisposable
{
    private static readonly AsyncLocal<TrainingWatch?> current = new();
    private static int open;
    private readonly TrainingWatch? outer = current.Value;
    private readonly HashSet<Module> seen = new(ReferenceEqualityComparer.Instance);

    internal TrainingWatch()
    {
        Interlocked.Increment(ref open);
        current.Value = this;
    }

    /// <summary>The modules noted so far, each once.</summary>
    internal IReadOnlyList<Module> Seen
    {
        get
        {
            lock (seen)
                return [.. seen];
        }
    }

    /// <summary>Notes a module in the watch that is open here, if there is one.</summary>
    internal static void Note(Module module)
    {
        if (open == 0 || current.Value is not { } watch)
            return;
        lock (watch.seen)
            watch.seen.Add(module);
    }

    public void Dispose()
    {
        current.Value = outer;
        Interlocked.Decrement(ref open);
    }
}
