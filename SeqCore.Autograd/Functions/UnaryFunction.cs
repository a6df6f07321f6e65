using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>Computes y = f(x) for each element, with the f and the derivative of the operation.</summary>
internal sealed class UnaryFunction<TOperation>(Variable x, TOperation operation, string? name = null) : Function(x)
    where TOperation : struct, IUnaryOperation
{
    private static readonly string NameOfOperation = typeof(TOperation).Name.Replace("Operation", "", StringComparison.Ordinal);
    private Tensor? y;

    public override string Name => name ?? NameOfOperation;

    protected override Tensor Forward() => y = x.Value.Map(operation);

    protected override void Backward(Tensor dY)
    {
        var dX = Tensor.Uninitialized(x.Shape, dY.Backend);
        dY.Backend.UnaryGradient(operation, x.Value.Contiguous().Span, y!.Span, dY.Span, dX.Span);
        AddGradient(x, dX);
    }
}
