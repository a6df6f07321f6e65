namespace SeqCore.Functions;

/// <summary>Gives the elements another shape in row-major order: reshape, flatten, squeeze and unsqueeze.</summary>
internal sealed class ReshapeFunction(Variable x, Func<Tensor, Tensor> reshape) : Function(x)
{
    protected override Tensor Forward() => reshape(x.Value);

    protected override void Backward(Tensor dY) => AddGradient(x, dY.Reshape(x.Shape));
}
