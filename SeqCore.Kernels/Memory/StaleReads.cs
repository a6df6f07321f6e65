namespace SeqCore.Kernels;

/// <summary>
/// Finds tensors that are read after they were changed, while an automatic differentiation runs backward: a function that was
/// recorded at some moment may read only memory that nobody has written since, or that was taken since.
/// </summary>
/// <remarks>
/// Time is a counter that every noted write advances (<see cref="DeviceBuffer.NoteWrite"/>). While a watch is on, writes of its
/// own thread are not noted: a backward pass may use its memory as it likes.
/// </remarks>
public sealed class StaleReads : IDisposable
{
    [ThreadStatic]
    private static StaleReads? current;

    private static long clock;
    private readonly StaleReads? outer;
    private readonly Func<string, string, Exception> refuse;

    /// <summary>Begins to watch the reads of this thread.</summary>
    /// <param name="refuse">Makes the error from the shape of what was read and the name of what wrote it.</param>
    public StaleReads(Func<string, string, Exception> refuse)
    {
        ArgumentNullException.ThrowIfNull(refuse);
        this.refuse = refuse;
        outer = current;
        current = this;
    }

    /// <summary>The moment after which nothing that is read may have been written; null: all may be read.</summary>
    public long? Since { get; set; }

    internal static bool IsWatching => current is { Since: not null };

    internal static long Clock => Volatile.Read(ref clock);

    /// <summary>Returns the present moment, after all writes noted so far and before all later ones.</summary>
    public static long Now() => Interlocked.Increment(ref clock);

    /// <summary>Throws where a watch is on and the memory was written since its moment.</summary>
    /// <param name="buffer">The memory.</param>
    /// <param name="shape">The shape of the tensor that is read, for the error.</param>
    public static void Check(DeviceBuffer buffer, object shape)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (current is { Since: { } moment } watch && buffer.WriterSince(moment) is { } writer)
            throw watch.refuse($"{shape}", writer);
    }

    /// <summary>Ends the watch; the one around it goes on.</summary>
    public void Dispose() => current = outer;
}
