namespace SeqCore.Models;

/// <summary>
/// Converts tokens to text one by one, as they are generated. The parts together are the text of all tokens: a character whose
/// bytes are spread over several tokens is returned with the last of them.
/// </summary>
/// <remarks>It is made by <see cref="Tokenizer.NewDecoder"/>, for one text and one thread.</remarks>
/// <example>
/// <code>
/// var pairs = BytePairTokenizer.Train(["a rose is a rose"], vocabularySize: 260);
/// var decoder = pairs.NewDecoder();
/// var parts = pairs.Encode("5 \u20AC").Select(decoder.Append);
/// Console.WriteLine(string.Join('|', parts.Select(p => p.Length)));        // 1|1|0|0|1
/// </code>
/// </example>
public abstract class IncrementalDecoder
{
    /// <summary>Reads the next token.</summary>
    /// <returns>The text that it completes, which may be empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in [0, V).</exception>
    public abstract string Append(int token);

    /// <summary>Ends the text.</summary>
    /// <returns>U+FFFD if the tokens end within a character; otherwise an empty text.</returns>
    public virtual string Finish() => "";
}

/// <summary>Decodes each token with the one before it, on which the gap between them depends.</summary>
internal sealed class PairDecoder(Tokenizer tokenizer) : IncrementalDecoder
{
    private int? last;
    private int lengthOfLast;

    /// <inheritdoc/>
    public override string Append(int token)
    {
        var alone = tokenizer.Decode(token);
        var text = last is { } before ? tokenizer.Decode([before, token])[lengthOfLast..] : alone;
        (last, lengthOfLast) = (token, alone.Length);
        return text;
    }
}
