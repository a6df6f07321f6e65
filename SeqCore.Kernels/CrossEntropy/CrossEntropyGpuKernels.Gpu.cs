using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.CrossEntropy;

/// <summary>
/// Computes the loss of each row and, where requested, its gradient, with a team for each row (<see cref="RowPlace"/>). One pass
/// over the row finds the maximum and the sum of exponentials, as in <see cref="Softmax.SoftmaxGpuKernel{TVariant}"/>, and the
/// gradient is written from registers; the earlier parts of long rows are read again. Thread 0 of the team writes the loss; the
/// thread that has the target's column subtracts the target's term from the gradient.
/// </summary>
internal struct CrossEntropyGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> Logits;
    internal ArrayView<int> Targets;
    internal ArrayView<float> Weights;
    internal ArrayView<float> ClassWeights;
    internal ArrayView<float> MeanWeight;
    internal ArrayView<float> Losses;
    internal ArrayView<float> LogSumExp;
    internal ArrayView<float> DLogits;
    internal ArrayView<int> Notes;
    internal int Number;
    internal int Rows;
    internal int Classes;
    internal int Team;
    internal int IgnoreIndex;
    internal float Smoothing;
    internal ArrayView<float> Scale;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var place = RowPlace.OfThread(Rows, Classes, Team);
        var exists = place.Row < Rows;
        var target = exists ? Targets[place.Row] : IgnoreIndex;
        var counts = target != IgnoreIndex;
        if (counts && (uint)target >= (uint)Classes)
        {
            counts = false;
            if (place.Lane == 0)
                IndexProblems.Note(Notes, Number, place.Row, target);
        }

        // An ignored row gives 0 whatever its logits: 0 times NaN would be NaN.
        var classes = new ClassShares(ClassWeights, MeanWeight, counts ? target : 0);
        var share = classes.Share(Smoothing);
        counts = counts && share != 0f && (Weights.Length == 0 || Weights[place.Row] != 0f);

        // The logits are read before dLogits is written, which may be the same memory.
        var targetLogit = counts ? Logits[place.Start + target] : 0f;
        var span = Team * RowPlace.PerThread;
        var found = RowExponentials.None;
        var total = 0f;
        var exponentials = default(RowPart);
        var last = (Classes - 1) / span * span;
        for (var first = 0; first <= last; first += span)
        {
            var part = RowPart.Load<TAccess>(Logits, place.At(first), float.NegativeInfinity);
            found = found.With(part, out exponentials);
            if (Smoothing > 0f)
            {
                part = part.Pad<TAccess>(place.At(first), 0f);
                if (ClassWeights.Length != 0)
                    part = part.Zip(RowPart.Load<TAccess>(ClassWeights, place.At(first), 0, 0f), default(MultiplyRows));
                total += part.Sum();
            }
        }

        found = found.OverTeam(Team, out var below);
        total = TeamReduction.Sum(total, Team);
        if (exists && place.Lane == 0)
            WriteLoss(place.Row, counts, found, targetLogit, total / Classes, classes);
        if (DLogits.Length == 0)
            return;
        var scale = counts ? (Scale.Length == 0 ? 1f : Scale[0]) * (Weights.Length == 0 ? 1f : Weights[place.Row]) : 0f;
        var factor = scale * share * (1f / found.Sum);
        var gradient = new ClassGradient(factor, -scale * Smoothing / Classes, counts);
        gradient.Of<TAccess>(exponentials, below, ClassWeights, place.At(last)).Store<TAccess>(DLogits, place.At(last));
        for (var first = last - span; first >= 0; first -= span)
        {
            exponentials = RowPart.Load<TAccess>(Logits, place.At(first)).Map(new ExpBelow(found.Max));
            gradient.Of<TAccess>(exponentials, 1f, ClassWeights, place.At(first)).Store<TAccess>(DLogits, place.At(first));
        }

        if (counts && place.Owns<TAccess>(target))
            DLogits[place.Start + target] -= scale * classes.OfTarget * (1f - Smoothing);
    }

    private readonly void WriteLoss(int row, bool counts, RowExponentials found, float targetLogit, float mean,
        ClassShares classes)
    {
        var log = Elementary.Log(new LaneGpu(found.Sum)).Value;

        // Relative to the maximum, not to zero, so that large logits do not absorb the logarithm.
        var loss = classes.OfTarget * (log + (found.Max - targetLogit));
        if (Smoothing > 0f)
            loss = (1f - Smoothing) * loss + Smoothing * (classes.Mean * log + (classes.Mean * found.Max - mean));
        Losses[row] = counts ? (Weights.Length == 0 ? 1f : Weights[row]) * loss : 0f;
        if (LogSumExp.Length != 0)
            LogSumExp[row] = found.Max + log;
    }
}

