namespace SeqCore.Models;

/// <summary>A text found by a <see cref="BeamSearch"/>.</summary>
/// <param name="Tokens">The tokens Y after the prompt, including the end token.</param>
/// <param name="LogProbability">The logarithm of the text's probability, log P(Y): the sum over its tokens.</param>
/// <param name="Score">The score by which texts are compared, log P(Y) / lp(Y).</param>
/// <param name="IsComplete">Whether the end token completes the text; false if it was cut at the largest length.</param>
public sealed record BeamHypothesis(ReadOnlyMemory<int> Tokens, double LogProbability, double Score, bool IsComplete)
    : IComparable<BeamHypothesis>
{
    /// <summary>Orders better texts first: by higher score, then by length, then by lower tokens.</summary>
    public int CompareTo(BeamHypothesis? other)
    {
        if (other is null)
            return -1;
        var byScore = other.Score.CompareTo(Score);
        var byLength = byScore != 0 ? byScore : Tokens.Length.CompareTo(other.Tokens.Length);
        return byLength != 0 ? byLength : Tokens.Span.SequenceCompareTo(other.Tokens.Span);
    }
}
