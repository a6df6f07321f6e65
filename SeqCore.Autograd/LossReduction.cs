namespace SeqCore;

/// <summary>Specifies how the losses of the tokens are reduced to the result.</summary>
public enum LossReduction
{
    /// <summary>The result is the weighted mean over the tokens that count.</summary>
    Mean,

    /// <summary>The result is the sum of the losses.</summary>
    Sum,

    /// <summary>The result has one loss for each token.</summary>
    None,
}
