namespace SeqCore.Models;

/// <summary>
/// Finds the pieces of a vocabulary (Kudo, arXiv:1804.10959, section 3.2): starts from frequent parts of words; fits their
/// probabilities by expectation-maximization, which raises the likelihood L = sum over the words of ln(sum over all x in S(word)
/// of the product of p(x_i)); removes those whose loss would lower it least; and repeats until as few are left as are wanted.
/// Characters are never removed.
/// </summary>
/// <remarks>
/// The details are those of SentencePiece: the maximization step uses the digamma function, which favours few pieces; pieces
/// expected less than half a time are dropped; and the loss of a piece assumes that its second-best pieces replace it wherever it
/// is used. Differs from it: pieces may not mix letters, numbers and other characters, whereas there they may not mix scripts; a
/// part of a word that ends where the word or such a class ends is found at the start too, even if the same always follows; and
/// characters expected less than half a time count as half, whereas there they are dropped and come back at the end.
/// </remarks>
internal sealed class UnigramTrainer
{
    /// <summary>How many times as many pieces as wanted are left by pruning; the rest is dropped by score.</summary>
    private const double Surplus = 1.1;
    private const double LeastExpected = 0.5;

    private readonly string[] words;
    private readonly long[] counts;
    private readonly string[] required;
    private readonly UnigramTrainingOptions options;
    private readonly CancellationToken cancellation;

    /// <summary>Prepares the training.</summary>
    /// <param name="words">The words, with the number of times that each is found.</param>
    /// <param name="options">How pieces are found.</param>
    /// <param name="cancellation">Cancels the training.</param>
    internal UnigramTrainer(IReadOnlyDictionary<string, long> words, UnigramTrainingOptions options,
        CancellationToken cancellation)
    {
        (this.options, this.cancellation) = (options, cancellation);
        required = Covered(words, options.CharacterCoverage);
        var parts = new Dictionary<string, long>(StringComparer.Ordinal);
        var known = required.ToHashSet(StringComparer.Ordinal);
        foreach (var (word, count) in words)
        {
            foreach (var part in Known(word, known))
                parts[part] = parts.GetValueOrDefault(part) + count;
        }

        this.words = [.. parts.Keys.Order(StringComparer.Ordinal)];
        counts = Array.ConvertAll(this.words, w => parts[w]);
    }

    /// <summary>The number of characters that become pieces in any case.</summary>
    internal int RequiredCount => required.Length;

    /// <summary>Runs the training.</summary>
    /// <param name="count">The number of pieces to have, at least <see cref="RequiredCount"/>.</param>
    /// <returns>The pieces with ln p, the most probable first; fewer if there are no more.</returns>
    internal List<(string Piece, float Score)> Run(int count)
    {
        var pieces = Start();
        var wanted = Math.Max((int)(Surplus * count), required.Length);
        while (true)
        {
            for (var i = 0; i < options.Iterations; i++)
                pieces = Maximize(pieces, Expect(pieces));
            if (pieces.Count <= wanted)
                return Finish(pieces, count);
            var fewer = Prune(pieces, wanted);
            if (fewer.Count == pieces.Count)
                return Finish(pieces, count);
            pieces = fewer;
        }
    }

    private List<(string Piece, float Score)> Start()
    {
        var characters = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var w = 0; w < words.Length; w++)
        {
            foreach (var character in words[w].EnumerateRunes())
            {
                var text = character.ToString();
                characters[text] = characters.GetValueOrDefault(text) + counts[w];
            }
        }

