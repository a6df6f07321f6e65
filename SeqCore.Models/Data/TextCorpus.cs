namespace SeqCore.Models;

/// <summary>
/// A text as tokens, in two parts: of n tokens the first int(0.9 n) are for training and the others for validation.
/// </summary>
/// <example>
/// <code>
/// var corpus = new TextCorpus("to be or not to be, that is the question", "Hamlet");
/// Console.WriteLine(corpus.Tokens.Length);                                // 40
/// Console.WriteLine(corpus.Tokenizer.Decode(corpus.Validation.Span));     // tion
/// </code>
/// </example>
public sealed class TextCorpus
{
    private readonly int[] tokens;
    private readonly int split;

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text, which is not empty.</param>
    /// <param name="name">The name that errors use for it.</param>
    /// <param name="tokenizer">The tokenizer, such as that of a trained model; null for the characters of the text.</param>
    /// <exception cref="DataSourceException">The text is empty, or has a character that the tokenizer does not know.</exception>
    public TextCorpus(string text, string name, Tokenizer? tokenizer = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        if (text.Length == 0)
            throw new DataSourceException($"{name} is empty. Use a text with some thousands of characters.");
        Name = name;
        Tokenizer = tokenizer ?? new CharacterTokenizer(text);
        try
        {
            tokens = Tokenizer.Encode(text);
        }
        catch (ArgumentException unknown)
        {
            throw new DataSourceException($"{name} does not fit the model: {unknown.Message}", unknown);
        }

        split = (int)(0.9 * tokens.Length);
    }

    /// <summary>The name that errors use for the text.</summary>
    public string Name { get; }

    /// <summary>The tokenizer that encodes the text.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>The tokens of the whole text.</summary>
    public ReadOnlyMemory<int> Tokens => tokens;

    /// <summary>The first nine tenths of the tokens.</summary>
    public ReadOnlyMemory<int> Training => tokens.AsMemory(0, split);

    /// <summary>The last tenth of the tokens.</summary>
    public ReadOnlyMemory<int> Validation => tokens.AsMemory(split);

    /// <summary>Reads a UTF-8 file, which must be valid; a byte order mark at its start is skipped.</summary>
    /// <exception cref="DataSourceException">
    /// The file is missing, a folder, not readable, empty, not UTF-8 (the message names the byte), or has a character that the
    /// tokenizer does not know.
    /// </exception>
    public static TextCorpus Load(string path, Tokenizer? tokenizer = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new TextCorpus(TextFile.Read(path), $"Text file '{path}'", tokenizer);
    }
}