/// <summary>
/// Computes the gradient of each row from the log sum that the forward pass saved: every element is read and written once, by the
/// threads that <see cref="RowPlace"/> assigns.
/// </summary>
internal struct CrossEntropyGradientGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> Logits;
    internal ArrayView<int> Targets;
    internal ArrayView<float> Weights;
    internal ArrayView<float> ClassWeights;
    internal ArrayView<float> MeanWeight;
    internal ArrayView<float> LogSumExp;
    internal ArrayView<float> Scales;
    internal ArrayView<float> DLogits;
    internal ArrayView<int> Notes;
    internal int Number;
    internal int Rows;
    internal int Classes;
    internal int Team;
    internal int ScaleStride;
    internal int IgnoreIndex;
    internal float Smoothing;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var place = RowPlace.OfThread(Rows, Classes, Team);
        var row = place.Row;
        if (row >= Rows)
            return;
        var target = Targets[row];
        var counts = target != IgnoreIndex;
        if (counts && (uint)target >= (uint)Classes)
        {
            counts = false;
            if (place.Lane == 0)
                IndexProblems.Note(Notes, Number, row, target);
        }

        var classes = new ClassShares(ClassWeights, MeanWeight, counts ? target : 0);
        var share = classes.Share(Smoothing);
        var scale = counts ? Scales[row * ScaleStride] * (Weights.Length == 0 ? 1f : Weights[row]) : 0f;
        counts = scale != 0f && share != 0f;
        var below = new ExpBelow(LogSumExp[row]);
        var gradient = new ClassGradient(scale * share, -scale * Smoothing / Classes, counts);
        for (var first = 0; first < Classes; first += Team * RowPlace.PerThread)
        {
            var exponentials = RowPart.Load<TAccess>(Logits, place.At(first)).Map(below);
            gradient.Of<TAccess>(exponentials, 1f, ClassWeights, place.At(first)).Store<TAccess>(DLogits, place.At(first));
        }

        if (counts && place.Owns<TAccess>(target))
            DLogits[place.Start + target] -= scale * classes.OfTarget * (1f - Smoothing);
    }
}

/// <summary>
/// The class weights that a row's loss needs: the weight of its target and the mean of all weights; 1 without class weights.
/// </summary>
internal readonly struct ClassShares(ArrayView<float> weights, ArrayView<float> mean, int target)
{
    internal readonly float OfTarget = weights.Length == 0 ? 1f : weights[target];
    internal readonly float Mean = mean.Length == 0 ? 1f : mean[0];
    private readonly bool areEqual = weights.Length == 0;

    /// <summary>The factor of the probabilities, apart from the row's scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal float Share(float smoothing) => areEqual ? 1f : (1f - smoothing) * OfTarget + smoothing * Mean;
}

/// <summary>
/// scale e^(x - m) + smooth w, where m is the row's maximum or the logarithm of its sum and w the weight of the class; 0 in
/// ignored rows, whatever their logits.
/// </summary>
internal readonly struct ClassGradient(float scale, float smooth, bool counts)
{
    /// <summary>
    /// Computes the gradients of elements from their exponentials, which become e^(x - m) when multiplied by below.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowPart Of<TAccess>(RowPart exponentials, float below, ArrayView<float> weights, RowPlace place)
        where TAccess : struct, IFloat4Access
    {
        if (!counts)
            return default;
        return weights.Length == 0
            ? exponentials.Map(new MultiplyAndAdd(scale * below, smooth))
            : exponentials.Zip(RowPart.Load<TAccess>(weights, place, 0, 0f), new MultiplyAndAddWeighted(scale * below, smooth));
    }

    private readonly struct MultiplyAndAdd(float factor, float addend) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Apply(float x) => GpuIntrinsics.FusedMultiplyAdd(x, factor, addend);
    }

    private readonly struct MultiplyAndAddWeighted(float factor, float addend) : IRowZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Apply(float x, float weight) => GpuIntrinsics.FusedMultiplyAdd(x, factor, addend * weight);
    }
}
