namespace SeqCore.Kernels;

/// <summary>
/// Detects tensors that a backward pass reads after they were changed: a function that was recorded at some moment may read only
/// memory that has not been written since, or that was taken since. It may also refuse writes of the backward pass itself.
/// </summary>
/// <remarks>
/// Time is a counter that every recorded write advances (<see cref="DeviceBuffer.NoteWrite"/>). During a watch, writes of its own
/// thread are not recorded, since a backward pass may overwrite its own memory.
/// </remarks>
public sealed class StaleReads : IDisposable
{
    [ThreadStatic]
    private static StaleReads? current;

    private static long clock;
    private readonly StaleReads? outer;
    private readonly Func<string, string, Exception> refuse;
    private readonly Func<DeviceBuffer, string, Exception?>? refuseWrite;

    /// <summary>Starts to watch the reads of this thread.</summary>
    /// <param name="refuse">Makes the exception from the shape of the tensor that is read and the name of the operation that
    /// wrote it.</param>
    /// <param name="refuseWrite">
    /// Returns the exception for memory that the watched thread must not write to, from the memory and the name of the operation
    /// that wrote it, or null; a null function allows all writes.
    /// </param>
    public StaleReads(Func<string, string, Exception> refuse, Func<DeviceBuffer, string, Exception?>? refuseWrite = null)
    {
        ArgumentNullException.ThrowIfNull(refuse);
        (this.refuse, this.refuseWrite) = (refuse, refuseWrite);
        outer = current;
        current = this;
    }

    /// <summary>The moment after which memory that is read may not have been written; null allows all reads.</summary>
    public long? Since { get; set; }


    internal static long Clock => Volatile.Read(ref clock);

    /// <summary>Returns the current moment, after all writes recorded so far and before all later ones.</summary>
    public static long Now() => Interlocked.Increment(ref clock);

    /// <summary>Throws if there is a watch and the memory has been written since its moment.</summary>
    /// <param name="buffer">The memory.</param>
    /// <param name="shape">The shape of the tensor that is read, for the error.</param>
    public static void Check(DeviceBuffer buffer, object shape)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (current is { Since: { } moment } watch && buffer.WriterSince(moment) is { } writer)
            throw watch.refuse($"{shape}", writer);
    }

    /// <summary>
    /// Returns whether a watch lets this write go unrecorded, as it does all writes of its own thread; throws if it refuses it.
    /// </summary>
    internal static bool Overlooks(DeviceBuffer buffer, string operation)
    {
        if (current is not { Since: not null } watch)
            return false;
        return watch.refuseWrite?.Invoke(buffer, operation) is { } refusal ? throw refusal : true;
    }

    /// <summary>Ends the watch; the enclosing watch continues.</summary>
    public void Dispose() => current = outer;
}
