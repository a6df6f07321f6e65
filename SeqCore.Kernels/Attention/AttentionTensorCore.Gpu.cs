namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// Whether tensor cores are asked for and can do it: heads of up to 64 elements, all of whose rows start at
    /// multiples of 16 bytes.
    /// </summary>
    private bool IsForTensorCores(in AttentionArguments a, params ReadOnlySpan<HeadsSpan> results)
    {
        return Precision != MatMulPrecision.Float32 && HasTensorCores && a.HeadSize <= HeadWidth64.Width
            && AreAligned(a, results);
    }

    private void AttentionOnTensorCores(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp, bool continues)
    {
        if (Precision == MatMulPrecision.Tf32x3)
            AttentionOnTensorCores<Tf32x3Rounding>(a, y, logSumExp, continues);
        else
            AttentionOnTensorCores<Tf32Rounding>(a, y, logSumExp, continues);
    }

    private void AttentionOnTensorCores<TRounding>(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp,
        bool continues) where TRounding : struct, ITensorCoreRounding
    {
        if (a.HeadSize <= HeadWidth32.Width)
            AttentionOnTensorCores<HeadWidth32, TRounding>(a, y, logSumExp, continues);
        else
            AttentionOnTensorCores<HeadWidth64, TRounding>(a, y, logSumExp, continues);
    }

    private void AttentionOnTensorCores<TWidth, TRounding>(in AttentionArguments a, HeadsSpan y,
        DeviceSpan<float> logSumExp, bool continues)
        where TWidth : struct, IHeadWidth
        where TRounding : struct, ITensorCoreRounding
    {
        var kernel = new AttentionTensorCoreForwardGpuKernel<TWidth, TRounding>
        {
            Plan = Plan(a),
            Query = Heads(a.Query),
            Key = Heads(a.Key),
            Value = Heads(a.Value),
            Y = Heads(y),
            LogSumExp = View(logSumExp),
            Continues = continues ? 1 : 0,
        };
        Launch(kernel, AttentionTensorCoreTile.Groups(a.Batch * a.HeadCount, a.QueryLength), nameof(Attention));
    }

    private void AttentionGradientOnTensorCores(in AttentionArguments a, DeviceSpan<float> logSumExp, DeviceSpan<float> delta,
        HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
    {
        if (Precision == MatMulPrecision.Tf32x3)
            AttentionGradientOnTensorCores<Tf32x3Rounding>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
        else
            AttentionGradientOnTensorCores<Tf32Rounding>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
    }

    private void AttentionGradientOnTensorCores<TRounding>(in AttentionArguments a, DeviceSpan<float> logSumExp,
        DeviceSpan<float> delta, HeadsSpan dY,
        HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue) where TRounding : struct, ITensorCoreRounding
    {
        if (a.HeadSize <= HeadWidth32.Width)
            AttentionGradientOnTensorCores<HeadWidth32, TRounding>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
        else
            AttentionGradientOnTensorCores<HeadWidth64, TRounding>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
    }

    private void AttentionGradientOnTensorCores<TWidth, TRounding>(in AttentionArguments a, DeviceSpan<float> logSumExp,
        DeviceSpan<float> delta, HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
        where TWidth : struct, IHeadWidth
        where TRounding : struct, ITensorCoreRounding
    {
        var keys = new AttentionTensorCoreBackwardGpuKernel<OwnsKeys, TWidth, TRounding>
        {
            Operands = KeyOperands(a, logSumExp, delta, dY, dKey, dValue),
        };
        Launch(keys, new ILGPU.Index3D(AttentionTensorCoreTile.Groups(a.Batch * a.KeyHeadCount, a.KeyLength), 1, 1),
            AttentionTensorCoreBackwardGpuKernel<OwnsKeys, TWidth, TRounding>.SharedBytes, nameof(AttentionGradient));
        var queries = new AttentionTensorCoreBackwardGpuKernel<OwnsQueries, TWidth, TRounding>
        {
            Operands = QueryOperands(a, logSumExp, delta, dY, dQuery),
        };
        Launch(queries, new ILGPU.Index3D(AttentionTensorCoreTile.Groups(a.Batch * a.HeadCount, a.QueryLength), 1, 1),
            AttentionTensorCoreBackwardGpuKernel<OwnsQueries, TWidth, TRounding>.SharedBytes, nameof(AttentionGradient));
    }
}
