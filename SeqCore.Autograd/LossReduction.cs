namespace SeqCore;

/// <summary>How the losses of the tokens become the result.</summary>
public enum LossReduction
{
    /// <summary>Their weighted mean over the tokens that count.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>They stay as they are, one for each token.</summary>
    None,
}
