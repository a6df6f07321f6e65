using System.Buffers;

namespace SeqCore.Models;

/// <summary>
/// All ways to write a word as pieces, each with the sum of its pieces' scores. Characters without a piece of their own may stand
/// alone as unknown ones, which score less than all pieces do.
/// </summary>
/// <param name="trie">The pieces.</param>
/// <param name="scores">The score of each piece, ln p.</param>
/// <param name="unknownScore">The score of an unknown character.</param>
internal sealed class PieceLattice(PieceTrie trie, ReadOnlyMemory<float> scores, float unknownScore)
{
    /// <summary>How much less than the least likely piece an unknown character scores, as in SentencePiece.</summary>
    internal const float UnknownPenalty = 10;

    /// <summary>The number that stands for an unknown character.</summary>
    internal const int Unknown = -1;

    /// <summary>The uses of pieces in the word that <see cref="AddExpected"/> reads.</summary>
    private readonly List<(int Start, int End, int Piece)> uses = [];

    /// <summary>
    /// Finds the most probable pieces (Viterbi): x* = argmax of the sum of ln p(x_i) over all x whose concatenation is the word
    /// (Kudo, arXiv:1804.10959, section 3.2). Sums are in float32, and of equal ones that with the longer last piece is taken, as
    /// in SentencePiece.
    /// </summary>
    /// <param name="word">The word, well formed.</param>
    /// <param name="pieces">Receives the pieces and their lengths in UTF-16 units; it is cleared before.</param>
    /// <param name="excluded">A piece that is not used; none by default.</param>
    /// <returns>Whether there is a way; there always is one unless a piece is excluded.</returns>
    internal bool Best(ReadOnlySpan<char> word, List<(int Piece, int Length)> pieces, int excluded = int.MinValue)
    {
        pieces.Clear();
        var count = word.Length + 1;
        var best = ArrayPool<(float Score, int Piece, int Start)>.Shared.Rent(count);
        Array.Fill(best, (float.NegativeInfinity, Unknown, -1), 0, count);
        best[0] = (0, Unknown, 0);
        var known = scores.Span;
        for (var at = 0; at < word.Length; at += LengthOfCharacter(word, at))
        {
            if (best[at].Start < 0)
                continue;
            var (node, single, hasSingle) = (0, LengthOfCharacter(word, at), false);
            for (var end = at; end < word.Length && node >= 0;)
            {
                var piece = trie.Step(ref node, word[end++]);
                if (piece < 0)
                    continue;
                hasSingle |= end - at == single;
                if (piece != excluded)
                    Improve(at, end, piece, known[piece]);
            }

            if (!hasSingle)
                Improve(at, at + single, Unknown, unknownScore);
        }

        var found = best[word.Length].Start >= 0;
        if (found)
        {
            for (var end = word.Length; end > 0; end = best[end].Start)
                pieces.Add((best[end].Piece, end - best[end].Start));
            pieces.Reverse();
        }

        ArrayPool<(float, int, int)>.Shared.Return(best);
        return found;

        void Improve(int at, int end, int piece, float score)
        {
            if (best[at].Score + score is var sum && (best[end].Start < 0 || sum > best[end].Score))
                best[end] = (sum, piece, at);
        }
    }

    /// <summary>
    /// Adds the expected number of times that a word has each piece, which is the posterior probability of each use (the
    /// expectation step; forward and backward sums in float64).
    /// </summary>
    /// <param name="word">The word.</param>
    /// <param name="weight">The number of times that the word is found.</param>
    /// <param name="expected">The expected number of each piece.</param>
    /// <returns>The logarithm of the word's probability, the sum over all ways to write it.</returns>
    internal double AddExpected(ReadOnlySpan<char> word, double weight, Span<double> expected)
    {
        var count = word.Length + 1;
        var forward = ArrayPool<double>.Shared.Rent(count);
        var backward = ArrayPool<double>.Shared.Rent(count);
        Array.Fill(forward, double.NegativeInfinity, 0, count);
        Array.Fill(backward, double.NegativeInfinity, 0, count);
        (forward[0], backward[word.Length]) = (0, 0);
        uses.Clear();
        Collect(word);
        foreach (var (start, end, piece) in uses)
            forward[end] = AddLogarithms(forward[end], forward[start] + ScoreOf(piece));
        for (var i = uses.Count - 1; i >= 0; i--)
            backward[uses[i].Start] = AddLogarithms(backward[uses[i].Start], backward[uses[i].End] + ScoreOf(uses[i].Piece));
        var all = forward[word.Length];
        foreach (var (start, end, piece) in uses)
        {
            if (piece >= 0)
                expected[piece] += weight * Math.Exp(forward[start] + ScoreOf(piece) + backward[end] - all);
        }

        ArrayPool<double>.Shared.Return(forward);
        ArrayPool<double>.Shared.Return(backward);
        return all;
    }

    /// <summary>Lists the uses of pieces in a word, by their starts.</summary>
    private void Collect(ReadOnlySpan<char> word)
    {
        for (var at = 0; at < word.Length; at += LengthOfCharacter(word, at))
        {
            var (node, single, hasSingle) = (0, LengthOfCharacter(word, at), false);
            for (var end = at; end < word.Length && node >= 0;)
            {
                var piece = trie.Step(ref node, word[end++]);
                if (piece < 0)
                    continue;
                hasSingle |= end - at == single;
                uses.Add((at, end, piece));
            }

            if (!hasSingle)
                uses.Add((at, at + single, Unknown));
        }
    }

    private float ScoreOf(int piece) => piece >= 0 ? scores.Span[piece] : unknownScore;

    private static double AddLogarithms(double a, double b)
    {
        var (low, high) = a < b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }

    private static int LengthOfCharacter(ReadOnlySpan<char> word, int at) => char.IsHighSurrogate(word[at]) ? 2 : 1;
}
