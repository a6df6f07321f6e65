namespace SeqCore.Models;

/// <summary>How a <see cref="ChannelScaler"/> scales the values of a channel.</summary>
public enum ScalingKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>To mean 0 and standard deviation 1.</summary>
    Standard,

    /// <summary>To the range from 0 to 1.</summary>
    MinMax,

    /// <summary>To mean absolute value 1, without a shift, which keeps zero where it is.</summary>
    MeanAbsolute,
}
