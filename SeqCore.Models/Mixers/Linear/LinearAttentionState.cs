using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// What a stream of <see cref="LinearAttention"/> keeps: the sums over all keys so far of the products of features and values,
/// shape (B, N, F, J), and of the features, shape (B, N, 1, F).
/// </summary>
internal sealed class LinearAttentionState : MixerState
{
    private readonly Tensor sums;
    private readonly Tensor weights;
    private readonly int batchSize;
    private int[]? padding;
    private int position;

    internal LinearAttentionState(int batchSize, int headCount, int featureCount, int valueSize, Backend backend)
    {
        this.batchSize = batchSize;
        using var suspension = TensorScope.Suspend();
        sums = Tensor.Zeros(WeightLimit.For(nameof(LinearAttention), batchSize, headCount, featureCount, valueSize), backend);
        weights = Tensor.Zeros(new Shape(batchSize, headCount, 1, featureCount), backend);
    }

    /// <inheritdoc/>
    public override bool SupportsPadding => true;

    /// <summary>Computes the results of the next steps, and adds their keys.</summary>
    internal Variable Read(Variable queries, Variable keys, Variable values)
    {
        var steps = queries.Shape[2];
        keys = WithoutPadding(keys, steps);
        var y = LinearProduct.Causal(queries, keys, values, position == 0 ? null : (sums, weights));
        sums.CopyFrom(sums + Tensor.MatMul(keys.Value.Transpose(-2, -1), values.Value));
        weights.CopyFrom(weights + keys.Value.Sum(2, keepDimensions: true));
        position += steps;
        return y;
    }

    /// <inheritdoc/>
    public override void Reorder(ReadOnlySpan<int> rows)
    {
        if (rows.Length != batchSize)
        {
            throw new ArgumentException($"{nameof(LinearAttention)}: there should be {Counted.Of(batchSize, "row")}; got"
                + $" {rows.Length}.", nameof(rows));
        }

        using var scope = new TensorScope("reorder");
        var indices = IndexTensor.FromSpan(rows, new Shape(rows.Length), sums.Backend);
        sums.CopyFrom(sums.Gather(indices, 0));
        weights.CopyFrom(weights.Gather(indices, 0));
        if (padding is not null)
        {
            var moved = new int[rows.Length];
            for (var b = 0; b < rows.Length; b++)
                moved[b] = padding[rows[b]];
            padding = moved;
        }
    }

    /// <inheritdoc/>
    public override void SetPadding(ReadOnlySpan<int> lengths)
    {
        if (position > 0)
            throw new InvalidOperationException($"{nameof(LinearAttention)}: padding is set before the first step is read.");
        if (lengths.Length != batchSize || lengths.ContainsAnyInRange(int.MinValue, -1))
        {
            throw new ArgumentException($"{nameof(LinearAttention)}: there should be {Counted.Of(batchSize, "length")} of padding"
                + " of at least 0, one for each row.", nameof(lengths));
        }

        padding = lengths.ToArray();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        (position, padding) = (0, null);
        sums.FillInPlace(0f);
        weights.FillInPlace(0f);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        sums.Dispose();
        weights.Dispose();
    }

    /// <summary>The features of keys, 0 where a row has padding.</summary>
    private Variable WithoutPadding(Variable keys, int steps)
    {
        if (padding is null || position >= padding.Max())
            return keys;
        var hidden = new bool[batchSize * steps];
        for (var at = 0; at < hidden.Length; at++)
            hidden[at] = position + (at % steps) < padding[at / steps];
        return keys.MaskedFill(BoolTensor.FromSpan(hidden, new Shape(batchSize, 1, steps, 1), keys.Value.Backend), 0f);
    }
}
