using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// The keys and values of the tokens that one layer of attention has read, so that each new token costs one query. The cache
/// grows without copying: a new segment is as large as all earlier ones together, and attention continues from segment to segment
/// with one online softmax. With <see cref="AttentionOptions.ScoreModification"/>, each pass copies all that is held. With a
/// window, segments that no query can see any more are reused. Nothing is recorded on a tape. A cache serves one thread at a time
/// and rejects a second one.
/// </summary>
public sealed class KeyValueCache : MixerState
{
    private readonly Backend backend;
    private readonly int batchSize;
    private readonly int keyHeadCount;
    private readonly int headSize;
    private readonly int valueSize;
    private readonly int window;
    private readonly int firstCapacity;
    private readonly List<KeyValueSegment> segments = [];
    private readonly OneThread oneThread = new(nameof(KeyValueCache), "Give each thread its own cache.");
    private CachePadding? padding;
    private int used;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="batchSize">The number of sequences in a batch, B, at least 1.</param>
    /// <param name="keyHeadCount">The number of key and value heads, M, at least 1.</param>
    /// <param name="headSize">The number of elements of a head of the keys, K, at least 1.</param>
    /// <param name="window">The number of keys that a query sees, up to and including its own; 0, the default, for all.</param>
    /// <param name="firstCapacity">The number of tokens in the first segment, at least 1; 256 by default.</param>
    /// <param name="backend">The backend that holds the cache; null for the default.</param>
    /// <param name="valueSize">The number of elements of a head of the values, J; 0, the default, for K.</param>
    public KeyValueCache(int batchSize, int keyHeadCount, int headSize, int window = 0, int firstCapacity = 256,
        Backend? backend = null, int valueSize = 0)
    {
        Argument.AtLeast(batchSize, nameof(KeyValueCache), nameof(batchSize));
        Argument.AtLeast(keyHeadCount, nameof(KeyValueCache), nameof(keyHeadCount));
        Argument.AtLeast(headSize, nameof(KeyValueCache), nameof(headSize));
        Argument.AtLeast(window, nameof(KeyValueCache), nameof(window), 0);
        Argument.AtLeast(firstCapacity, nameof(KeyValueCache), nameof(firstCapacity));
        Argument.AtLeast(valueSize, nameof(KeyValueCache), nameof(valueSize), 0);
        this.valueSize = valueSize == 0 ? headSize : valueSize;
        (this.batchSize, this.keyHeadCount, this.headSize, this.window, this.firstCapacity) =
            (batchSize, keyHeadCount, headSize, window, firstCapacity);
        this.backend = backend ?? Backend.Default;
    }

    /// <summary>
    /// The number of tokens read, which is the position of the next one; padding counts (see <see cref="SetPadding"/>).
    /// </summary>
    public int Position { get; private set; }

    /// <summary>The number of tokens whose keys and values are held.</summary>
    public int Length => segments.Take(used).Sum(s => s.Length);

    /// <summary>The number of tokens that fit before more memory is allocated.</summary>
    public int Capacity => segments.Sum(s => s.Capacity);

    /// <summary>Adds copies of the keys and values of T more tokens.</summary>
    /// <param name="keys">The keys, shape (B, M, T, K).</param>
    /// <param name="values">The values, shape (B, M, T, J).</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public void Append(Tensor keys, Tensor values)
    {
        Check(keys, nameof(keys), keyHeadCount, "M", headSize, "K");
        Check(values, nameof(values), keyHeadCount, "M", valueSize, "J");
        var count = keys.Shape[2];
        if (values.Shape[2] != count)
        {
            throw ShapeException.Wrong(nameof(KeyValueCache), nameof(values), $"{keys.Shape.With(3, valueSize)}", values.Shape,
                $"keys is {keys.Shape}");
        }

        Append(KeyValueSegment.HeadsOf(keys), KeyValueSegment.HeadsOf(values), count);
    }

    /// <summary>Adds copies of the keys and values of tokens from heads in any layout.</summary>
    internal void Append(HeadsSpan keys, HeadsSpan values, int count)
    {
        using var work = oneThread.Begin();
        DropUnseen();
        for (var done = 0; done < count;)
        {
            if (used == 0 || segments[used - 1].Room == 0)
                Extend(count - done);
            var last = segments[used - 1];
            var part = Math.Min(last.Room, count - done);
            last.Append(keys, values, done, part);
            done += part;
            Position += part;
        }
    }

