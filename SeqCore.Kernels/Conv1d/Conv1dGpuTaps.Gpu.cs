using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.Conv1d;

/// <summary>A sum over taps as kernels take it: integers only.</summary>
internal readonly struct Conv1dGpuTaps(in Conv1dTaps taps, in Conv1dShape shape, bool isBackward)
{
    internal readonly int Taps = taps.Taps;
    internal readonly int InStep = taps.InStep;
    internal readonly int Spacing = taps.Spacing;
    internal readonly int InOffset = taps.InOffset;
    internal readonly int OutStep = taps.OutStep;
    internal readonly int OutOffset = taps.OutOffset;
    internal readonly int InSteps = taps.InSteps;
    internal readonly int OutSteps = taps.OutSteps;
    internal readonly int InWidth = taps.InWidth;
    internal readonly int OutWidth = taps.OutWidth;

    // The length of a result is (length + added) / stride, and 0 if that is negative.
    private readonly int added = shape.PaddingLeft + shape.PaddingRight - shape.Dilation * (shape.Kernel - 1) - 1 + shape.Stride;
    private readonly int stride = shape.Stride;
    private readonly int isBackward = isBackward ? 1 : 0;

    /// <summary>The sizes of the gradient of the outputs itself: its rows up to the lengths of the results.</summary>
    internal static Conv1dGpuTaps OfResult(in Conv1dShape shape) => new(Conv1dTaps.Forward(shape), shape, false);

    /// <summary>Returns the number of steps of a sequence that the operand has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int InLimit(ArrayView<int> lengths, int b) =>
        lengths.Length == 0 ? InSteps : isBackward != 0 ? OfResult(lengths[b]) : Within(lengths[b], InSteps);

    /// <summary>Returns the number of steps of a sequence that the result has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int OutLimit(ArrayView<int> lengths, int b) =>
        lengths.Length == 0 ? OutSteps : isBackward != 0 ? Within(lengths[b], OutSteps) : OfResult(lengths[b]);

    private int OfResult(int length)
    {
        var most = isBackward != 0 ? OutSteps : InSteps;
        var end = Within(length, most) + added;
        return end < 0 ? 0 : end / stride;
    }

    // A length that is out of range has been noted.
    private static int Within(int length, int most) => length < 0 ? 0 : length > most ? most : length;
}
