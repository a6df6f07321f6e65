using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>
/// The keys and values of the tokens that one layer of attention has read, so that each new token costs one query. Nothing is
/// recorded on a tape.
/// </summary>
public sealed class KeyValueCache : IDisposable
{
    private const int FirstCapacity = 64;

    private readonly Backend backend;
    private readonly int batchSize;
    private readonly int keyHeadCount;
    private readonly int headSize;
    private Tensor keys;
    private Tensor values;

    /// <summary>An empty cache.</summary>
    /// <param name="batchSize">B, at least 1.</param>
    /// <param name="keyHeadCount">M, heads of keys and values, at least 1.</param>
    /// <param name="headSize">K, at least 1.</param>
    /// <param name="capacity">Tokens to make room for at first; more find room when they come.</param>
    /// <param name="backend">Where; null for the default.</param>
    public KeyValueCache(int batchSize, int keyHeadCount, int headSize, int capacity = FirstCapacity, Backend? backend = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(keyHeadCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(headSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (this.batchSize, this.keyHeadCount, this.headSize) = (batchSize, keyHeadCount, headSize);
        this.backend = backend ?? Backend.Default;
        (keys, values) = (Allocate(capacity), Allocate(capacity));
    }

    /// <summary>S: tokens whose keys and values are held.</summary>
    public int Length { get; private set; }

    /// <summary>Tokens that have been read: the position of the next one.</summary>
    public int Position => Length;

    /// <summary>A view of all keys, shape (B, M, S, K).</summary>
    public Tensor Keys => keys.Slice(2, 0, Length);

    /// <summary>A view of all values, shape (B, M, S, K).</summary>
    public Tensor Values => values.Slice(2, 0, Length);

    /// <summary>Adds the keys and values of T more tokens; they are copied.</summary>
    /// <param name="newKeys">Shape (B, M, T, K).</param>
    /// <param name="newValues">Shape (B, M, T, K).</param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public void Append(Tensor newKeys, Tensor newValues)
    {
        ArgumentNullException.ThrowIfNull(newKeys);
        ArgumentNullException.ThrowIfNull(newValues);
        Check(newKeys, nameof(newKeys));
        Check(newValues, nameof(newValues));
        var steps = newKeys.Shape[2];
        if (newValues.Shape[2] != steps)
            throw ShapeException.Wrong(nameof(KeyValueCache), nameof(newValues), newKeys.Shape.ToString(), newValues.Shape, "that is the shape of newKeys");
        if (Length + steps > keys.Shape[2])
            Grow(Math.Max(2 * keys.Shape[2], Length + steps));
        Write(newKeys, keys, Length);
        Write(newValues, values, Length);
        Length += steps;
    }

    /// <summary>Lets row b go on from what row rows[b] has read.</summary>
    /// <param name="rows">Shape (B,), each in [0, B).</param>
    public void Reorder(IndexTensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (!rows.Shape.Equals(new Shape(batchSize)))
            throw ShapeException.Wrong(nameof(KeyValueCache), nameof(rows), $"(B,) = ({batchSize},)", rows.Shape);
        Reorder(keys, rows);
        Reorder(values, rows);
    }

    /// <summary>Forgets all tokens; the memory stays for the next ones.</summary>
    public void Reset() => Length = 0;

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        keys.Dispose();
        values.Dispose();
    }

    private void Grow(int capacity)
    {
        var (oldKeys, oldValues) = (keys, values);
        (keys, values) = (Allocate(capacity), Allocate(capacity));
        foreach (var (from, to) in new[] { (oldKeys, keys), (oldValues, values) })
        {
            using var held = from.Slice(2, 0, Length);
            Write(held, to, 0);
            from.Dispose();
        }
    }

    private static void Write(Tensor source, Tensor destination, int position)
    {
        using var place = destination.Slice(2, position, source.Shape[2]);
        place.CopyFrom(source);
    }

    private void Reorder(Tensor held, IndexTensor rows)
    {
        using var part = held.Slice(2, 0, Length);
        using var old = part.Copy();
        using var moved = old.Gather(rows);
        part.CopyFrom(moved);
    }

    private Tensor Allocate(int capacity)
    {
        using var suspension = TensorScope.Suspend();
        return Tensor.Uninitialized(new Shape(batchSize, keyHeadCount, capacity, headSize), backend);
    }

    private void Check(Tensor added, string name)
    {
        var shape = added.Shape;
        if (shape.Rank != 4 || shape[0] != batchSize || shape[1] != keyHeadCount || shape[3] != headSize)
            throw ShapeException.Wrong(nameof(KeyValueCache), name, $"(B, M, T, K) = ({batchSize}, {keyHeadCount}, T, {headSize})", shape);
    }
}
