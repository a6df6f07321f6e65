using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// What the backward pass makes of a score and of dP: w = e^(score - logSumExp) and dS = w (z dP - delta), z being what dropout
/// multiplies by. Both are 0 where the key is hidden, whatever the products, and where delta is minus infinity: see
/// <see cref="AttentionDeltaGpuKernel"/>.
/// </summary>
internal static class AttentionDifferential
{
    /// <summary>From scores of query i for keys j .. j + 3 and their dP to z w and dS, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void OfQuery(AttentionGpuPlan plan, ref Float4 scores, ref Float4 gradients, float logSumExp, float delta,
        int b, int n, int i, int j)
    {
        logSumExp = delta == float.NegativeInfinity ? delta : logSumExp;
        var w = new Float4(Weight(scores.X, logSumExp), Weight(scores.Y, logSumExp), Weight(scores.Z, logSumExp),
            Weight(scores.W, logSumExp));
        scores = w;
        if (plan.Dropout > 0f)
        {
            var kept = plan.Kept(b, n, i, j);
            scores = Float4.Multiply(kept, w);
            gradients = Float4.Multiply(kept, gradients);
        }

        gradients = new Float4(Gradient(w.X, gradients.X, delta), Gradient(w.Y, gradients.Y, delta),
            Gradient(w.Z, gradients.Z, delta), Gradient(w.W, gradients.W, delta));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Weight(float score, float logSumExp) =>
        score == float.NegativeInfinity || logSumExp == float.NegativeInfinity ? 0f : GpuIntrinsics.Exp(score - logSumExp);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Gradient(float w, float gradient, float delta) => w == 0f ? 0f : w * (gradient - delta);
}
