using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Optimizers;

/// <summary>
/// Adam (Kingma and Ba, arXiv:1412.6980) and, decoupled, AdamW (Loshchilov and Hutter, arXiv:1711.05101). With gradient g:
/// m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, w -= lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
/// Both bias corrections are moved out of the loop, into the step size and epsilon: with c = sqrt(1 - b2^t) the update is
/// w -= (lr c / (1 - b1^t)) m / (sqrt(v) + epsilon c).
/// </summary>
internal readonly struct AdamUpdate : IOptimizerUpdate
{
    private readonly float beta1;
    private readonly float beta2;
    private readonly float oneMinusBeta1;
    private readonly float oneMinusBeta2;
    private readonly float stepSize;
    private readonly float epsilon;
    private readonly float keep;
    private readonly float decay;
    private readonly float gradientScale;

    internal AdamUpdate(in AdamStep step)
    {
        var correction = Math.Sqrt(1 - Math.Pow(step.Beta2, step.Step));
        beta1 = step.Beta1;
        beta2 = step.Beta2;
        oneMinusBeta1 = (float)(1.0 - step.Beta1);
        oneMinusBeta2 = (float)(1.0 - step.Beta2);
        stepSize = (float)(step.LearningRate * correction / (1 - Math.Pow(step.Beta1, step.Step)));
        epsilon = (float)(step.Epsilon * correction);
        keep = step.Decoupled ? (float)(1.0 - (double)step.LearningRate * step.WeightDecay) : 1f;
        decay = step.Decoupled ? 0f : step.WeightDecay;
        gradientScale = step.GradientScale;
    }

    public bool UsesFirst => true;

    public bool UsesSecond => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update<T>(ref T value, T gradient, ref T first, ref T second) where T : struct, IVectorLane<T>
    {
        var g = T.MultiplyAdd(T.Constant(decay), value, gradient * T.Constant(gradientScale));
        first = T.MultiplyAdd(first, T.Constant(beta1), g * T.Constant(oneMinusBeta1));
        second = T.MultiplyAdd(second, T.Constant(beta2), g * g * T.Constant(oneMinusBeta2));
        var direction = first / (T.Sqrt(second) + T.Constant(epsilon));
        value = T.MultiplyAdd(direction, T.Constant(-stepSize), value * T.Constant(keep));
    }
}
