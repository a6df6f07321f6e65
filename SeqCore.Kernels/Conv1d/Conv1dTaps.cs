namespace SeqCore.Kernels.Conv1d;

/// <summary>
/// Sums over taps, which both the convolution and the gradient of its inputs are: row m of the result is the sum over j of row
/// m InStep + j Spacing + InOffset of the operand times the matrix of tap j, and is stored as row m OutStep + OutOffset. Rows of
/// the operand outside of the sequence are 0.
/// </summary>
internal struct Conv1dTaps
{
    /// <summary>The number of taps; with none the result is 0.</summary>
    internal int Taps;
    internal int InStep;
    internal int Spacing;
    internal int InOffset;
    internal int OutStep;
    internal int OutOffset;

    /// <summary>The tap of the kernel that is tap 0 here.</summary>
    internal int FirstTap;

    /// <summary>The distance in the kernel to the next tap here.</summary>
    internal int TapStep;

    internal int Batch;
    internal int Groups;

    /// <summary>The number of steps of an operand's sequence.</summary>
    internal int InSteps;

    /// <summary>The number of steps of a result's sequence.</summary>
    internal int OutSteps;

    /// <summary>The number of channels of one group of the operand.</summary>
    internal int From;

    /// <summary>The number of channels of one group of the result.</summary>
    internal int To;

    /// <summary>The number of channels of the operand.</summary>
    internal readonly int InWidth => From * Groups;

    /// <summary>The number of channels of the result.</summary>
    internal readonly int OutWidth => To * Groups;

    /// <summary>The number of elements that a row of the result is a sum over: the taps' channels of one group.</summary>
    internal readonly int Depth => Taps * From;

    /// <summary>The number of rows of the result in each sequence.</summary>
    internal readonly int Count => CountOf(OutSteps);

    /// <summary>Returns how many of them lie within the first steps of the result.</summary>
    internal readonly int CountOf(int limit) => limit <= OutOffset ? 0 : (limit - OutOffset - 1) / OutStep + 1;

    /// <summary>The convolution itself.</summary>
    internal static Conv1dTaps Forward(in Conv1dShape s) => new()
    {
        Taps = s.Kernel,
        InStep = s.Stride,
        Spacing = s.Dilation,
        InOffset = -s.PaddingLeft,
        OutStep = 1,
        TapStep = 1,
        Batch = s.Batch,
        Groups = s.Groups,
        InSteps = s.Steps,
        OutSteps = s.OutputSteps,
        From = s.GroupInputs,
        To = s.GroupOutputs,
    };

    /// <summary>
    /// The gradient of the inputs whose steps leave remainder r on division by the stride: step u = m stride + r gets dY_t for
    /// the taps k with t stride + k dilation - left = u. With d the greatest common divisor of stride and dilation, these are
    /// every (stride / d)-th tap, and t decreases by dilation / d from one to the next; so they are taken in reverse order.
    /// </summary>
    internal static Conv1dTaps Backward(in Conv1dShape s, int remainder)
    {
        int divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(s.Stride, s.Dilation), every = s.Stride / divisor;
        var first = 0;
        while (first < every && first < s.Kernel && Distance(s, remainder, first) % s.Stride != 0)
            first++;
        var taps = first < every && first < s.Kernel ? (s.Kernel - 1 - first) / every + 1 : 0;
        var spacing = s.Dilation / divisor;
        return new()
        {
            Taps = taps,
            InStep = 1,
            Spacing = spacing,
            InOffset = taps == 0 ? 0 : (int)(Distance(s, remainder, first) / s.Stride - (taps - 1L) * spacing),
            OutStep = s.Stride,
            OutOffset = remainder,
            FirstTap = taps == 0 ? 0 : first + (taps - 1) * every,
            TapStep = -every,
            Batch = s.Batch,
            Groups = s.Groups,
            InSteps = s.OutputSteps,
            OutSteps = s.Steps,
            From = s.GroupOutputs,
            To = s.GroupInputs,
        };
    }

    private static long Distance(in Conv1dShape s, int remainder, int tap) =>
        remainder + (long)s.PaddingLeft - (long)tap * s.Dilation;
}
