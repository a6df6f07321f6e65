using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Optimizers;

/// <summary>
/// Stochastic gradient descent as in PyTorch: g += decay w; b = momentum b + (1 - dampening) g, or b = g at the first step; d =
/// b, or g + momentum b for Nesterov; w -= lr d. Without momentum d = g and there is no buffer.
/// </summary>
internal readonly struct SgdUpdate(SgdStep step) : IOptimizerUpdate
{
    // No bools: a GPU kernel cannot take them as arguments.
    private readonly float learningRate = step.LearningRate;
    private readonly float momentum = step.Momentum;
    private readonly float take = 1f - step.Dampening;
    private readonly float decay = step.WeightDecay;
    private readonly float gradientScale = step.GradientScale;
    private readonly int nesterov = step.Nesterov ? 1 : 0;
    private readonly int firstStep = step.FirstStep ? 1 : 0;

    public bool UsesFirst => momentum != 0f;

    public bool UsesSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update<T>(ref T value, T gradient, ref T first, ref T second) where T : struct, IVectorLane<T>
    {
        var g = T.MultiplyAdd(T.Constant(decay), value, gradient * T.Constant(gradientScale));
        if (momentum != 0f)
        {
            // The buffer is undefined before the first step; it may hold NaN, which a product with 0 would not remove.
            first = firstStep != 0 ? g : T.MultiplyAdd(first, T.Constant(momentum), g * T.Constant(take));
            g = nesterov != 0 ? T.MultiplyAdd(first, T.Constant(momentum), g) : first;
        }

        value = T.MultiplyAdd(g, T.Constant(-learningRate), value);
    }
}
