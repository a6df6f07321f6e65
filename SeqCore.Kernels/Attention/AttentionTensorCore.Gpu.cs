using SeqCore.Kernels.Attention;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// Whether tensor cores are asked for and can do it: heads of up to 64 elements, of keys and of values, all of whose rows
    /// start at multiples of 16 bytes.
    /// </summary>
    private bool IsForTensorCores(in AttentionArguments a, params ReadOnlySpan<HeadsSpan> results)
    {
        return Precision != MatMulPrecision.Float32 && HasTensorCores && WidestSize(a) <= HeadWidth64.Width
            && AreAligned(a, results);
    }

    private void AttentionOnTensorCores<TCap>(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp, bool continues)
        where TCap : struct, IAttentionCap
    {
        if (Precision == MatMulPrecision.Tf32x3)
            AttentionOnTensorCores<Tf32x3Rounding, TCap>(a, y, logSumExp, continues);
        else
            AttentionOnTensorCores<Tf32Rounding, TCap>(a, y, logSumExp, continues);
    }

    private void AttentionOnTensorCores<TRounding, TCap>(in AttentionArguments a, HeadsSpan y, DeviceSpan<float> logSumExp,
        bool continues)
        where TRounding : struct, ITensorCoreRounding
        where TCap : struct, IAttentionCap
    {
        if (WidestSize(a) <= HeadWidth32.Width)
            AttentionOnTensorCores<HeadWidth32, TRounding, TCap>(a, y, logSumExp, continues);
        else
            AttentionOnTensorCores<HeadWidth64, TRounding, TCap>(a, y, logSumExp, continues);
    }

    private void AttentionOnTensorCores<TWidth, TRounding, TCap>(in AttentionArguments a, HeadsSpan y,
        DeviceSpan<float> logSumExp, bool continues)
        where TWidth : struct, IHeadWidth
        where TRounding : struct, ITensorCoreRounding
        where TCap : struct, IAttentionCap
    {
        var kernel = new AttentionTensorCoreForwardGpuKernel<TWidth, TRounding, TCap>
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

    private void AttentionGradientOnTensorCores<TCap>(in AttentionArguments a, DeviceSpan<float> logSumExp,
        DeviceSpan<float> delta, HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
        where TCap : struct, IAttentionCap
    {
        if (Precision == MatMulPrecision.Tf32x3)
            AttentionGradientOnTensorCores<Tf32x3Rounding, TCap>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
        else
            AttentionGradientOnTensorCores<Tf32Rounding, TCap>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
    }

    private void AttentionGradientOnTensorCores<TRounding, TCap>(in AttentionArguments a, DeviceSpan<float> logSumExp,
        DeviceSpan<float> delta, HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
        where TRounding : struct, ITensorCoreRounding
        where TCap : struct, IAttentionCap
    {
        if (WidestSize(a) <= HeadWidth32.Width)
            AttentionGradientOnTensorCores<HeadWidth32, TRounding, TCap>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
        else
            AttentionGradientOnTensorCores<HeadWidth64, TRounding, TCap>(a, logSumExp, delta, dY, dQuery, dKey, dValue);
    }

    private void AttentionGradientOnTensorCores<TWidth, TRounding, TCap>(in AttentionArguments a, DeviceSpan<float> logSumExp,
        DeviceSpan<float> delta, HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
        where TWidth : struct, IHeadWidth
        where TRounding : struct, ITensorCoreRounding
        where TCap : struct, IAttentionCap
    {
        var keys = new AttentionTensorCoreBackwardGpuKernel<OwnsKeys, TWidth, TRounding, TCap>
        {
            Operands = KeyOperands(a, logSumExp, delta, dY, dKey, dValue),
        };
        Launch(keys, new ILGPU.Index3D(AttentionTensorCoreTile.Groups(a.Batch * a.KeyHeadCount, a.KeyLength), 1, 1),
            AttentionTensorCoreBackwardGpuKernel<OwnsKeys, TWidth, TRounding, TCap>.SharedBytes, nameof(AttentionGradient));
        var queries = new AttentionTensorCoreBackwardGpuKernel<OwnsQueries, TWidth, TRounding, TCap>
        {
            Operands = QueryOperands(a, logSumExp, delta, dY, dQuery),
        };
        Launch(queries, new ILGPU.Index3D(AttentionTensorCoreTile.Groups(a.Batch * a.HeadCount, a.QueryLength), 1, 1),
            AttentionTensorCoreBackwardGpuKernel<OwnsQueries, TWidth, TRounding, TCap>.SharedBytes, nameof(AttentionGradient));
    }
}
