namespace SeqCore.Samples.Common;

/// <summary>
/// A reader whose caller stops waiting as soon as it is cancelled. A read of a console or a pipe cannot be ended itself: it goes
/// on in the background, and what it returns is lost.
/// </summary>
/// <param name="inner">The reader that is read from; it stays open.</param>
/// <param name="cancellation">Ends the waiting with an <see cref="OperationCanceledException"/>.</param>
public sealed class InterruptibleReader(TextReader inner, CancellationToken cancellation) : TextReader
{
    /// <inheritdoc/>
    public override string? ReadLine() => Wait(inner.ReadLine);

    /// <inheritdoc/>
    public override string ReadToEnd() => Wait(inner.ReadToEnd);

    /// <inheritdoc/>
    public override int Read() => Wait(inner.Read);

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Wait(() => inner.Read(buffer, index, count));

    /// <inheritdoc/>
    public override int Peek() => Wait(inner.Peek);

    private T Wait<T>(Func<T> read)
    {
        cancellation.ThrowIfCancellationRequested();
        var reading = Task.Run(read, CancellationToken.None);
        try
        {
            reading.Wait(cancellation);
        }
        catch (AggregateException)
        {
            // The line below throws the error of the read itself.
        }

        return reading.GetAwaiter().GetResult();
    }
}
