namespace SeqCore.Models;

/// <summary>The kinds of pooling over time.</summary>
public enum TimePoolingKind
{
    /// <summary>The last step, <see cref="LastStep"/>.</summary>
    Last,

    /// <summary>The mean of the steps, <see cref="MeanPooling"/>.</summary>
    Mean,

    /// <summary>The largest value of each feature, <see cref="MaxPooling"/>.</summary>
    Max,

    /// <summary>The mean weighted by attention, <see cref="AttentionPooling"/>.</summary>
    Attention,
}
