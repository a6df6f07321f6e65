using System.Runtime.ExceptionServices;

namespace SeqCore.Models;

/// <summary>
/// Prepares the batches of a source on a thread of its own, while a model is trained on earlier ones. Batches, their order and
/// checkpoints are the same as without it. It pays where preparing takes long beside a training step, as reading or tokenizing
/// texts may; dispose it to end the thread.
/// </summary>
/// <remarks>
/// The source belongs to it from then on: nothing else may use it. <c>prepare</c> runs outside all tapes and scopes, and must not
/// change what the training step reads. A batch that is <see cref="IDisposable"/> is disposed by the next call of
/// <see cref="Next"/>, and one that was prepared and not asked for by <see cref="Dispose"/> or a new <see cref="Position"/>.
/// </remarks>
/// <example>
/// <code>
/// string[] texts = ["to be", "or not", "to be that", "is the question"];
/// var words = new WordTokenizer(texts);
/// var source = new ShuffledBatches&lt;string&gt;(texts, batchSize: 2, seed: 1);
/// using var batches = new PrefetchedBatches&lt;IReadOnlyList&lt;string&gt;, int[][]&gt;(source,
///     prepare: (batch, position) =&gt; [.. batch.Select(text =&gt; words.Encode(text))]);
/// Console.WriteLine(batches.Next().Length);                // 2
/// Console.WriteLine(batches.Position);                     // 1
/// </code>
/// </example>
/// <typeparam name="TSource">The type of a batch of the source.</typeparam>
/// <typeparam name="TBatch">The type of a batch as the training task takes it.</typeparam>
public sealed class PrefetchedBatches<TSource, TBatch> : IBatchSource<TBatch>, IDisposable
{
    private readonly IBatchSource<TSource> source;
    private readonly Func<TSource, ulong, TBatch> prepare;
    private readonly int ahead;
    private readonly Queue<Prepared> ready = new();
    private readonly OneThread oneThread = new("PrefetchedBatches", "Give each thread its own source.");
    private Thread? worker;
    private bool isStopping;
    private ulong position;
    private IDisposable? current;

    /// <summary>Makes a source of batches that are prepared in advance. The thread starts with the first batch.</summary>
    /// <param name="source">The source whose batches are prepared.</param>
    /// <param name="prepare">
    /// Makes a batch that can be kept out of one of the source, which is valid only meanwhile, and the position at which the
    /// source drew it. What is random in it should depend on that position alone, so that a run that goes on from a checkpoint
    /// has the same batches: such as by a <see cref="RandomGenerator"/> whose counter is the position shifted left by 32 bits.
    /// </param>
    /// <param name="ahead">The largest number of batches prepared in advance, at least 1; 2 by default.</param>
    public PrefetchedBatches(IBatchSource<TSource> source, Func<TSource, ulong, TBatch> prepare, int ahead = 2)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(prepare);
        Argument.AtLeast(ahead, "PrefetchedBatches", nameof(ahead));
        (this.source, this.prepare, this.ahead, position) = (source, prepare, ahead, source.Position);
    }

    /// <inheritdoc/>
    public int BatchSize => source.BatchSize;

    /// <inheritdoc/>
    public string? DataHash => source.DataHash;

    /// <summary>
    /// The position of the source after the last batch that was drawn here, whatever was prepared in advance; restoring an
    /// earlier value repeats the batches that followed it.
    /// </summary>
    public ulong Position
    {
        get => position;
        set
        {
            using var work = oneThread.Begin();
            Stop();
            source.Position = value;
            position = source.Position;
        }
    }

    /// <summary>
    /// Returns the next batch, which is valid until the next call; waits for it if it is not prepared yet. An exception of the
    /// source or of <c>prepare</c> is thrown here, where the batch would have been, again and again until the position is set.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public TBatch Next()
    {
        using var work = oneThread.Begin();
        current?.Dispose();
        current = null;
        if (worker is null)
        {
            // The flow of an open tape or scope would make it the owner of tensors that are made in advance.
            worker = new Thread(Work) { IsBackground = true, Name = "SeqCore batches" };
            worker.UnsafeStart();
        }

        Prepared next;
        lock (ready)
        {
            while (!ready.TryPeek(out next))
                Monitor.Wait(ready);
            if (next.Error is null)
            {
                ready.Dequeue();
                Monitor.PulseAll(ready);
            }
        }

        next.Error?.Throw();
        position = next.Position;
        current = next.Batch as IDisposable;
        return next.Batch!;
    }

    /// <summary>
    /// Ends the thread, waiting for the batch that it is preparing, and disposes the batches; the source stays open.
    /// </summary>
    public void Dispose()
    {
        oneThread.Close();
        Stop();
        current?.Dispose();
        current = null;
    }

    private void Work()
    {
        while (true)
        {
            lock (ready)
            {
                while (ready.Count >= ahead && !isStopping)
                    Monitor.Wait(ready);
                if (isStopping)
                    return;
            }

            var next = Prepare();
            lock (ready)
            {
                ready.Enqueue(next);
                Monitor.PulseAll(ready);
            }

            if (next.Error is not null)
                return;
        }
    }

    private Prepared Prepare()
    {
        try
        {
            var before = source.Position;
            var batch = prepare(source.Next(), before);
            return new Prepared(batch, source.Position, null);
        }
        catch (Exception error)
        {
            // Whatever it is, it belongs to the thread that trains.
            return new Prepared(default, 0, ExceptionDispatchInfo.Capture(error));
        }
    }

    private void Stop()
    {
        lock (ready)
        {
            isStopping = true;
            Monitor.PulseAll(ready);
        }

        worker?.Join();
        (worker, isStopping) = (null, false);
        foreach (var prepared in ready)
            (prepared.Batch as IDisposable)?.Dispose();
        ready.Clear();
    }

    /// <summary>A batch and the position of the source behind it, or why there is none.</summary>
    private readonly record struct Prepared(TBatch? Batch, ulong Position, ExceptionDispatchInfo? Error);
}
