using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Computes <see cref="AttentionFunction"/> where q, k and v lie side by side, as one linear layer makes them: the kernel reads
/// the heads, and writes their gradients, in place. Shapes: packed (B, T, (N + 2 M) K), y (B, T, N K).
/// </summary>
internal sealed class SelfAttentionFunction(Variable packed, int headCount, int keyHeadCount, AttentionOptions options)
    : Function(packed)
{
    private AttentionArguments arguments;
    private Tensor? mask, y, logSumExp;

    private int HeadSize => arguments.HeadSize;

    protected override Tensor Forward()
    {
        var size = AttentionShape.HeadSizeOfPacked(packed.Shape, headCount, keyHeadCount);
        int batch = packed.Shape[0], steps = packed.Shape[1];
        var shape = AttentionShape.Of(new Shape(batch, headCount, steps, size), new Shape(batch, keyHeadCount, steps, size),
            new Shape(batch, keyHeadCount, steps, size), options);
        var backend = packed.Value.Backend;
        mask = AttentionOperands.Mask(shape, options, backend);
        var x = packed.Value.Contiguous();
        arguments = AttentionOperands.Arguments(shape, options, mask, AttentionOperands.Heads(x, 0, size),
            AttentionOperands.Heads(x, headCount, size), AttentionOperands.Heads(x, headCount + keyHeadCount, size));
        y = Tensor.Uninitialized(new Shape(batch, steps, headCount * size), backend);
        if (IsRecorded)
            logSumExp = Save(Tensor.Uninitialized(new Shape(batch, headCount, steps), backend));
        backend.Attention(arguments, AttentionOperands.Heads(y, 0, size), logSumExp?.Span ?? default);
        return y;
    }

    protected override void Backward(Tensor dY)
    {
        RequireUnchanged(packed.Value, mask, options.Slopes);
        RequireUnchanged(options.KeyLengths);
        var dPacked = Tensor.Uninitialized(packed.Shape, dY.Backend);
        dY.Backend.AttentionGradient(arguments, AttentionOperands.Heads(y!, 0, HeadSize), logSumExp!.Span,
            AttentionOperands.Heads(dY, 0, HeadSize), AttentionOperands.Heads(dPacked, 0, HeadSize), AttentionOperands.Heads(
                dPacked, headCount, HeadSize), AttentionOperands.Heads(dPacked, headCount + keyHeadCount, HeadSize));
        Give(packed, dPacked);
    }
}
