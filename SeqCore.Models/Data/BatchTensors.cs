namespace SeqCore.Models;

/// <summary>
/// Holds the index tensors of batches, which no tape or scope owns, until no backward pass can read them any more.
/// </summary>
internal sealed class BatchTensors : IDisposable
{
    private readonly List<(Tape? Tape, IDisposable Tensors)> held = [];

    /// <summary>Holds a batch or a tensor that the open tape may read again.</summary>
    internal T Hold<T>(T tensors) where T : IDisposable
    {
        lock (held)
            held.Add((Tape.Current, tensors));
        return tensors;
    }

    /// <summary>Releases what belongs to tapes that are closed or have run their backward pass.</summary>
    internal void ReleaseRead()
    {
        lock (held)
        {
            foreach (var (_, tensors) in held.Where(IsRead))
                tensors.Dispose();
            held.RemoveAll(IsRead);
        }

        static bool IsRead((Tape? Tape, IDisposable Tensors) entry) => entry.Tape is not { } tape || tape.HasRunBackward
            || (!tape.IsRecording && !Tape.AllOpen.Contains(tape));
    }

    /// <summary>Releases everything.</summary>
    public void Dispose()
    {
        lock (held)
        {
            foreach (var (_, tensors) in held)
                tensors.Dispose();
            held.Clear();
        }
    }
}
