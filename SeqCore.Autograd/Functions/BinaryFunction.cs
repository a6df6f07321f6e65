using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>Computes z = f(x, y) for each pair of elements, broadcast, with the f and the derivatives of the operation.</summary>
internal sealed class BinaryFunction<TOperation>(Variable x, Variable y, TOperation operation, string? name = null)
    : Function(x, y)
    where TOperation : struct, IBinaryOperation
{
    private static readonly string NameOfOperation = typeof(TOperation).Name.Replace("Operation", "", StringComparison.Ordinal);
    private Tensor? z;

    public override string Name => name ?? NameOfOperation;

    protected override Tensor Forward() => z = Tensor.Map(operation, x.Value, y.Value, Name);

    protected override void Backward(Tensor dZ)
    {
        var dX = NeedsGradient(x) ? Tensor.Uninitialized(dZ.Shape, dZ.Backend) : null;
        var dY = NeedsGradient(y) ? Tensor.Uninitialized(dZ.Shape, dZ.Backend) : null;
        using var left = x.Value.BroadcastTo(dZ.Shape);
        using var right = y.Value.BroadcastTo(dZ.Shape);
        dZ.Backend.BinaryGradient(operation, left.Strided, right.Strided, z!.Strided, dZ.Strided, dX?.Span ?? default,
            dY?.Span ?? default);
        if (dX is not null)
            AddGradient(x, dX);
        if (dY is not null)
            AddGradient(y, dY);
    }
}
