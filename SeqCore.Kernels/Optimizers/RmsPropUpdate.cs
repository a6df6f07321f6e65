using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Optimizers;

/// <summary>
/// RMSProp as in PyTorch (not centred): g += decay w; v = alpha v + (1 - alpha) g^2; d = g / (sqrt(v) + epsilon), or with
/// momentum b = momentum b + d and d = b; w -= lr d.
/// </summary>
internal readonly struct RmsPropUpdate(RmsPropStep step) : IOptimizerUpdate
{
    private readonly float oneMinusAlpha = (float)(1.0 - step.Alpha);

    public bool UsesFirst => step.Momentum != 0f;

    public bool UsesSecond => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update<T>(ref T value, T gradient, ref T first, ref T second) where T : struct, IVectorLane<T>
    {
        var g = T.MultiplyAdd(T.Constant(step.WeightDecay), value, gradient * T.Constant(step.GradientScale));
        second = T.MultiplyAdd(second, T.Constant(step.Alpha), g * g * T.Constant(oneMinusAlpha));
        g /= T.Sqrt(second) + T.Constant(step.Epsilon);
        if (step.Momentum != 0f)
        {
            first = T.MultiplyAdd(first, T.Constant(step.Momentum), g);
            g = first;
        }

        value = T.MultiplyAdd(g, T.Constant(-step.LearningRate), value);
    }
}