        var parts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var w = 0; w < words.Length; w++)
        {
            for (var rest = words[w].AsSpan(); !rest.IsEmpty;)
            {
                var part = rest[..SpacedWords.LengthOfOneClass(rest)].ToString();
                parts[part] = parts.GetValueOrDefault(part) + counts[w];
                rest = rest[part.Length..];
            }
        }

        List<(string Piece, double Weight)> all =
        [
            .. required.Select(c => (c, characters[c])),
            .. SeedPieces.Find([.. parts.Keys], [.. parts.Values], options.MaximumPieceLength, options.SeedSize, cancellation),
        ];
        var total = Math.Log(all.Sum(p => p.Weight));
        return [.. all.Select(p => (p.Piece, (float)(Math.Log(p.Weight) - total)))];
    }

    /// <summary>The expectation step: the expected number of each piece in the words.</summary>
    private double[] Expect(List<(string Piece, float Score)> pieces)
    {
        var expected = new double[pieces.Count];
        var lattice = Lattice(pieces);
        for (var w = 0; w < words.Length; w++)
        {
            if (w % 1024 == 0)
                cancellation.ThrowIfCancellationRequested();
            lattice.AddExpected(words[w], counts[w], expected);
        }

        return expected;
    }

    /// <summary>The maximization step: ln p_i = digamma(expected_i) - digamma(sum of all).</summary>
    private static List<(string Piece, float Score)> Maximize(List<(string Piece, float Score)> pieces, double[] expected)
    {
        (string Piece, double Expected)[] kept = [.. pieces
            .Select((p, i) => (p.Piece, IsCharacter(p.Piece) ? Math.Max(expected[i], LeastExpected) : expected[i]))
            .Where(p => p.Item2 >= LeastExpected)];
        var total = Digamma(kept.Sum(p => p.Expected));
        return [.. kept.Select(p => (p.Piece, (float)(Digamma(p.Expected) - total)))];
    }

    /// <summary>Removes the pieces whose loss lowers the likelihood least.</summary>
    private List<(string Piece, float Score)> Prune(List<(string Piece, float Score)> pieces, int wanted)
    {
        var lattice = Lattice(pieces);
        var frequencies = Frequencies(lattice, pieces.Count);
        var sum = frequencies.Sum();
        var logarithmOfSum = Math.Log(sum);
        var kept = new List<int>();
        var candidates = new List<(int Piece, double Loss)>();
        var way = new List<(int Piece, int Length)>();
        for (var i = 0; i < pieces.Count; i++)
        {
            // A piece that the best way does not use, not even to write its own text, is not needed.
            var text = pieces[i].Piece;
            lattice.Best(text, way);
            if (frequencies[i] == 0 || way.Count > 1)
            {
                if (IsCharacter(text))
                    kept.Add(i);
                continue;
            }

            if (!lattice.Best(text, way, excluded: i))
            {
                kept.Add(i);
                continue;
            }

            var sumWithout = Math.Log(sum + (frequencies[i] * (way.Count - 1)));
            var without = way.Sum(p => Math.Log(frequencies[p.Piece] + frequencies[i]) - sumWithout);
            candidates.Add((i, frequencies[i] * (Math.Log(frequencies[i]) - logarithmOfSum - without)));
        }

        var size = Math.Max(wanted, (int)(options.ShrinkingFactor * pieces.Count));
        candidates.Sort((a, b) => a.Loss != b.Loss ? b.Loss.CompareTo(a.Loss) : a.Piece.CompareTo(b.Piece));
        kept.AddRange(candidates.Take(Math.Max(0, size - kept.Count)).Select(c => c.Piece));
        kept.Sort();
        return [.. kept.Select(i => pieces[i])];
    }

    /// <summary>How often the most probable ways to write the words use each piece.</summary>
    private double[] Frequencies(PieceLattice lattice, int count)
    {
        var frequencies = new double[count];
        var way = new List<(int Piece, int Length)>();
        for (var w = 0; w < words.Length; w++)
        {
            if (w % 1024 == 0)
                cancellation.ThrowIfCancellationRequested();
            lattice.Best(words[w], way);
            foreach (var (piece, _) in way)
            {
                if (piece >= 0)
                    frequencies[piece] += counts[w];
            }
        }

        return frequencies;
    }

    /// <summary>Takes all characters and the most probable other pieces.</summary>
    private List<(string Piece, float Score)> Finish(List<(string Piece, float Score)> pieces, int count)
    {
        List<(string Piece, float Score)> result =
        [
            .. pieces.Where(p => IsCharacter(p.Piece)),
            .. pieces.Where(p => !IsCharacter(p.Piece)).OrderByDescending(p => p.Score)
                .ThenBy(p => p.Piece, StringComparer.Ordinal).Take(count - required.Length),
        ];
        result.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : string.CompareOrdinal(a.Piece, b.Piece));
        return result;
    }

    private static PieceLattice Lattice(List<(string Piece, float Score)> pieces)
    {
        float[] scores = [.. pieces.Select(p => p.Score)];
        return new(new PieceTrie(pieces.Select((p, i) => (p.Piece, i))), scores,
            (scores.Length == 0 ? 0 : scores.Min()) - PieceLattice.UnknownPenalty);
    }

    private static bool IsCharacter(string text) => text.Length == 1 || (text.Length == 2 && char.IsHighSurrogate(text[0]));

    /// <summary>The most frequent characters that make up a fraction of all.</summary>
    private static string[] Covered(IReadOnlyDictionary<string, long> words, double fraction)
    {
        var frequencies = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (word, count) in words)
        {
            foreach (var character in word.EnumerateRunes())
            {
                var text = character.ToString();
                frequencies[text] = frequencies.GetValueOrDefault(text) + count;
            }
        }

        var wanted = fraction * frequencies.Values.Sum();
        var covered = 0L;
        return [.. frequencies.OrderByDescending(f => f.Value).ThenBy(f => f.Key, StringComparer.Ordinal).TakeWhile(f =>
        {
            var isWanted = covered < wanted;
            covered += f.Value;
            return isWanted;
        }).Select(f => f.Key)];
    }

    /// <summary>The parts of a word between characters that are not known.</summary>
    private static IEnumerable<string> Known(string word, HashSet<string> known)
    {
        var (start, at) = (0, 0);
        foreach (var character in word.EnumerateRunes())
        {
            if (!known.Contains(character.ToString()))
            {
                if (at > start)
                    yield return word[start..at];
                start = at + character.Utf16SequenceLength;
            }

            at += character.Utf16SequenceLength;
        }

        if (at > start)
            yield return word[start..at];
    }

    /// <summary>
    /// The derivative of ln gamma(x), x > 0: by digamma(x) = digamma(x + 1) - 1 / x to x of at least 10, and there by its
    /// asymptotic series ln x - 1 / 2x - 1 / 12x^2 + 1 / 120x^4 - 1 / 252x^6 + 1 / 240x^8 (Abramowitz and Stegun 6.3.5 and
    /// 6.3.18).
    /// </summary>
    internal static double Digamma(double x)
    {
        var result = 0.0;
        for (; x < 10; x++)
            result -= 1 / x;
        var square = 1 / (x * x);
        return result + Math.Log(x) - (0.5 / x)
            - (square * (1.0 / 12 - (square * (1.0 / 120 - (square * (1.0 / 252 - (square / 240)))))));
    }
}
