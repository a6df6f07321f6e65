namespace SeqCore.Functions;

/// <summary>Takes a triangle of each matrix, with 0 elsewhere; its gradient is the same triangle of dY.</summary>
internal sealed class TriangleFunction(Variable x, int diagonal, bool lower) : Function(x)
{
    public override string Name => lower ? "LowerTriangle" : "UpperTriangle";

    protected override Tensor Forward() => Of(x.Value);

    protected override void Backward(Tensor dY) => AddGradient(x, Of(dY));

    private Tensor Of(Tensor matrices) => lower ? matrices.LowerTriangle(diagonal) : matrices.UpperTriangle(diagonal);
}