    /// <summary>Computes the attention of the last T tokens to all tokens held.</summary>
    /// <param name="query">The queries, shape (B, N, T, K), N a multiple of M; the last axis has no gaps.</param>
    /// <param name="options">
    /// The options of attention; only causality, a window, a pattern, slopes, a scale and a softcap are supported.
    /// </param>
    /// <returns>
    /// The result, shape (B, N, T, J), as from <see cref="Variable.Attention"/>: a view of heads that lie side by side.
    /// </returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">The options hide keys in a way that a cache does not support.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public Tensor Attend(Tensor query, AttentionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(query, nameof(query), null, "N", headSize, "K");
        int heads = query.Shape[1], steps = query.Shape[2];
        using var joined = Attend(KeyValueSegment.HeadsOf(query), heads, steps, options);
        using var apart = joined.Reshape(batchSize, steps, heads, valueSize);
        return apart.Transpose(1, 2);
    }

    /// <summary>
    /// Computes attention for heads in any layout; the heads lie side by side in the result, shape (B, T, N J).
    /// </summary>
    internal Tensor Attend(HeadsSpan query, int heads, int steps, AttentionOptions options)
    {
        if (options is not { KeyLengths: null, Bias: null, Allowed: null, Dropout: 0f })
            throw new ArgumentException("KeyValueCache: a cache does not support lengths, masks and dropout."
                + $" For sequences of different lengths, fill the shorter ones on the left and call {nameof(SetPadding)}.",
                nameof(options));
        if (window > 0 && (options.Window == 0 || options.Window > window))
        {
            throw new ArgumentException($"KeyValueCache: it was made for a window of {window} and drops earlier keys, so"
                + $" attention should have a window of at most {window}; it has"
                + $" {(options.Window == 0 ? "none" : options.Window)}.", nameof(options));
        }

        if (options.Pattern is { } pattern && (padding is not null || pattern.Sequences > 1
            || (pattern.Heads > 1 && pattern.Heads != heads)))
        {
            throw new ArgumentException($"KeyValueCache: the pattern {pattern} should be the same for all sequences, for 1 or"
                + $" {heads} heads, and used without padding.", nameof(options));
        }

        if (options.Alignment != CausalAlignment.LowerRight)
        {
            throw new ArgumentException("KeyValueCache: the last query is aligned with the last key in the cache; leave"
                + $" {nameof(AttentionOptions.Alignment)} at {nameof(CausalAlignment.LowerRight)}.", nameof(options));
        }

        using var work = oneThread.Begin();
        var shape = new Shape(batchSize, steps, heads * valueSize);
        if (used == 0)
            return Tensor.Zeros(shape, backend);
        if (options.ScoreModification is not null)
            return AttendModified(query, heads, steps, options).Reshape(shape);
        var y = Tensor.Uninitialized(shape, backend);
        using var logSumExp = used > 1 ? Tensor.Uninitialized(new Shape(batchSize, heads, steps), backend) : null;
        for (var i = 0; i < used; i++)
        {
            var arguments = new AttentionArguments
            {
                Batch = batchSize,
                HeadCount = heads,
                KeyHeadCount = keyHeadCount,
                QueryLength = steps,
                KeyLength = segments[i].Length,
                HeadSize = headSize,
                ValueSize = valueSize,
                Query = query,
                Key = segments[i].Keys,
                Value = segments[i].Values,
                Scale = options.Scale ?? 1f / MathF.Sqrt(headSize),
                Softcap = options.Softcap ?? 0f,
                QueryOffset = Position - steps - segments[i].Start,
                IsCausal = options.IsCausal,
                Window = options.Window,
                Mask = padding?.Of(segments[i]) ?? default,
                Blocks = options.Pattern?.ToBlocks(Position - steps, steps, segments[i].Start, segments[i].Length, backend)
                    ?? default,
                Slopes = options.Slopes?.Span ?? default,
            };
            backend.Attention(arguments, new HeadsSpan(y.Span, steps * heads * valueSize, valueSize, heads * valueSize),
                logSumExp?.Span ?? default, continues: i > 0);
        }

        return y;
    }

    /// <inheritdoc/>
    public override void Reorder(ReadOnlySpan<int> rows)
    {
        if (rows.Length != batchSize)
            throw new ArgumentException($"KeyValueCache: there should be {Counted.Of(batchSize, "row")}; got"
                + $" {rows.Length}.", nameof(rows));
        foreach (var row in rows)
        {
            if (row < 0 || row >= batchSize)
                throw new ArgumentException($"KeyValueCache: there is no row {row}; rows are in [0, {batchSize}).", nameof(rows));
        }

        using var work = oneThread.Begin();
        for (var i = 0; i < used; i++)
            segments[i].Reorder(rows);
        Replace(padding?.Reordered(rows));
    }

    /// <inheritdoc/>
    public override bool SupportsPadding => true;

    /// <summary>
    /// Specifies how many of the first tokens of each row are padding, which is hidden from all queries until the cache is
    /// reset. With sequences of different lengths filled on the left, each row attends as if it were alone: all rows end in the
    /// same token, and distances, on which causality, windows and ALiBi depend, are those of the row alone. The rotary positions
    /// of keys and queries are up to the caller.
    /// </summary>
    /// <param name="lengths">The number of padding tokens of each row, B numbers of at least 0.</param>
    /// <exception cref="ArgumentException">There are not B numbers, or one is negative.</exception>
    /// <exception cref="InvalidOperationException">The cache is not empty.</exception>
    public override void SetPadding(ReadOnlySpan<int> lengths)
    {
        if (lengths.Length != batchSize)
        {
            throw new ArgumentException($"KeyValueCache: there should be {Counted.Of(batchSize, "length")} of padding, one for"
                + $" each row; got {lengths.Length}.", nameof(lengths));
        }

        foreach (var length in lengths)
        {
            if (length < 0)
                throw new ArgumentException($"KeyValueCache: a length of padding should not be negative; got {length}.",
                    nameof(lengths));
        }

        using var work = oneThread.Begin();
        if (Position > 0)
        {
            throw new InvalidOperationException("KeyValueCache: padding should be set before the first token is read, but some"
                + " have been read. Hint: call Reset.");
        }

        Replace(new CachePadding(lengths.ToArray(), backend));
    }

    /// <summary>Removes all tokens and the padding; the memory is kept for the next tokens.</summary>
    public override void Reset()
    {
        using var work = oneThread.Begin();
        (used, Position) = (0, 0);
        Replace(null);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        oneThread.Close();
        segments.ForEach(s => s.Dispose());
        segments.Clear();
        used = 0;
        Replace(null);
    }

    private void Replace(CachePadding? other)
    {
        padding?.Dispose();
        padding = other;
    }

    /// <summary>
    /// Computes attention with <see cref="AttentionOptions.ScoreModification"/>, which takes the scores of all tokens held at
    /// once; shape (B, T, N, J).
    /// </summary>
    private Tensor AttendModified(HeadsSpan query, int heads, int steps, AttentionOptions options)
    {
        using var pause = Tape.Current?.Pause();
        using var scope = new TensorScope("attention with modified scores");
        var held = segments.GetRange(0, used);
        var keys = Tensor.Concat(held.ConvertAll(s => s.HeldKeys).ToArray(), 2);
        var values = Tensor.Concat(held.ConvertAll(s => s.HeldValues).ToArray(), 2);
        var queries = KeyValueSegment.Copy(query, new Shape(batchSize, heads, steps, headSize), backend);
        var (modify, count) = (options.ScoreModification!, keys.Shape[2]);
        IndexTensor at = (IndexTensor.Arange(steps, backend) + (Position - steps)).Reshape(1, 1, steps, 1),
            of = (IndexTensor.Arange(count, backend) + held[0].Start).Reshape(1, 1, 1, count);
        if (padding?.Lengths() is { } lengths)
        {
            // Each row counts from its own first token.
            options = options with { Allowed = of >= lengths };
            (at, of) = ((at - lengths).Clamp(0, int.MaxValue), (of - lengths).Clamp(0, int.MaxValue));
        }

        var positions = new AttentionPositions(at, of);
        var result = Variable.Attention(queries, keys, values,
            options with { ScoreModification = (scores, _) => modify(scores, positions) });
        return scope.KeepInOuter(result.Value.Transpose(1, 2).Contiguous());
    }

    /// <summary>Begins the next segment, which is reused or newly made for at least the given number of tokens.</summary>
    private void Extend(int tokens)
    {
        if (used == segments.Count)
        {
            // With a window, two or three segments are used in turn, so they need not grow.
            var usual = window > 0 ? Math.Max(firstCapacity, window) : Math.Max(firstCapacity, Capacity);
            segments.Add(new KeyValueSegment(batchSize, keyHeadCount, Math.Max(usual, tokens), headSize, valueSize,
                backend));
        }

        segments[used++].Begin(Position);
    }

    /// <summary>Moves the segments that no later query sees to the end, to be reused.</summary>
    private void DropUnseen()
    {
        while (window > 0 && used > 1 && segments[0].Start + segments[0].Length <= Position - window + 1)
        {
            segments.Add(segments[0]);
            segments.RemoveAt(0);
            used--;
        }
    }

    private void Check(Tensor heads, string name, int? count, string letter, int size, string sizeLetter)
    {
        ArgumentNullException.ThrowIfNull(heads);
        var shape = heads.Shape;
        if (shape.Rank != 4 || shape[0] != batchSize || shape[3] != size || (count ?? shape[1]) != shape[1]
            || shape[1] % keyHeadCount != 0)
        {
            throw ShapeException.Wrong(nameof(KeyValueCache), name,
                $"(B, {letter}, T, {sizeLetter}) = ({batchSize}, {count?.ToString() ?? letter}, T, {size})", shape);
        }
    }
}
