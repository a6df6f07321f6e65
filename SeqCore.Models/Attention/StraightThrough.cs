namespace SeqCore.Models;

/// <summary>
/// Returns one tensor and passes its gradient to another variable of the same shape, as if that had been the result.
/// </summary>
internal sealed class StraightThrough(Variable soft, Tensor hard) : Function(soft)
{
    private readonly Variable soft = soft;

    protected override Tensor Forward() => hard;

    protected override void Backward(Tensor dY) => AddGradient(soft, dY);
}
