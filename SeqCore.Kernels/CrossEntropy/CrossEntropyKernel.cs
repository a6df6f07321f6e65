using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.CrossEntropy;

internal enum CrossEntropyKind
{
    Forward,
    Gradient,
    Both,
}

/// <summary>Softmax cross-entropy over a few rows. Forward and gradient together take one exponential per logit.</summary>
internal unsafe struct CrossEntropyKernel : IRowKernel
{
    internal CrossEntropyKind Kind;
    internal float* Logits;
    internal int* Targets;
    internal float* Weights;
    internal float* ClassWeights;
    internal float MeanWeight;
    internal float* Losses;
    internal float* LogSumExp;
    internal float* Scales;
    internal int ScaleStride;
    internal float Scale;
    internal float* DLogits;
    internal int Classes;
    internal CrossEntropyOptions Options;

    public int FirstRow { get; set; }

    public int EndRow { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        for (var r = FirstRow; r < EndRow; r++)
        {
            if (!Counts(r))
                Ignore<T>(r);
            else if (Kind == CrossEntropyKind.Gradient)
                Gradient<T>(r);
            else
                Forward<T>(r);
        }
    }

    // An ignored row gives 0 whatever its logits: 0 times NaN would be NaN.
    private readonly bool Counts(int r) => Targets[r] != Options.IgnoreIndex && (Weights == null || Weights[r] != 0f)
        && (ClassWeights == null || Share(ClassWeights[Targets[r]]) != 0f)
        && (Kind != CrossEntropyKind.Gradient || Scales[(long)r * ScaleStride] != 0f);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Ignore<T>(int r) where T : struct, IVectorLane<T>
    {
        if (Kind != CrossEntropyKind.Gradient)
            Losses[r] = 0f;
        if (Kind != CrossEntropyKind.Forward)
            new Span<float>(DLogits + (long)r * Classes, Classes).Clear();
        else if (LogSumExp != null)
            LogSumExp[r] = RowLogSumExp<T>(Logits + (long)r * Classes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly float RowLogSumExp<T>(float* x) where T : struct, IVectorLane<T>
    {
        var max = RowMath.Max<T>(x, Classes);
        return max + (float)Math.Log(RowMath.SumExp<T>(x, Classes, max));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Forward<T>(int r) where T : struct, IVectorLane<T>
    {
        var x = Logits + (long)r * Classes;
        var dX = DLogits + (long)r * Classes;
        var target = Targets[r];
        var weight = Weights == null ? 1f : Weights[r];
        var ofTarget = ClassWeights == null ? 1f : ClassWeights[target];
        var ofClasses = ClassWeights == null ? 1f : MeanWeight;
        var smoothing = Options.LabelSmoothing;

        // The logits are read before dLogits is written, which may be the same memory.
        var max = RowMath.Max<T>(x, Classes);
        var targetLogit = x[target];
        var mean = smoothing == 0f ? 0f
            : (ClassWeights == null ? RowMath.Sum<T>(x, Classes) : RowMath.Dot<T>(x, ClassWeights, Classes)) / Classes;
        var sum = Kind == CrossEntropyKind.Both ? RowMath.ExpAndSum<T>(x, dX, Classes, max) : RowMath.SumExp<T>(x, Classes, max);

        // Relative to the maximum, not to zero, so that large logits do not absorb the logarithm.
        var log = (float)Math.Log(sum);
        var loss = ofTarget * (log + (max - targetLogit));
        if (smoothing > 0f)
            loss = (1f - smoothing) * loss + smoothing * (ofClasses * log + (ofClasses * max - mean));
        Losses[r] = weight * loss;
        if (Kind == CrossEntropyKind.Forward)
        {
            LogSumExp[r] = max + log;
            return;
        }

        var scale = Scale * weight;
        var smooth = scale * smoothing / Classes;
        RowMath.Affine<T>(dX, dX, Classes, scale * Share(ofTarget) / sum, ClassWeights == null ? -smooth : 0f);
        TakeTarget<T>(dX, target, scale * ofTarget, smooth);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Gradient<T>(int r) where T : struct, IVectorLane<T>
    {
        var x = Logits + (long)r * Classes;
        var dX = DLogits + (long)r * Classes;
        var target = Targets[r];
        var scale = Scales[(long)r * ScaleStride] * (Weights == null ? 1f : Weights[r]);
        var ofTarget = ClassWeights == null ? 1f : ClassWeights[target];
        var shift = LogSumExp[r];
        var smooth = scale * Options.LabelSmoothing / Classes;
        float factor = scale * Share(ofTarget), addend = ClassWeights == null ? -smooth : 0f;
        T vScale = T.Constant(factor), vShift = T.Constant(shift), vSmooth = T.Constant(addend);
        var i = 0;
        for (; i <= Classes - T.Count; i += T.Count)
            T.Store(T.MultiplyAdd(T.Exp(T.Load(x + i) - vShift), vScale, vSmooth), dX + i);
        for (; i < Classes; i++)
        {
            var e = LaneScalar.Exp(LaneScalar.Constant(x[i] - shift));
            LaneScalar.Store(LaneScalar.MultiplyAdd(e, LaneScalar.Constant(factor), LaneScalar.Constant(addend)), dX + i);
        }

        TakeTarget<T>(dX, target, scale * ofTarget, smooth);
    }

    /// <summary>The factor of the probabilities, (1 - s) w_target + s mean w, apart from scale and token weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly float Share(float ofTarget) =>
        ClassWeights == null ? 1f : (1f - Options.LabelSmoothing) * ofTarget + Options.LabelSmoothing * MeanWeight;

    /// <summary>Subtracts the target's term and, where classes differ in weight, the terms of the smoothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void TakeTarget<T>(float* dX, int target, float scale, float smooth) where T : struct, IVectorLane<T>
    {
        if (ClassWeights != null && smooth != 0f)
            RowMath.AddScaled<T>(ClassWeights, -smooth, dX, Classes);
        dX[target] -= scale * (1f - Options.LabelSmoothing);
    }
}
