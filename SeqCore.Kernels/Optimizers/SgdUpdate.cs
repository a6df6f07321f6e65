using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Stochastic gradient descent as PyTorch has it: g += decay w; b = momentum b + (1 - dampening) g, or b = g at the first step;
/// d = b, or g + momentum b for Nesterov; w -= lr d. Without momentum d = g and there is no buffer.
/// </summary>
internal readonly struct SgdUpdate(SgdStep step) : IOptimizerUpdate
{
    public bool UsesFirst => step.Momentum != 0f;

    public bool UsesSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update<T>(ref T value, T gradient, ref T first, ref T second) where T : struct, IVectorLane<T>
    {
        var g = T.MultiplyAdd(T.Constant(step.WeightDecay), value, gradient * T.Constant(step.GradientScale));
        if (step.Momentum != 0f)
        {
            // The buffer is undefined before the first step; it may hold NaN, which a product with 0 would keep.
            first = step.FirstStep ? g : T.MultiplyAdd(first, T.Constant(step.Momentum), g * T.Constant(1f - step.Dampening));
            g = step.Nesterov ? T.MultiplyAdd(first, T.Constant(step.Momentum), g) : first;
        }

        value = T.MultiplyAdd(g, T.Constant(-step.LearningRate), value);
    }
}
