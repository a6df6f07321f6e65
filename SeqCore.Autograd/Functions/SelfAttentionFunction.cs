using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Computes <see cref="AttentionFunction"/> where q, k and v lie side by side, as one linear layer makes them: the kernel reads
/// the heads, and writes their gradients, in place. Shapes: packed (B, T, (N + M) K + M J), y (B, T, N J).
/// </summary>
internal sealed class SelfAttentionFunction(Variable packed, int headCount, int keyHeadCount, int valueSize,
    AttentionOptions options)
    : Function(packed)
{
    private AttentionShape shape;
    private AttentionArguments arguments;
    private Tensor? mask, y, logSumExp;

    protected override Tensor Forward()
    {
        shape = AttentionShape.OfPacked(packed.Shape, headCount, keyHeadCount, valueSize, options);
        var backend = packed.Value.Backend;
        mask = AttentionOperands.Mask(shape, options, backend);
        var (query, key, value) = Heads(packed.Value.Contiguous());
        arguments = AttentionOperands.Arguments(shape, options, mask, query, key, value, backend);
        y = Tensor.Uninitialized(new Shape(shape.Batch, shape.QueryLength, headCount * shape.ValueSize), backend);
        if (IsRecorded)
            logSumExp = Save(Tensor.Uninitialized(new Shape(shape.Batch, headCount, shape.QueryLength), backend));
        backend.Attention(arguments, AttentionOperands.Heads(y, 0, shape.ValueSize), logSumExp?.Span ?? default);
        return y;
    }

    protected override void Backward(Tensor dY)
    {
        RequireUnchanged(packed.Value, mask, options.Slopes);
        RequireUnchanged(options.KeyLengths);
        var dPacked = Tensor.Uninitialized(packed.Shape, dY.Backend);
        var (dQuery, dKey, dValue) = Heads(dPacked);
        dY.Backend.AttentionGradient(arguments, AttentionOperands.Heads(y!, 0, shape.ValueSize), logSumExp!.Span,
            AttentionOperands.Heads(dY, 0, shape.ValueSize), dQuery, dKey, dValue);
        AddGradient(packed, dPacked);
    }

    private (HeadsSpan Query, HeadsSpan Key, HeadsSpan Value) Heads(Tensor x)
    {
        int size = shape.HeadSize, keys = headCount * size;
        return (AttentionOperands.Heads(x, 0, size), AttentionOperands.Heads(x, keys, size),
            AttentionOperands.Heads(x, keys + (keyHeadCount * size), shape.ValueSize));
    }
}
