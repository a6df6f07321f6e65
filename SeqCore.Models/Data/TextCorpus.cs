namespace SeqCore.Models;

/// <summary>
/// A text as tokens, in two parts: of n characters the first int(0.9 n) are for training and the rest for validation.
/// </summary>
public sealed class TextCorpus
{
    private readonly int[] tokens;
    private readonly int split;

    /// <summary>Encodes a text.</summary>
    /// <param name="text">Any text that is not empty.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="vocabulary">The vocabulary of a trained model; or null for the characters of the text itself.</param>
    /// <exception cref="DataSourceException">The text is empty, or has a character outside the vocabulary.</exception>
    public TextCorpus(string text, string name, CharacterVocabulary? vocabulary = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        if (text.Length == 0)
            throw new DataSourceException($"{name} is empty. Give a text with some thousands of characters.");
        Name = name;
        Vocabulary = vocabulary ?? new CharacterVocabulary(text);
        try
        {
            tokens = Vocabulary.Encode(text);
        }
        catch (ArgumentException unknown)
        {
            throw new DataSourceException($"{name} does not fit the model: {unknown.Message}", unknown);
        }

        split = (int)(0.9 * tokens.Length);
    }

    /// <summary>What errors call the text.</summary>
    public string Name { get; }

    /// <summary>Characters of the text, or of the model it is meant for.</summary>
    public CharacterVocabulary Vocabulary { get; }

    /// <summary>The whole text.</summary>
    public ReadOnlyMemory<int> Tokens => tokens;

    /// <summary>The first nine tenths.</summary>
    public ReadOnlyMemory<int> Training => tokens.AsMemory(0, split);

    /// <summary>The last tenth.</summary>
    public ReadOnlyMemory<int> Validation => tokens.AsMemory(split);

    /// <summary>Reads a UTF-8 file strictly; a byte order mark at its start is left out.</summary>
    /// <exception cref="DataSourceException">
    /// The file is missing, a folder, not readable, empty, not UTF-8 (the message names the byte), or has a character outside the vocabulary.
    /// </exception>
    public static TextCorpus Load(string path, CharacterVocabulary? vocabulary = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new TextCorpus(TextFile.Read(path), $"Text file '{path}'", vocabulary);
    }
}
