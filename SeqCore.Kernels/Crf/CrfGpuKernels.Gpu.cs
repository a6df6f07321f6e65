using ILGPU;

namespace SeqCore.Kernels.Crf;

/// <summary>What the kernels of conditional random fields read.</summary>
internal struct CrfGpuScores
{
    internal ArrayView<float> Emissions;
    internal ArrayView<float> Transitions;
    internal ArrayView<float> Start;
    internal ArrayView<float> End;
    internal ArrayView<int> Lengths;
    internal int Steps;
    internal int Tags;

    /// <summary>Returns the length of a sequence; one that is out of range, which has been noted, is taken into it.</summary>
    internal readonly int Length(int b) =>
        Lengths.Length == 0 ? Steps : IntrinsicMath.Clamp(Lengths[b], 0, Steps);
}

/// <summary>Notes lengths and targets that are out of range, with a thread for each step.</summary>
internal struct CrfValues : IGpuKernel
{
    internal ArrayView<int> Lengths;
    internal ArrayView<int> Targets;
    internal ArrayView<int> Notes;
    internal int Number;
    internal ArrayView<int> TargetNotes;
    internal int TargetNumber;
    internal int Batch;
    internal int Tags;
    internal GpuDivisor Steps;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        int b = Steps.Quotient(at), t = at - b * Steps.Divisor;
        if (b >= Batch)
            return;
        var length = Lengths.Length == 0 ? Steps.Divisor : Lengths[b];
        if (length < 0 || length > Steps.Divisor)
        {
            if (t == 0)
                IndexProblems.Note(Notes, Number, b, length);
        }
        else if (Targets.Length != 0 && t < length)
        {
            var target = Targets[at];
            if (target < 0 || target >= Tags)
                IndexProblems.Note(TargetNotes, TargetNumber, at, target);
        }
    }
}

/// <summary>Adds the sums of all sequences in order; a thread has a tag or a pair of tags.</summary>
internal struct CrfSums : IGpuKernel
{
    internal ArrayView<float> Sums;
    internal ArrayView<float> Transitions;
    internal ArrayView<float> Start;
    internal ArrayView<float> End;
    internal int Batch;
    internal int Tags;

    public readonly void Run()
    {
        int at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX, pairs = Tags * Tags, width = pairs + 2 * Tags;
        if (at >= width)
            return;
        float even = 0f, odd = 0f;
        var b = 0;
        for (; b < Batch - 1; b += 2)
        {
            even += Sums[b * width + at];
            odd += Sums[(b + 1) * width + at];
        }

        if (b < Batch)
            even += Sums[b * width + at];
        var sum = even + odd;
        if (at < pairs)
        {
            if (Transitions.Length != 0)
                Transitions[at] = sum;
        }
        else if (at < pairs + Tags)
        {
            if (Start.Length != 0)
                Start[at - pairs] = sum;
        }
        else if (End.Length != 0)
        {
            End[at - pairs - Tags] = sum;
        }
    }
}
