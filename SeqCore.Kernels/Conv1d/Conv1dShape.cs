namespace SeqCore.Kernels;

/// <summary>The sizes of a convolution of sequences: inputs (B, T, I), weight (O, I / groups, K), outputs (B, T', O).</summary>
/// <param name="Batch">The number of sequences, B.</param>
/// <param name="Steps">The number of steps of an input, T.</param>
/// <param name="Inputs">The number of channels of the inputs, I.</param>
/// <param name="Outputs">The number of channels of the outputs, O.</param>
/// <param name="Kernel">The number of taps of the kernel, K.</param>
public readonly record struct Conv1dShape(int Batch, int Steps, int Inputs, int Outputs, int Kernel)
{
    /// <summary>The distance between the windows of neighbouring outputs; 1 by default.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>The distance between neighbouring taps; 1 by default.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>The number of groups of channels, each with outputs of its own; 1 by default.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The number of zeros before the first step.</summary>
    public int PaddingLeft { get; init; }

    /// <summary>The number of zeros after the last step.</summary>
    public int PaddingRight { get; init; }

    /// <summary>The number of steps of an output, T'.</summary>
    public int OutputSteps => OutputLength(Steps);

    /// <summary>Returns the number of steps of the result of a sequence, which is 0 if no window fits.</summary>
    public int OutputLength(int length)
    {
        var last = (long)length + PaddingLeft + PaddingRight - Dilation * (Kernel - 1L) - 1;
        return last < 0 ? 0 : (int)(last / Stride + 1);
    }

    internal int GroupInputs => Inputs / Groups;

    internal int GroupOutputs => Outputs / Groups;

    internal bool IsDepthwise => Groups == Inputs && Inputs == Outputs;
}
