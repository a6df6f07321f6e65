namespace SeqCore.Models;

/// <summary>A text that a <see cref="BeamSearch"/> found.</summary>
/// <param name="Tokens">Y, what follows the prompt, the end token included.</param>
/// <param name="LogProbability">log P(Y): the sum of the logarithms of its tokens' probabilities.</param>
/// <param name="Score">log P(Y) / lp(Y), by which texts are compared.</param>
/// <param name="IsComplete">Whether the end token completes it; false where the greatest length cut it off.</param>
public sealed record BeamHypothesis(ReadOnlyMemory<int> Tokens, double LogProbability, double Score, bool IsComplete)
    : IComparable<BeamHypothesis>
{
    /// <summary>Sorts better ones first: the higher score, then the shorter, then the one with lower tokens.</summary>
    public int CompareTo(BeamHypothesis? other)
    {
        if (other is null)
            return -1;
        var byScore = other.Score.CompareTo(Score);
        var byLength = byScore != 0 ? byScore : Tokens.Length.CompareTo(other.Tokens.Length);
        return byLength != 0 ? byLength : Tokens.Span.SequenceCompareTo(other.Tokens.Span);
    }
}
