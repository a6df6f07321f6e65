using SeqCore.Kernels.Optimizers;

namespace SeqCore.Kernels;

/// <summary>One parameter with its gradient and the optimizer's moments, all of the same length, updated in place.</summary>
/// <param name="Value">The parameter.</param>
/// <param name="Gradient">Its gradient.</param>
/// <param name="First">The first moment (Adam: m; SGD and RMSProp: the momentum buffer); or absent.</param>
/// <param name="Second">The second moment (Adam: v; RMSProp: the running mean of squares); or absent.</param>
public readonly record struct OptimizerSlot(DeviceSpan<float> Value, DeviceSpan<float> Gradient, DeviceSpan<float> First,
    DeviceSpan<float> Second);

/// <summary>The constants of one Adam or AdamW step.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Beta1">The decay of the first moment.</param>
/// <param name="Beta2">The decay of the second moment.</param>
/// <param name="Epsilon">The number that is added to the root of the second moment.</param>
/// <param name="WeightDecay">The weight decay; its effect depends on <paramref name="Decoupled"/>.</param>
/// <param name="Decoupled">Whether to use AdamW (decay of the weight itself) instead of Adam with an L2 term in the
/// gradient.</param>
/// <param name="Step">The number of this step, from 1, for the bias correction.</param>
/// <param name="GradientScale">The factor of every gradient, for clipping without a separate pass.</param>
public readonly record struct AdamStep(float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay,
    bool Decoupled, int Step, float GradientScale = 1f);

/// <summary>The constants of one step of stochastic gradient descent, as in PyTorch's SGD.</summary>
public readonly record struct SgdStep(float LearningRate, float Momentum, float Dampening, float WeightDecay, bool Nesterov,
    bool FirstStep, float GradientScale = 1f);

/// <summary>The constants of one RMSProp step, as in PyTorch's RMSprop (not centred).</summary>
public readonly record struct RmsPropStep(float LearningRate, float Alpha, float Epsilon, float WeightDecay, float Momentum,
    float GradientScale = 1f);

public abstract partial class Backend
{
    /// <summary>Makes one Adam or AdamW step over all slots in one pass.</summary>
    /// <param name="slots">The parameters to update.</param>
    /// <param name="step">The constants.</param>
    /// <param name="factor">An additional factor of every gradient, on the device, as <see cref="ClipFactor"/> writes it; if it
    /// is NaN nothing changes. It may be absent.</param>
    public void Adam(ReadOnlySpan<OptimizerSlot> slots, in AdamStep step, DeviceSpan<float> factor = default)
    {
        OptimizerChecks.Check(step);
        RunAdam(slots, step, factor);
        KeepAlive(slots);
        KeepAlive(factor);
    }

    /// <summary>Makes one SGD step over all slots in one pass.</summary>
    /// <inheritdoc cref="Adam"/>
    public void Sgd(ReadOnlySpan<OptimizerSlot> slots, in SgdStep step, DeviceSpan<float> factor = default)
    {
        OptimizerChecks.Check(step);
        RunSgd(slots, step, factor);
        KeepAlive(slots);
        KeepAlive(factor);
    }

    /// <summary>Makes one RMSProp step over all slots in one pass.</summary>
    /// <inheritdoc cref="Adam"/>
    public void RmsProp(ReadOnlySpan<OptimizerSlot> slots, in RmsPropStep step, DeviceSpan<float> factor = default)
    {
        RunRmsProp(slots, step, factor);
        KeepAlive(slots);
        KeepAlive(factor);
    }

    /// <summary>
    /// Returns sqrt(sum of all squares), summed in double in a fixed order. Waits for the device; on a GPU the root is rounded to
    /// float.
    /// </summary>
    public double GlobalNorm(ReadOnlySpan<DeviceSpan<float>> gradients)
    {
        var result = RunGlobalNorm(gradients);
        KeepAlive(gradients);
        return result;
    }

    /// <summary>
    /// Computes the factor of gradients that limits their global norm, without waiting for the device: norm = sqrt(sum of all
    /// squares), summed in double in a fixed order, and factor = min(1, maxNorm / (norm + 1e-6)). If the norm is not finite the
    /// factor is NaN, with which the optimizers' steps change nothing.
    /// </summary>
    /// <param name="gradients">All gradients.</param>
    /// <param name="maxNorm">The largest norm; infinity allows every finite norm.</param>
    /// <param name="result">Output: the norm and the factor, shape (2).</param>
    /// <param name="earlier">
    /// The factor of an earlier step, shape (1), or absent; if it is NaN this one is too, so that nothing changes after a failed
    /// step.</param>
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
