namespace SeqCore.Models;

/// <summary>How texts become sequences for a model: the tokens around them, and the largest length.</summary>
/// <example>
/// <code>
/// var words = new WordTokenizer("the cat sat on the mat");
/// var options = new EncodingOptions { AddStartAndEnd = true, MaximumLength = 4 };
/// var sequences = words.EncodeEach(["the cat sat", "the"], options);
/// Console.WriteLine(words.Decode(sequences[0]));               // [CLS] the cat [SEP]
/// using var batch = new PaddedBatch(sequences, words.Special.Padding ?? 0);
/// Console.WriteLine(batch.Tokens.Shape);                       // (2, 4)
/// </code>
/// </example>
public sealed record EncodingOptions
{
    /// <summary>
    /// The largest number of tokens, including the start and end tokens; longer texts are truncated. Null, the default, for no
    /// limit.
    /// </summary>
    public int? MaximumLength { get; init; }

    /// <summary>The side at which longer texts lose tokens; <see cref="TruncationSide.End"/> by default.</summary>
    public TruncationSide TruncationSide { get; init; }

    /// <summary>
    /// Whether the <see cref="SpecialTokens.Start"/> is put before the text and the <see cref="SpecialTokens.End"/> after it, as
    /// far as the tokenizer has them; false by default.
    /// </summary>
    public bool AddStartAndEnd { get; init; }
}

/// <summary>The side at which a text that is too long loses tokens.</summary>
public enum TruncationSide
{
    /// <summary>The end of the text is dropped.</summary>
    End,

    /// <summary>The start of the text is dropped.</summary>
    Start,
}

/// <summary>The options as they apply to a tokenizer.</summary>
internal readonly struct EncodingPlan
{
    private readonly int? start, end;
    private readonly int most;
    private readonly bool dropsStart;

    /// <exception cref="ArgumentException">
    /// Nothing of a text would remain, or the tokenizer has neither a start nor an end token.
    /// </exception>
    internal EncodingPlan(Tokenizer tokenizer, EncodingOptions options)
    {
        var owner = tokenizer.GetType().Name;
        if (options.AddStartAndEnd)
        {
            (start, end) = (tokenizer.Special.Start, tokenizer.Special.End);
            if (start is null && end is null)
            {
                throw new ArgumentException($"{owner}: the tokenizer has neither a start nor an end token."
                    + $" Hint: leave {nameof(EncodingOptions.AddStartAndEnd)} false.", nameof(options));
            }
        }

        var added = (start is null ? 0 : 1) + (end is null ? 0 : 1);
        if (options.MaximumLength is { } limit && limit <= added)
        {
            var beside = added == 0 ? "" : "beside the start and end tokens ";
            throw new ArgumentOutOfRangeException(nameof(options), limit,
                $"{owner}: {nameof(EncodingOptions.MaximumLength)} should be at least {added + 1}, so that {beside}a token of the"
                    + " text remains.");
        }

        var side = Argument.Defined(options.TruncationSide, owner, nameof(EncodingOptions.TruncationSide));
        dropsStart = side == TruncationSide.Start;
        most = options.MaximumLength is { } maximum ? maximum - added : int.MaxValue;
    }

    internal int[] Apply(ReadOnlySpan<int> tokens) => Apply(tokens, start, end);

    internal TokenizedText Apply(TokenizedText text)
    {
        int[] tokens = [.. text.Tokens];
        Range[] ranges = [.. text.Ranges];
        var kept = Apply<Range>(ranges, start is null ? null : 0..0, null);
        var last = kept.Length == 0 ? 0 : kept[^1].End.Value;
        return new(Apply(tokens), end is null ? kept : [.. kept, last..last]);
    }

    private T[] Apply<T>(ReadOnlySpan<T> items, T? before, T? after) where T : struct
    {
        var kept = items.Length <= most ? items : dropsStart ? items[^most..] : items[..most];
        var result = new T[kept.Length + (before is null ? 0 : 1) + (after is null ? 0 : 1)];
        kept.CopyTo(result.AsSpan(before is null ? 0 : 1));
        if (before is { } first)
            result[0] = first;
        if (after is { } last)
            result[^1] = last;
        return result;
    }
}
