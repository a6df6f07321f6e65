namespace SeqCore.Functions;

/// <summary>
/// Computes y_i = sum_(j &lt;= i) x_j along an axis; dX_i is the sum of dY_j over the sums that x_i is a part of, those in the
/// other direction.
/// </summary>
internal sealed class CumulativeSumFunction(Variable x, int axis, bool reverse, bool exclusive) : Function(x)
{
    protected override Tensor Forward() => x.Value.CumulativeSum(axis, reverse, exclusive);

    protected override void Backward(Tensor dY) => AddGradient(x, dY.CumulativeSum(axis, !reverse, exclusive));
}
