namespace SeqCore.Kernels;

/// <summary>One parameter with its gradient and the optimizer's moments, all of one length, updated in place.</summary>
/// <param name="Value">The parameter.</param>
/// <param name="Gradient">Its gradient.</param>
/// <param name="First">First moment (Adam: m; SGD: momentum buffer; RMSProp: momentum buffer); or absent.</param>
/// <param name="Second">Second moment (Adam: v; RMSProp: running mean of squares); or absent.</param>
public readonly record struct OptimizerSlot(DeviceSpan<float> Value, DeviceSpan<float> Gradient, DeviceSpan<float> First,
    DeviceSpan<float> Second);

/// <summary>Constants of one Adam or AdamW step.</summary>
/// <param name="LearningRate">Step size.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="WeightDecay">Decay; how it acts depends on <paramref name="Decoupled"/>.</param>
/// <param name="Decoupled">AdamW (decay of the weight itself) instead of Adam with an L2 term in the gradient.</param>
/// <param name="Step">Number of this step, from 1, for the correction of the bias.</param>
/// <param name="GradientScale">Factor of every gradient: clipping without a pass of its own.</param>
public readonly record struct AdamStep(float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay,
    bool Decoupled, int Step, float GradientScale = 1f);

/// <summary>Constants of one step of stochastic gradient descent, as in PyTorch's SGD.</summary>
public readonly record struct SgdStep(float LearningRate, float Momentum, float Dampening, float WeightDecay, bool Nesterov,
    bool FirstStep, float GradientScale = 1f);

/// <summary>Constants of one RMSProp step, as in PyTorch's RMSprop (not centred).</summary>
public readonly record struct RmsPropStep(float LearningRate, float Alpha, float Epsilon, float WeightDecay, float Momentum,
    float GradientScale = 1f);

public abstract partial class Backend
{
    /// <summary>One Adam or AdamW step over all slots in one pass.</summary>
    public abstract void Adam(ReadOnlySpan<OptimizerSlot> slots, in AdamStep step);

    /// <summary>One SGD step over all slots in one pass.</summary>
    public abstract void Sgd(ReadOnlySpan<OptimizerSlot> slots, in SgdStep step);

    /// <summary>One RMSProp step over all slots in one pass.</summary>
    public abstract void RmsProp(ReadOnlySpan<OptimizerSlot> slots, in RmsPropStep step);

    /// <summary>
    /// sqrt(sum of all squares), summed in double in a fixed order: the global norm for clipping.
    /// </summary>
    public abstract double GlobalNorm(ReadOnlySpan<DeviceSpan<float>> gradients);
}
