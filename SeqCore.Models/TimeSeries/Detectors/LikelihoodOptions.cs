namespace SeqCore.Models;

/// <summary>How errors become scores (<see cref="AnomalyLikelihood"/>).</summary>
public sealed record LikelihoodOptions
{
    /// <summary>The number of earlier errors that say what is usual, at least 10; 500 by default.</summary>
    public int Window { get; init; } = 500;

    /// <summary>The number of errors, the newest ones, whose mean is judged, at least 1; 1 by default.</summary>
    public int ShortTerm { get; init; } = 1;

    internal void Check(string owner)
    {
        Argument.AtLeast(Window, owner, nameof(Window), AnomalyLikelihood.FewestErrors);
        Argument.AtLeast(ShortTerm, owner, nameof(ShortTerm));
    }
}
