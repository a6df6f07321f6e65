using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Computes y = softmax(q k' scale + bias) v, with q k' scale capped if the options have a cap, which
/// <see cref="Backend.Attention"/> defines, and saves y and one number for each query.
/// </summary>
internal sealed class AttentionFunction(Variable query, Variable key, Variable value, AttentionOptions options)
    : Function(query, key, value)
{
    private AttentionArguments arguments;
    private Tensor? mask, y, logSumExp;

    protected override Tensor Forward()
    {
        var shape = AttentionShape.Of(query.Shape, key.Shape, value.Shape, options);
        var backend = query.Value.Backend;
        mask = AttentionOperands.Mask(shape, options, backend);
        arguments = AttentionOperands.Arguments(shape, options, mask, AttentionOperands.Heads(query.Value),
            AttentionOperands.Heads(key.Value), AttentionOperands.Heads(value.Value), backend);
        y = Tensor.Uninitialized(query.Shape.With(3, shape.ValueSize), backend);
        if (IsRecorded)
            logSumExp = Save(Tensor.Uninitialized(new Shape(shape.Batch, shape.HeadCount, shape.QueryLength), backend));
        backend.Attention(arguments, AttentionOperands.Heads(y), logSumExp?.Span ?? default);
        return y;
    }

    protected override void Backward(Tensor dY)
    {
        RequireUnchanged(query.Value, key.Value, value.Value, mask, options.Slopes);
        RequireUnchanged(options.KeyLengths);
        var backend = dY.Backend;
        Tensor dQuery = Tensor.Uninitialized(query.Shape, backend), dKey = Tensor.Uninitialized(key.Shape, backend),
            dValue = Tensor.Uninitialized(value.Shape, backend);
        backend.AttentionGradient(arguments, AttentionOperands.Heads(y!), logSumExp!.Span, AttentionOperands.Heads(dY),
            AttentionOperands.Heads(dQuery), AttentionOperands.Heads(dKey), AttentionOperands.Heads(dValue));
        AddGradient(query, dQuery);
        AddGradient(key, dKey);
        AddGradient(value, dValue);
    }
}
