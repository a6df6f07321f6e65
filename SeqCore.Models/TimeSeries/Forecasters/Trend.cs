namespace SeqCore.Models;

/// <summary>How a series grows or falls in a forecast.</summary>
public enum Trend
{
    /// <summary>Not at all: the level stays.</summary>
    None,

    /// <summary>By the same number at each step.</summary>
    Linear,

    /// <summary>By less at each step, so that the level comes to rest.</summary>
    Damped,
}
