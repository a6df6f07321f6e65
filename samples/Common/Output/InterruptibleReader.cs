using System.Threading.Channels;

namespace SeqCore.Samples.Common;

/// <summary>
/// A reader whose caller stops waiting as soon as it is cancelled. A read of a console or a pipe cannot be ended itself: it goes
/// on in the background, and what it returns is lost.
/// </summary>
/// <param name="inner">The reader that is read from; it stays open.</param>
/// <param name="cancellation">Ends the waiting with an <see cref="OperationCanceledException"/>.</param>
/// <param name="readsAhead">
/// Whether lines are read before they are asked for, so that the caller need not wait for another thread at each. Not for a
/// terminal, at which someone answers prompts.
/// </param>
public sealed class InterruptibleReader(TextReader inner, CancellationToken cancellation, bool readsAhead = false) : TextReader
{
    private const int MostAhead = 1024;
    private Channel<string>? ahead;

    /// <inheritdoc/>
    public override string? ReadLine()
    {
        cancellation.ThrowIfCancellationRequested();
        if (!readsAhead)
            return Wait(inner.ReadLine);
        ahead ??= Begin();
        while (true)
        {
            if (ahead.Reader.TryRead(out var line))
                return line;
            if (!ahead.Reader.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult())
                return null;
        }
    }

    /// <inheritdoc/>
    public override string ReadToEnd() => Wait(inner.ReadToEnd);

    /// <inheritdoc/>
    public override int Read() => Wait(inner.Read);

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Wait(() => inner.Read(buffer, index, count));

    /// <inheritdoc/>
    public override int Peek() => Wait(inner.Peek);

    private Channel<string> Begin()
    {
        var lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MostAhead)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        new Thread(() => Fill(lines.Writer)) { IsBackground = true, Name = "standard input" }.Start();
        return lines;
    }

    private void Fill(ChannelWriter<string> lines)
    {
        try
        {
            while (inner.ReadLine() is { } line)
            {
                while (!lines.TryWrite(line))
                    lines.WaitToWriteAsync(cancellation).AsTask().GetAwaiter().GetResult();
            }

            lines.Complete();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or OperationCanceledException
            or OutOfMemoryException)
        {
            lines.Complete(failure);
        }
    }

    private T Wait<T>(Func<T> read)
    {
        cancellation.ThrowIfCancellationRequested();
        if (ahead is not null)
            throw new InvalidOperationException("InterruptibleReader: lines are read ahead already; read the rest by ReadLine.");
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
