using System.Buffers;
using System.Text.Unicode;

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
        return new TextCorpus(Decode(path, ReadAll(path)), $"Text file '{path}'", vocabulary);
    }

    private static byte[] ReadAll(string path)
    {
        if (Directory.Exists(path))
            throw new DataSourceException($"Text file '{path}' is a folder. Name a file in it.");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataSourceException($"Text file '{path}' does not exist. Check the path.", missing);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DataSourceException($"Text file '{path}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static string Decode(string path, byte[] bytes)
    {
        var start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        var characters = new char[bytes.Length - start];
        var status = Utf8.ToUtf16(bytes.AsSpan(start), characters, out var read, out var written, replaceInvalidSequences: false);
        if (status != OperationStatus.Done)
        {
            throw new DataSourceException($"Text file '{path}' is not UTF-8: the byte 0x{bytes[start + read]:X2} at offset {start + read}"
                + " does not belong there. Convert the file to UTF-8 first.");
        }

        return new string(characters, 0, written);
    }
}
