using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Indices out of range, as kernels meet them: checking them on the host would wait for the device at every step. A kernel notes
/// the first one and leaves the element out; whoever reads a value next gets the error.
/// </summary>
internal sealed class IndexProblems(GpuBackend backend) : IDisposable
{
    private const int Words = 4;
    private const int MostMessages = 10000;
    private readonly Lock gate = new();
    private readonly List<Func<int, int, string>> messages = [];
    private DeviceBuffer? notes;

    /// <summary>Where the kernels of an operation note a bad index, and the number they note it under.</summary>
    /// <param name="message">The error, given the position of the index and its value.</param>
    internal (ArrayView<int> Notes, int Number) Watch(Func<int, int, string> message)
    {
        if (messages.Count == MostMessages)
            backend.Synchronize();
        lock (gate)
        {
            if (notes is null)
            {
                notes = backend.Scratch(Words * sizeof(int));
                backend.Upload<int>(stackalloc int[Words], NotesSpan);
            }

            messages.Add(message);
            return (backend.View(NotesSpan), messages.Count);
        }
    }

    /// <summary>For kernels: notes an index, unless another was noted before.</summary>
    internal static void Note(ArrayView<int> notes, int number, int position, int value)
    {
        if (Atomic.CompareExchange(ref notes[0], 0, number) == 0)
        {
            notes[1] = position;
            notes[2] = value;
        }
    }

    /// <summary>Throws for the first index noted since the last call. The device has finished.</summary>
    internal void ThrowIfAny()
    {
        Func<int, int, string>[] watched;
        lock (gate)
        {
            if (messages.Count == 0)
                return;
            watched = [.. messages];
            messages.Clear();
        }

        Span<int> words = stackalloc int[Words];
        backend.Download(NotesSpan, words);
        if (words[0] == 0)
            return;
        backend.Upload<int>(stackalloc int[Words], NotesSpan);
        throw new ArgumentException(watched[words[0] - 1](words[1], words[2]));
    }

    public void Dispose() => notes?.Dispose();

    private DeviceSpan<int> NotesSpan => new(notes!, 0, Words);
}
