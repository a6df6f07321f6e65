using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// The loss of each row, and its gradient where wanted, a row for each team (<see cref="RowPlace"/>): the row is read for maximum
/// and sum of exponentials together, as in <see cref="SoftmaxGpuKernel{TQuads, TForm}"/>, and the gradient is written from
/// registers, of long rows the earlier parts from a second reading. Thread 0 of the team writes the loss; the thread that has the
/// target's column takes the target's share off the gradient.
/// </summary>
internal struct CrossEntropyGpuKernel<TQuads> : IGpuKernel where TQuads : struct, IQuads
{
    internal ArrayView<float> Logits;
    internal ArrayView<int> Targets;
    internal ArrayView<float> Weights;
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

    public readonly void Run()
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

        // What counts for nothing gives 0 whatever its logits: 0 times NaN would be NaN.
        counts = counts && (Weights.Length == 0 || Weights[place.Row] != 0f);

        // All that is wanted of the logits is read before dLogits, which may be the same memory, is written.
        var targetLogit = counts ? Logits[place.Start + target] : 0f;
        var span = Team * RowPlace.PerThread;
        var found = RowExponentials.None;
        var total = 0f;
        var exponentials = default(RowPart);
        var last = (Classes - 1) / span * span;
        for (var first = 0; first <= last; first += span)
        {
            var part = RowPart.Load<TQuads>(Logits, place.At(first), float.NegativeInfinity);
            found = found.With(part, out exponentials);
            if (Smoothing > 0f)
                total += part.Pad<TQuads>(place.At(first), 0f).Sum();
        }

        found = found.OverTeam(Team, out var below);
        total = RowReduction.Sum(total, Team);
        if (exists && place.Lane == 0)
            WriteLoss(place.Row, counts, found, targetLogit, total / Classes);
        if (DLogits.Length == 0)
            return;
        var scale = counts ? (Scale.Length == 0 ? 1f : Scale[0]) * (Weights.Length == 0 ? 1f : Weights[place.Row]) : 0f;
        var gradient = new ClassGradient(scale * (1f / found.Sum), -scale * Smoothing / Classes, counts);
        gradient.Of(exponentials, below).Store<TQuads>(DLogits, place.At(last));
        for (var first = last - span; first >= 0; first -= span)
        {
            exponentials = RowPart.Load<TQuads>(Logits, place.At(first)).Map(new ExpBelow(found.Max));
            gradient.Of(exponentials, 1f).Store<TQuads>(DLogits, place.At(first));
        }

        if (counts && TQuads.LaneOf(target, Team) == place.Lane)
            DLogits[place.Start + target] -= scale * (1f - Smoothing);
    }

    private readonly void WriteLoss(int row, bool counts, RowExponentials found, float targetLogit, float mean)
    {
        var log = Elementary.Log(new LaneGpu(found.Sum)).Value;

        // Relative to the maximum, not to zero, so that large logits do not swallow the logarithm.
        var loss = log + (found.Max - targetLogit);
        if (Smoothing > 0f)
            loss = (1f - Smoothing) * loss + Smoothing * (log + (found.Max - mean));
        Losses[row] = counts ? (Weights.Length == 0 ? 1f : Weights[row]) * loss : 0f;
        if (LogSumExp.Length != 0)
            LogSumExp[row] = found.Max + log;
    }
}

/// <summary>
/// The gradient of each row from what the forward pass kept: every element is read and written once, by the threads that
/// <see cref="RowPlace"/> says.
/// </summary>
internal struct CrossEntropyGradientGpuKernel<TQuads> : IGpuKernel where TQuads : struct, IQuads
{
    internal ArrayView<float> Logits;
    internal ArrayView<int> Targets;
    internal ArrayView<float> Weights;
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

    public readonly void Run()
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

        var scale = counts ? Scales[row * ScaleStride] * (Weights.Length == 0 ? 1f : Weights[row]) : 0f;
        counts = scale != 0f;
        var below = new ExpBelow(LogSumExp[row]);
        var gradient = new ClassGradient(scale, -scale * Smoothing / Classes, counts);
        for (var first = 0; first < Classes; first += Team * RowPlace.PerThread)
            gradient.Of(RowPart.Load<TQuads>(Logits, place.At(first)).Map(below), 1f).Store<TQuads>(DLogits, place.At(first));
        if (counts && TQuads.LaneOf(target, Team) == place.Lane)
            DLogits[place.Start + target] -= scale * (1f - Smoothing);
    }
}

/// <summary>
/// scale e^(x - m) + smooth, m being the row's maximum or the logarithm of its sum; 0 in rows that do not count,
/// whatever their logits.
/// </summary>
internal readonly struct ClassGradient(float scale, float smooth, bool counts)
{
    /// <summary>The gradients of elements from their exponentials, which times below are e^(x - m).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowPart Of(RowPart exponentials, float below) =>
        counts ? exponentials.Map(new MultiplyAndAdd(scale * below, smooth)) : default;

    private readonly struct MultiplyAndAdd(float factor, float addend) : IRowMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Apply(float x) => GpuIntrinsics.FusedMultiplyAdd(x, factor, addend);
    }
}
