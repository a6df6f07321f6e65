namespace SeqCore.Models;

/// <summary>
/// Scores predicted spans, as the script conlleval of the CoNLL-2000 shared task does: one counts only if its start, its end and
/// its type are right.
/// </summary>
public sealed class SpanScore
{
    private readonly SortedDictionary<string, LabelScore> scores = new(StringComparer.Ordinal);
    private long tokens, rightTokens;

    /// <summary>The score of all spans together, the micro average.</summary>
    public LabelScore Overall => scores.Values.Aggregate(default(LabelScore), (x, y) => x + y);

    /// <summary>The score of each type that occurred.</summary>
    public IReadOnlyDictionary<string, LabelScore> Types => scores;

    /// <summary>The part of the tokens whose tag is right; NaN without tokens.</summary>
    public double TokenAccuracy => (double)rightTokens / tokens;

    /// <summary>Counts the spans of one sequence.</summary>
    /// <param name="actual">The true tags.</param>
    /// <param name="predicted">The predicted tags, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a tag has another form.</exception>
    public void Add(IReadOnlyList<string> actual, IReadOnlyList<string> predicted)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        if (actual.Count != predicted.Count)
        {
            throw new ArgumentException($"SpanScore: each token needs a tag; got {actual.Count} true and {predicted.Count}"
                + " predicted ones.", nameof(predicted));
        }

        HashSet<LabelledSpan> wanted = [.. LabelledSpan.Of(actual)], given = [.. LabelledSpan.Of(predicted)];
        foreach (var span in wanted.Union(given))
        {
            var (isWanted, isGiven) = (wanted.Contains(span), given.Contains(span));
            scores[span.Type] = scores.GetValueOrDefault(span.Type)
                + new LabelScore(isWanted && isGiven ? 1 : 0, isWanted ? 0 : 1, isGiven ? 0 : 1);
        }

        tokens += actual.Count;
        rightTokens += actual.Zip(predicted).Count(t => t.First == t.Second);
    }
}
