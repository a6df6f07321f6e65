namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Attention(in AttentionArguments arguments, HeadsSpan y, DeviceSpan<float> logSumExp, bool continues = false) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void AttentionGradient(in AttentionArguments arguments, HeadsSpan y, DeviceSpan<float> logSumExp, HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue) => throw new NotImplementedException();
}
