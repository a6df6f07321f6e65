using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Indices out of range that kernels have found: checking them on the host would wait for the device at every step. A kernel
/// notes the first one and skips the element; the next read of a value throws the error. Other problems that only kernels can
/// detect are reported in the same way.
/// </summary>
/// <remarks>
/// A message is kept until two reads have found no note, because another thread may read between an operation's call of Watch and
/// the moment its kernel is queued.
/// </remarks>
internal sealed class IndexProblems(GpuBackend backend) : IDisposable
{
    private const int Words = 4;
    private const int MostMessages = 10000;
    private readonly Lock gate = new();
    private readonly Lock reading = new();
    private List<Func<int, int, Exception>> recent = [];
    private List<Func<int, int, Exception>> earlier = [];
    private int numberOfFirst = 1;
    private DeviceBuffer? notes;

    /// <summary>
    /// Returns where the kernels of an operation note an index out of range, and the number of the operation in the note.
    /// </summary>
    /// <param name="message">Makes the error's message from the position of the index and its value.</param>
    internal (ArrayView<int> Notes, int Number) Watch(Func<int, int, string> message) =>
        Watch((position, value) => (Exception)new ArgumentException(message(position, value)));

    /// <summary>Returns where the kernels of an operation note a problem, and the number of the operation in the note.</summary>
    /// <param name="error">Makes the exception from the two numbers that the kernel notes.</param>
    internal (ArrayView<int> Notes, int Number) Watch(Func<int, int, Exception> error)
    {
        if (recent.Count >= MostMessages)
            backend.Synchronize();
        lock (gate)
        {
            if (notes is null)
            {
                notes = backend.Scratch(Words * sizeof(int));
                backend.Upload<int>(stackalloc int[Words], NotesSpan);
            }

            recent.Add(error);
            return (backend.View(NotesSpan), numberOfFirst + earlier.Count + recent.Count - 1);
        }
    }

    /// <summary>Notes an index, unless another one has been noted; called by kernels.</summary>
    internal static void Note(ArrayView<int> notes, int number, int position, int value)
    {
        if (Atomic.CompareExchange(ref notes[0], 0, number) == 0)
        {
            notes[1] = position;
            notes[2] = value;
        }
    }

    /// <summary>Throws for the first problem noted since the last call. The device has to be idle.</summary>
    internal void ThrowIfAny()
    {
        lock (reading)
        {
            lock (gate)
            {
                if (recent.Count + earlier.Count == 0)
                    return;
            }

            Span<int> words = stackalloc int[Words];
            backend.Read(NotesSpan, words);
            if (words[0] != 0)
            {
                backend.Upload<int>(stackalloc int[Words], NotesSpan);
                throw Error(words[0])(words[1], words[2]);
            }

            lock (gate)
            {
                numberOfFirst = recent.Count == 0 ? 1 : numberOfFirst + earlier.Count;
                (earlier, recent) = (recent, []);
            }
        }
    }

    public void Dispose() => notes?.Dispose();

    private DeviceSpan<int> NotesSpan => new(notes!, 0, Words);

    private Func<int, int, Exception> Error(int number)
    {
        lock (gate)
        {
            var at = number - numberOfFirst;
            return at < earlier.Count ? earlier[at] : recent[at - earlier.Count];
        }
    }
}
