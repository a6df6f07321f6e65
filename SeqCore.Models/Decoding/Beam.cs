namespace SeqCore.Models;

/// <summary>
/// The beams of one text in a <see cref="BeamSearch"/>: unfinished texts that grow, and the best finished ones.
/// </summary>
/// <param name="options">The options of the search.</param>
/// <param name="firstRow">The index of its first row in the stream.</param>
/// <param name="width">The number of its rows, W.</param>
/// <param name="limit">The largest number of tokens in a text.</param>
internal sealed class Beam(BeamSearchOptions options, int firstRow, int width, int limit)
{
    private readonly List<BeamHypothesis> finished = [];

    /// <summary>The unfinished texts, likeliest first; text k is in row k.</summary>
    private Beginning[] live = [new([], 0)];

    /// <summary>Whether no unfinished text can become better than the finished ones.</summary>
    internal bool IsDone => live.Length == 0;

    /// <summary>The finished texts, best first.</summary>
    internal IReadOnlyList<BeamHypothesis> Best => finished;

    /// <summary>Extends the unfinished texts by a token.</summary>
    /// <param name="logits">The logits of all texts, shape (G W, V).</param>
    /// <param name="rows">Receives the row that each row of this text continues from.</param>
    /// <param name="tokens">Receives the token that each row of this text reads next.</param>
    internal void Advance(ReadOnlySpan<float> logits, Span<int> rows, Span<int> tokens)
    {
        rows.Slice(firstRow, width).Fill(firstRow);
        tokens.Slice(firstRow, width).Clear();
        if (IsDone)
            return;
        var candidates = Likeliest(logits, logits.Length / rows.Length);
        var next = new List<Beginning>(width);
        for (var rank = 0; rank < candidates.Length && next.Count < width; rank++)
        {
            var candidate = candidates[rank];
            var text = new Beginning([.. live[candidate.Parent].Tokens, candidate.Token], candidate.LogProbability);
            if (candidate.Token == options.EndToken)
            {
                // An end token competes like any other token: further down it would not have been kept.
                if (rank < width)
                    Finish(text, isComplete: true);
                continue;
            }

            rows[firstRow + next.Count] = firstRow + candidate.Parent;
            tokens[firstRow + next.Count] = candidate.Token;
            next.Add(text);
        }

        live = [.. next];
        if (live.Length > 0 && live[0].Tokens.Length == limit)
        {
            foreach (var cut in live)
                Finish(cut, isComplete: false);
            live = [];
        }

        if (CannotImprove())
            live = [];
    }

    /// <summary>
    /// Whether no unfinished text can improve. Its probability only decreases, and lp is largest at the largest length, so log P
    /// / lp(limit) bounds the score that it can reach. Of equal scores, the text that was finished first is shorter and so comes
    /// first.
    /// </summary>
    private bool CannotImprove() => live.Length > 0 && finished.Count == options.Results
        && finished[^1].Score >= live[0].LogProbability / BeamSearch.LengthPenalty(limit, options.LengthPenalty);

    private void Finish(Beginning text, bool isComplete)
    {
        var score = text.LogProbability / BeamSearch.LengthPenalty(text.Tokens.Length, options.LengthPenalty);
        var hypothesis = new BeamHypothesis(text.Tokens, text.LogProbability, score, isComplete);
        var place = finished.BinarySearch(hypothesis);
        finished.Insert(place < 0 ? ~place : place, hypothesis);
        if (finished.Count > options.Results)
            finished.RemoveAt(options.Results);
    }

    /// <summary>Returns the 2 W likeliest continuations, likeliest first: at most W of them end, so W remain.</summary>
    private Candidate[] Likeliest(ReadOnlySpan<float> logits, int vocabulary)
    {
        var comparer = Comparer<Candidate>.Create((x, y) => -Compare(x, y));
        var kept = new PriorityQueue<Candidate, Candidate>(comparer);
        for (var k = 0; k < live.Length; k++)
        {
            var row = logits.Slice((firstRow + k) * vocabulary, vocabulary);
            var max = LogitRow.Max(row, nameof(BeamSearch));
            var logSum = LogitRow.LogSum(row, max);
            var repeating = Repeating(live[k].Tokens, options.NoRepeatNgram);
            for (var token = 0; token < vocabulary; token++)
            {
                if (float.IsNegativeInfinity(row[token]) || (repeating.Contains(token) && token != options.EndToken))
                    continue;
                var candidate = new Candidate(k, token, live[k].LogProbability + ((double)row[token] - max - logSum));
                if (kept.Count < 2 * width)
                    kept.Enqueue(candidate, candidate);
                else if (Compare(candidate, kept.Peek()) < 0)
                    kept.EnqueueDequeue(candidate, candidate);
            }
        }

        var sorted = new Candidate[kept.Count];
        while (kept.Count > 0)
            sorted[kept.Count - 1] = kept.Dequeue();
        return sorted;
    }

    /// <summary>Returns the tokens after which a text would have the same n tokens in a row twice; none for n = 0.</summary>
    private static HashSet<int> Repeating(int[] text, int n)
    {
        var tokens = new HashSet<int>();
        if (n == 0 || text.Length < n)
            return tokens;
        var last = text.AsSpan(text.Length - n + 1);
        for (var i = 0; i + n <= text.Length; i++)
        {
            if (text.AsSpan(i, n - 1).SequenceEqual(last))
                tokens.Add(text[i + n - 1]);
        }

        return tokens;
    }

    private int Compare(Candidate x, Candidate y)
    {
        var byProbability = y.LogProbability.CompareTo(x.LogProbability);
        if (byProbability != 0)
            return byProbability;
        var byBeginning = x.Parent == y.Parent ? 0 : live[x.Parent].Tokens.AsSpan().SequenceCompareTo(live[y.Parent].Tokens);
        return byBeginning != 0 ? byBeginning : x.Token.CompareTo(y.Token);
    }

    private readonly record struct Beginning(int[] Tokens, double LogProbability);

    private readonly record struct Candidate(int Parent, int Token, double LogProbability);
}
