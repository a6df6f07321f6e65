namespace SeqCore.Models;

/// <summary>The network of an <see cref="AutoencoderDetector"/>, its training, its scores and its alarms.</summary>
public sealed record AutoencoderDetectorOptions
{
    /// <summary>The number of steps that are reconstructed together, L, at least 2; 32 by default.</summary>
    public int Window { get; init; } = 32;

    /// <summary>
    /// The number of hidden units of both layers, at least 1; 16 by default. It should be below the number of values in a
    /// window, or else the network can copy what is unusual too.
    /// </summary>
    public int HiddenSize { get; init; } = 16;

    /// <summary>How the network is trained.</summary>
    public DetectorTrainingOptions Training { get; init; } = new();

    /// <summary>How errors become scores.</summary>
    public LikelihoodOptions Likelihood { get; init; } = new();

    /// <summary>When it gives an alarm.</summary>
    public AlarmOptions Alarm { get; init; } = new();

    internal void Check(string owner)
    {
        Argument.AtLeast(Window, owner, nameof(Window), 2);
        Argument.AtLeast(HiddenSize, owner, nameof(HiddenSize));
    }
}
