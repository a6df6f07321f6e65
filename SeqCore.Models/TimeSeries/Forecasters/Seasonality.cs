namespace SeqCore.Models;

/// <summary>How the season changes the level of a series.</summary>
public enum Seasonality
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By a number that is added, whatever the level.</summary>
    Additive,

    /// <summary>By a factor, so that its effect grows with the level; for values above zero.</summary>
    Multiplicative,
}
