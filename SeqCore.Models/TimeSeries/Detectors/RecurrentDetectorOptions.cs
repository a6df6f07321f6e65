namespace SeqCore.Models;

/// <summary>The network of a <see cref="RecurrentDetector"/>, its training, its scores and its alarms.</summary>
public sealed record RecurrentDetectorOptions
{
    /// <summary>The kind of the recurrent layers; <see cref="RecurrentKind.Gru"/> by default.</summary>
    public RecurrentKind Cell { get; init; } = RecurrentKind.Gru;

    /// <summary>The number of hidden units of a layer, at least 1; 32 by default.</summary>
    public int HiddenSize { get; init; } = 32;

    /// <summary>The number of recurrent layers, at least 1; 1 by default.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>The number of steps through which training back-propagates, at least 16; 48 by default.</summary>
    public int SequenceLength { get; init; } = 48;

    /// <summary>How the network is trained.</summary>
    public DetectorTrainingOptions Training { get; init; } = new();

    /// <summary>How errors become scores.</summary>
    public LikelihoodOptions Likelihood { get; init; } = new();

    /// <summary>When it gives an alarm.</summary>
    public AlarmOptions Alarm { get; init; } = new();

    internal void Check(string owner)
    {
        Argument.Defined(Cell, owner, nameof(Cell));
        Argument.AtLeast(HiddenSize, owner, nameof(HiddenSize));
        Argument.AtLeast(Layers, owner, nameof(Layers));
        Argument.AtLeast(SequenceLength, owner, nameof(SequenceLength), 16);
    }
}
