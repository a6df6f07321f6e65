using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Computes y = x / (1 - p) with probability 1 - p, else 0, for each element (inverted dropout). No mask is kept: the backward
/// pass draws the same numbers again.
/// </summary>
internal sealed class DropoutFunction(Variable x, float probability, RandomGenerator random) : Function(x)
{
    private RandomStream stream;

    protected override Tensor Forward()
    {
        stream = random.Take(x.Value.ElementCount);
        return Drop(x.Value.Contiguous(), probability, stream);
    }

    protected override void Backward(Tensor dY) => AddGradient(x, Drop(dY, probability, stream));

    internal static Tensor Drop(Tensor tensor, float probability, RandomStream stream)
    {
        var result = Tensor.Uninitialized(tensor.Shape, tensor.Backend);
        tensor.Backend.Dropout(tensor.Span, result.Span, probability, stream);
        return result;
    }
}
