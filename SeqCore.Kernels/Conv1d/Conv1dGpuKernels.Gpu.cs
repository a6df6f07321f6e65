using ILGPU;

namespace SeqCore.Kernels.Conv1d;

/// <summary>Notes lengths out of range, with a thread for each.</summary>
internal struct Conv1dLengths : IGpuKernel
{
    internal ArrayView<int> Lengths;
    internal ArrayView<int> Notes;
    internal int Number;
    internal int Steps;

    public readonly void Run()
    {
        var b = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (b < Lengths.Length && (Lengths[b] < 0 || Lengths[b] > Steps))
            IndexProblems.Note(Notes, Number, b, Lengths[b]);
    }
}

/// <summary>
/// Copies the weight (O, I / groups, K) with the channels of each tap side by side, as <see cref="Conv1dWeights"/> does on the
/// CPU, or a gradient in that order back. A thread has an element of the weight.
/// </summary>
internal struct Conv1dArrangement : IGpuKernel
{
    internal ArrayView<float> Weight;
    internal ArrayView<float> Arranged;

    /// <summary>1 if the arranged elements are copied to the weight.</summary>
    internal int Returns;

    /// <summary>1 for (groups, taps, O / groups, I / groups).</summary>
    internal int IsBackward;

    /// <summary>1 for (taps, O).</summary>
    internal int IsDepthwise;
    internal int FirstTap;
    internal int TapStep;
    internal int Taps;
    internal GpuDivisor Kernel;
    internal GpuDivisor Inputs;
    internal GpuDivisor GroupOutputs;
    internal int Outputs;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (at >= Weight.Length)
            return;
        int row = Kernel.Quotient(at), k = at - row * Kernel.Divisor;
        int o = Inputs.Quotient(row), i = row - o * Inputs.Divisor;
        int distance = (k - FirstTap) * (TapStep < 0 ? -1 : 1), every = TapStep < 0 ? -TapStep : TapStep;
        var j = distance / every;
        if (distance < 0 || j * every != distance || j >= Taps)
            return;
        var group = GroupOutputs.Quotient(o);
        var place = IsBackward != 0
            ? (group * Taps + j) * GroupOutputs.Divisor + (o - group * GroupOutputs.Divisor)
            : IsDepthwise != 0 ? j * Outputs + o : o * Taps + j;
        place = place * Inputs.Divisor + i;
        if (Returns != 0)
            Weight[at] = Arranged[place];
        else
            Arranged[place] = Weight[at];
    }
}

/// <summary>
/// Copies the windows of some rows side by side, (rows, groups, taps, channels of a group), with 0 outside of the sequences. A
/// thread has an element of the copy; neighbours have neighbouring channels.
/// </summary>
internal struct Conv1dWindows : IGpuKernel
{
    internal ArrayView<float> In;
    internal ArrayView<int> Lengths;
    internal ArrayView<float> Windows;
    internal Conv1dGpuTaps Sizes;
    internal GpuDivisor From;
    internal GpuDivisor Taps;
    internal GpuDivisor Groups;
    internal GpuDivisor Count;
    internal int FirstRow;
    internal int Rows;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (at >= Rows * Sizes.Taps * Sizes.InWidth)
            return;
        int place = From.Quotient(at), c = at - place * From.Divisor;
        int next = Taps.Quotient(place), j = place - next * Taps.Divisor;
        int row = Groups.Quotient(next), g = next - row * Groups.Divisor;
        row += FirstRow;
        int b = Count.Quotient(row), m = row - b * Count.Divisor;
        var step = m * Sizes.InStep + j * Sizes.Spacing + Sizes.InOffset;
        var value = 0f;
        if (step >= 0 && step < Sizes.InLimit(Lengths, b))
            value = In[(b * Sizes.InSteps + step) * Sizes.InWidth + g * From.Divisor + c];
        Windows[at] = value;
    }
}

