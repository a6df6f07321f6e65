namespace SeqCore.Samples.LstmVsTransformer.Tasks;

/// <summary>
/// Look up: pairs of a key and a value, no key twice, and at the end one of the keys again; the answer is its value (after Ba,
/// Hinton, Mnih, Leibo and Ionescu, "Using fast weights to attend to the recent past", arXiv:1610.06258).
/// </summary>
internal sealed class AssociativeRecall : TokenTask
{
    private const int Values = 8;
    private readonly int keys;

    /// <param name="length">T = 2 P + 1 for P pairs, so odd and at least 3; there are 2 P keys to draw from.</param>
    internal AssociativeRecall(int length) : base(length)
    {
        if (length < 3 || length % 2 == 0)
        {
            throw new ArgumentException($"AssociativeRecall: the length should be odd and at least 3; got {length}.",
                nameof(length));
        }

        keys = length - 1;
    }

    /// <inheritdoc/>
    internal override string Name => "associative recall";

    /// <inheritdoc/>
    internal override int VocabularySize => keys + Values;

    /// <inheritdoc/>
    internal override int OutputSize => Values;

    /// <inheritdoc/>
    internal override void Fill(RandomGenerator random, Span<int> tokens, Span<int> answers)
    {
        var pairs = tokens.Length / 2;
        var deck = Enumerable.Range(0, keys).ToArray();
        for (var p = 0; p < pairs; p++)
        {
            var drawn = p + random.NextInt32(keys - p);
            (deck[p], deck[drawn]) = (deck[drawn], deck[p]);
            tokens[2 * p] = deck[p];
            tokens[2 * p + 1] = keys + random.NextInt32(Values);
        }

        var asked = random.NextInt32(pairs);
        tokens[^1] = tokens[2 * asked];
        answers[0] = tokens[2 * asked + 1] - keys;
    }
}
