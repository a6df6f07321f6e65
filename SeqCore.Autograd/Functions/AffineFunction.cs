using SeqCore.Kernels.Operations;

namespace SeqCore.Functions;

/// <summary>
/// Computes y = scale x + shift with two numbers, for negation and for operators between a variable and a number.
/// </summary>
internal sealed class AffineFunction(Variable x, float scale, float shift) : Function(x)
{
    protected override Tensor Forward() => x.Value.Map(new AffineOperation(scale, shift));

    protected override void Backward(Tensor dY) => AddGradient(x, scale == 1f ? dY : dY * scale);
}
