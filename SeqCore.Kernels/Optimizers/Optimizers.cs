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
    /// <param name="slots">What is updated.</param>
    /// <param name="step">The constants.</param>
    /// <param name="factor">One more factor of every gradient, on the device, as <see cref="ClipFactor"/> writes it; where it is
    /// NaN nothing is changed. It may be left out.</param>
    public void Adam(ReadOnlySpan<OptimizerSlot> slots, in AdamStep step, DeviceSpan<float> factor = default)
    {
        OptimizerChecks.Check(step);
        RunAdam(slots, step, factor);
        KeepAlive(slots);
        KeepAlive(factor);
    }

    /// <summary>One SGD step over all slots in one pass.</summary>
    /// <inheritdoc cref="Adam"/>
    public void Sgd(ReadOnlySpan<OptimizerSlot> slots, in SgdStep step, DeviceSpan<float> factor = default)
    {
        OptimizerChecks.Check(step);
        RunSgd(slots, step, factor);
        KeepAlive(slots);
        KeepAlive(factor);
    }

    /// <summary>One RMSProp step over all slots in one pass.</summary>
    /// <inheritdoc cref="Adam"/>
    public void RmsProp(ReadOnlySpan<OptimizerSlot> slots, in RmsPropStep step, DeviceSpan<float> factor = default)
    {
        RunRmsProp(slots, step, factor);
        KeepAlive(slots);
        KeepAlive(factor);
    }

    /// <summary>
    /// sqrt(sum of all squares), summed in double in a fixed order. Waits for the device; on a GPU the root is rounded to float.
    /// </summary>
    public double GlobalNorm(ReadOnlySpan<DeviceSpan<float>> gradients)
    {
        var result = RunGlobalNorm(gradients);
        KeepAlive(gradients);
        return result;
    }

    /// <summary>
    /// The factor of gradients that bounds their global norm, without waiting for the device: norm = sqrt(sum of all squares),
    /// summed in double in a fixed order, and factor = min(1, maxNorm / (norm + 1e-6)). Where the norm is not finite the factor
    /// is NaN, which makes the optimizers' steps change nothing.
    /// </summary>
    /// <param name="gradients">All gradients together.</param>
    /// <param name="maxNorm">The norm that is let through; infinity lets every finite norm through.</param>
    /// <param name="result">Shape (2,): the norm and the factor.</param>
    /// <param name="earlier">
    /// Shape (1,): the factor of a step before, or left out; where it is NaN this one is too, so that nothing
    /// changes after a step that failed.</param>
    public void ClipFactor(ReadOnlySpan<DeviceSpan<float>> gradients, float maxNorm, DeviceSpan<float> result,
        DeviceSpan<float> earlier = default)
    {
        OptimizerChecks.Check(result, earlier);
        RunClipFactor(gradients, maxNorm, result, earlier);
        KeepAlive(gradients);
        KeepAlive((result, earlier));
    }

    private protected abstract void RunAdam(ReadOnlySpan<OptimizerSlot> slots, in AdamStep step, DeviceSpan<float> factor);

    private protected abstract void RunSgd(ReadOnlySpan<OptimizerSlot> slots, in SgdStep step, DeviceSpan<float> factor);

    private protected abstract void RunRmsProp(ReadOnlySpan<OptimizerSlot> slots, in RmsPropStep step, DeviceSpan<float> factor);

    private protected abstract double RunGlobalNorm(ReadOnlySpan<DeviceSpan<float>> gradients);

    private protected abstract void RunClipFactor(ReadOnlySpan<DeviceSpan<float>> gradients, float maxNorm,
        DeviceSpan<float> result, DeviceSpan<float> earlier);
}