/// <summary>
/// Copies computed rows to their places in the result, or 0 past the lengths, or 0 everywhere if there are none. A thread has an
/// element.
/// </summary>
internal struct Conv1dPlacement : IGpuKernel
{
    internal ArrayView<float> Computed;
    internal ArrayView<int> Lengths;
    internal ArrayView<float> Result;
    internal Conv1dGpuTaps Sizes;
    internal GpuDivisor Width;
    internal GpuDivisor Count;
    internal int FirstRow;
    internal int Rows;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (at >= Rows * Width.Divisor)
            return;
        int row = Width.Quotient(at), c = at - row * Width.Divisor;
        row += FirstRow;
        int b = Count.Quotient(row), m = row - b * Count.Divisor, step = m * Sizes.OutStep + Sizes.OutOffset;
        var value = 0f;
        if (Computed.Length != 0 && step < Sizes.OutLimit(Lengths, b))
            value = Computed[at];
        Result[(b * Sizes.OutSteps + step) * Width.Divisor + c] = value;
    }
}

/// <summary>Sums over taps of a depth-wise convolution; a thread has an element of the result.</summary>
internal struct Conv1dChannels : IGpuKernel
{
    internal ArrayView<float> In;
    internal ArrayView<int> Lengths;
    internal ArrayView<float> Weight;
    internal ArrayView<float> Bias;
    internal ArrayView<float> Result;
    internal Conv1dGpuTaps Sizes;
    internal GpuDivisor Width;
    internal GpuDivisor Count;
    internal int FirstRow;
    internal int Rows;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (at >= Rows * Width.Divisor)
            return;
        int row = Width.Quotient(at), c = at - row * Width.Divisor;
        row += FirstRow;
        int b = Count.Quotient(row), m = row - b * Count.Divisor, to = m * Sizes.OutStep + Sizes.OutOffset;
        var sum = 0f;
        if (to < Sizes.OutLimit(Lengths, b))
        {
            if (Bias.Length != 0)
                sum = Bias[c];
            int limit = Sizes.InLimit(Lengths, b), step = m * Sizes.InStep + Sizes.InOffset;
            for (var j = 0; j < Sizes.Taps; j++, step += Sizes.Spacing)
            {
                if (step >= 0 && step < limit)
                    sum += In[(b * Sizes.InSteps + step) * Width.Divisor + c] * Weight[j * Width.Divisor + c];
            }
        }

        Result[(b * Sizes.OutSteps + to) * Width.Divisor + c] = sum;
    }
}

/// <summary>
/// Adds up, for each block of rows, the gradient of the weight of a depth-wise convolution, (blocks, taps, channels). A thread
/// has a tap and a channel of a block.
/// </summary>
internal struct Conv1dChannelSums : IGpuKernel
{
    internal ArrayView<float> In;
    internal ArrayView<int> Lengths;
    internal ArrayView<float> DY;
    internal ArrayView<float> Sums;
    internal Conv1dGpuTaps Sizes;
    internal GpuDivisor Width;
    internal GpuDivisor Taps;
    internal GpuDivisor Count;

    /// <summary>The number of rows of all sequences.</summary>
    internal int Total;

    /// <summary>The number of rows of a block.</summary>
    internal int Rows;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (at >= Sums.Length)
            return;
        int place = Width.Quotient(at), c = at - place * Width.Divisor;
        int block = Taps.Quotient(place), j = place - block * Taps.Divisor;
        int first = block * Rows, end = IntrinsicMath.Min(Total, first + Rows);
        var sum = 0f;
        for (var row = first; row < end; row++)
        {
            int b = Count.Quotient(row), m = row - b * Count.Divisor;
            var step = m * Sizes.InStep + j * Sizes.Spacing + Sizes.InOffset;
            if (step >= 0 && step < Sizes.InLimit(Lengths, b) && m < Sizes.OutLimit(Lengths, b))
                sum += In[(b * Sizes.InSteps + step) * Width.Divisor + c] * DY[row * Width.Divisor + c];
        }

        Sums[at] = sum;
    }
}

/// <summary>Adds a bias to rows; a thread has an element.</summary>
internal struct Conv1dBias : IGpuKernel
{
    internal ArrayView<float> Bias;
    internal ArrayView<float> Rows;
    internal GpuDivisor Width;
    internal int Count;

    public readonly void Run()
    {
        var at = Grid.IdxX * IGpuKernel.MostThreads + Group.IdxX;
        if (at < Count)
            Rows[at] += Bias[at - Width.Quotient(at) * Width.Divisor];
    }
}
