using SeqCore.Patterns;

namespace SeqCore;

public sealed partial class AttentionPattern
{
    /// <summary>
    /// A sliding window: the keys at a distance below a size, the own key included; with a dilation d, those of them d apart, at
    /// distances 0, d, 2 d, ..., (size - 1) d (Longformer, arXiv:2004.05150, section 3.1, whose w is 2 (size - 1)). A window
    /// without dilation is also <see cref="AttentionOptions.Window"/>, which needs no table.
    /// </summary>
    /// <param name="size">The number of keys to each side, the own key included, at least 1.</param>
    /// <param name="dilation">The distance between the keys, at least 1.</param>
    public static AttentionPattern Window(int size, int dilation = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        return new(new WindowRule(size, dilation), dilation == 1 ? $"Window({size})" : $"Window({size}, dilation {dilation})");
    }

    /// <summary>
    /// Global tokens, which attend to all keys and to which all queries attend (Longformer, section 3.1, "Global Attention").
    /// </summary>
    /// <param name="positions">The positions of the tokens, such as 0 for a classification token.</param>
    public static AttentionPattern Global(params ReadOnlySpan<int> positions)
    {
        foreach (var position in positions)
            ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(positions));
        return new(new GlobalRule([.. positions]), $"Global({string.Join(", ", positions.ToArray())})");
    }

    /// <summary>
    /// Random blocks: each block of queries attends to some blocks of keys, which the seed draws (BigBird, arXiv:2007.14062,
    /// section 2). The draw depends on the number of positions, unless it is causal.
    /// </summary>
    /// <param name="count">The number of key blocks for each block of queries, at least 1.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="blockSize">The number of queries and keys in a block; multiples of 64 cost least.</param>
    /// <param name="isCausal">
    /// Whether blocks are drawn from those up to the query's own, as a causal attention needs, which would hide later ones.
    /// </param>
    public static AttentionPattern RandomBlocks(int count, ulong seed, int blockSize = 64, bool isCausal = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        return new(new RandomBlocksRule(count, blockSize, seed, isCausal),
            $"RandomBlocks({count}, seed {seed}, of {blockSize}{(isCausal ? ", causal" : "")})");
    }

    /// <summary>
    /// A strided pattern: the keys at a distance below the stride, and those at its multiples (Sparse Transformer,
    /// arXiv:1904.10509, section 4.2). Every block keeps some keys where the stride is at most 64, so that nothing is saved then.
    /// </summary>
    /// <param name="stride">The stride, at least 1.</param>
    public static AttentionPattern Strided(int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        return new(new EitherRule(new WindowRule(stride, 1), new StrideRule(stride)), $"Strided({stride})");
    }

    /// <summary>
    /// A fixed pattern: the keys of the query's own part of a length, and the last few keys of every part, which sum it up
    /// (Sparse Transformer, section 4.2).
    /// </summary>
    /// <param name="length">The length of a part, at least 1.</param>
    /// <param name="summary">The number of keys at the end of each part that all queries attend to, in [0, length].</param>
    public static AttentionPattern Fixed(int length, int summary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(summary);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(summary, length);
        return new(new FixedRule(length, summary), $"Fixed({length}, summary {summary})");
    }

    /// <summary>
    /// Packed documents: a query attends to the keys of its own document only; with
    /// <see cref="AttentionOptions.IsCausal"/>, a block-causal mask.
    /// </summary>
    /// <param name="documents">
    /// The number of each token's document, shape (B, T), or (1, T) for all sequences. A document is a run of equal numbers.
    /// </param>
    /// <exception cref="ShapeException">The tensor does not have two axes.</exception>
    public static AttentionPattern Documents(IndexTensor documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        if (documents.Shape.Rank != 2 || documents.Shape[0] == 0)
            throw ShapeException.Wrong(nameof(Documents), "documents", "(B, T)", documents.Shape);
        return new(new DocumentsRule(documents), $"Documents{documents.Shape}");
    }

    /// <summary>
    /// Any pattern, by a function that is asked once for each pair of positions when a table is made. It has to give the same
    /// answers each time.
    /// </summary>
    /// <param name="allows">Whether the query at the first position may attend to the key at the second.</param>
    public static AttentionPattern Of(Func<int, int, bool> allows)
    {
        ArgumentNullException.ThrowIfNull(allows);
        return new(new FunctionRule(allows), nameof(Of));
    }

    /// <summary>
    /// Longformer's pattern (Beltagy, Peters and Cohan, "Longformer: the long-document Transformer", arXiv:2004.05150): a sliding
    /// window and global tokens.
    /// </summary>
    /// <param name="window">The size of <see cref="Window"/>: 257 for the paper's w of 512.</param>
    /// <param name="globalTokens">The number of tokens at the beginning that are global.</param>
    /// <param name="dilation">The dilation of the window.</param>
    public static AttentionPattern Longformer(int window, int globalTokens = 1, int dilation = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(globalTokens);
        return Window(window, dilation) | Global([.. Enumerable.Range(0, globalTokens)]);
    }

    /// <summary>
    /// BigBird's pattern (Zaheer et al., "Big Bird: Transformers for longer sequences", arXiv:2007.14062, section 2): blocks near
    /// the query's own, random blocks, and global blocks at the beginning.
    /// </summary>
    /// <param name="seed">The seed of the random blocks.</param>
    /// <param name="windowBlocks">The blocks of the window, an odd number: 3 for the own one and one to each side.</param>
    /// <param name="randomBlocks">The random blocks for each block of queries, at least 1.</param>
    /// <param name="globalBlocks">The blocks at the beginning whose tokens are global.</param>
    /// <param name="blockSize">The number of tokens in a block.</param>
    /// <param name="isCausal">Whether random blocks are drawn from those up to the query's own.</param>
    public static AttentionPattern BigBird(ulong seed, int windowBlocks = 3, int randomBlocks = 3, int globalBlocks = 2,
        int blockSize = 64, bool isCausal = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowBlocks, 1);
        if (windowBlocks % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(windowBlocks), windowBlocks,
                "BigBird: the window should have an odd number of blocks, as many to each side.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(globalBlocks);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        var window = new AttentionPattern(new BlockWindowRule(windowBlocks / 2, blockSize),
            $"WindowBlocks({windowBlocks} of {blockSize})");
        return window | RandomBlocks(randomBlocks, seed, blockSize, isCausal)
            | Global([.. Enumerable.Range(0, checked(globalBlocks * blockSize))]);
    }

    /// <summary>A pattern for each query head.</summary>
    /// <param name="patterns">One pattern for each head, each the same for all heads.</param>
    /// <exception cref="ArgumentException">There is none, or one of them has heads of its own.</exception>
    public static AttentionPattern PerHead(params ReadOnlySpan<AttentionPattern> patterns)
    {
        if (patterns.IsEmpty)
            throw new ArgumentException("PerHead: there should be at least one pattern.", nameof(patterns));
        foreach (var pattern in patterns)
        {
            ArgumentNullException.ThrowIfNull(pattern, nameof(patterns));
            if (pattern.Heads > 1)
                throw new ArgumentException($"PerHead: the pattern {pattern} has heads of its own.", nameof(patterns));
            CheckTogether(patterns[0], pattern);
        }

        PatternRule[] rules = [.. patterns.ToArray().Select(pattern => pattern.rule)];
        return new(new PerHeadRule(rules), $"PerHead({string.Join(", ", patterns.ToArray().Select(pattern => pattern.text))})");
    }

    /// <summary>What one of two patterns allows.</summary>
    public static AttentionPattern operator |(AttentionPattern left, AttentionPattern right)
    {
        CheckTogether(left, right);
        return new(new EitherRule(left.rule, right.rule), $"{left.text} | {right.text}");
    }

    /// <summary>What both of two patterns allow.</summary>
    public static AttentionPattern operator &(AttentionPattern left, AttentionPattern right)
    {
        CheckTogether(left, right);
        return new(new BothRule(left.rule, right.rule), $"({left.text}) & ({right.text})");
    }

    private static void CheckTogether(AttentionPattern left, AttentionPattern right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (!Fit(left.Sequences, right.Sequences) || !Fit(left.Heads, right.Heads)
            || (left.rule.Positions is { } a && right.rule.Positions is { } b && a != b))
        {
            throw new ArgumentException($"The patterns {left} and {right} are for different numbers of sequences, heads or"
                + " positions.", nameof(right));
        }

        static bool Fit(int a, int b) => a == 1 || b == 1 || a == b;
    }
}
