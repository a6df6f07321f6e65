namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void CrossEntropy(DeviceSpan<float> logits, DeviceSpan<int> targets, DeviceSpan<float> weights, DeviceSpan<float> losses, DeviceSpan<float> logSumExp, int rows, int classes, CrossEntropyOptions options) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void CrossEntropyGradient(DeviceSpan<float> logits, DeviceSpan<int> targets, DeviceSpan<float> weights, DeviceSpan<float> logSumExp, DeviceSpan<float> scales, DeviceSpan<float> dLogits, int rows, int classes, CrossEntropyOptions options) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void CrossEntropyWithGradient(DeviceSpan<float> logits, DeviceSpan<int> targets, DeviceSpan<float> weights, DeviceSpan<float> losses, DeviceSpan<float> dLogits, DeviceSpan<float> scale, int rows, int classes, CrossEntropyOptions options) => throw new NotImplementedException();
}
