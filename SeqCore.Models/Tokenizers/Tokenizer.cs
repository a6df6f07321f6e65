using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace SeqCore.Models;

/// <summary>
/// Converts texts to tokens, integers in [0, V), and back. A tokenizer is saved with the model that was trained with it. Derive
/// from it for a custom tokenizer, and <see cref="Register"/> its kind so that saved models can load it.
/// </summary>
public abstract class Tokenizer
{
    private static readonly ConcurrentDictionary<string, Func<JsonElement, Tokenizer>> readers = new(StringComparer.Ordinal)
    {
        [BytePairTokenizer.KindName] = BytePairTokenizer.Read,
        [CharacterTokenizer.KindName] = CharacterTokenizer.Read,
        [MarkedCharacterTokenizer.KindName] = MarkedCharacterTokenizer.Read,
        [TokenVocabulary.KindName] = TokenVocabulary.Read,
        [UnigramTokenizer.KindName] = UnigramTokenizer.Read,
        [WordPieceTokenizer.KindName] = WordPieceTokenizer.Read,
        [WordTokenizer.KindName] = WordTokenizer.Read,
    };

    /// <summary>The name under which tokenizers of this kind are saved, such as <c>words</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The number of different tokens, V.</summary>
    public abstract int Count { get; }

    /// <summary>The tokens that do not represent text.</summary>
    public virtual SpecialTokens Special => SpecialTokens.None;

    /// <summary>Converts a text to tokens.</summary>
    /// <exception cref="ArgumentException">
    /// A part of the text has no token, and the tokenizer has none for unknown parts; or the text has an unpaired surrogate.
    /// </exception>
    public abstract int[] Encode(string text);

    /// <summary>Converts a text to tokens as a model reads them: with start and end tokens, and truncated.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">Which tokens are added, and the largest length.</param>
    /// <exception cref="ArgumentException">
    /// The text cannot be encoded, the tokenizer has neither a start nor an end token but is to add them, or the largest length
    /// leaves no token of the text.
    /// </exception>
    public int[] Encode(string text, EncodingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new EncodingPlan(this, options).Apply(Encode(text));
    }

    /// <summary>
    /// Converts texts to tokens as a model reads them. <see cref="PaddedBatch"/> pads such sequences to one length with
    /// <see cref="SpecialTokens.Padding"/>.
    /// </summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">Which tokens are added, and the largest length; null for none and no limit.</param>
    /// <returns>A sequence for each text.</returns>
    /// <exception cref="ArgumentException">
    /// A text cannot be encoded, the tokenizer has neither a start nor an end token but is to add them, or the largest length
    /// leaves no token of the text.
    /// </exception>
    public int[][] EncodeEach(IEnumerable<string> texts, EncodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var plan = new EncodingPlan(this, options ?? new());
        return [.. texts.Select(t => plan.Apply(Encode(t)))];
    }

    /// <summary>Converts a text to tokens, each with the part of the text that it represents.</summary>
    /// <remarks>A custom tokenizer that overrides this supports it.</remarks>
    /// <exception cref="ArgumentException">
    /// A part of the text has no token, and the tokenizer has none for unknown parts; or the text has an unpaired surrogate.
    /// </exception>
    /// <exception cref="NotSupportedException">The tokenizer does not know the parts.</exception>
    public virtual TokenizedText EncodeWithOffsets(string text) => throw new NotSupportedException(
        $"{GetType().Name}: the tokenizer does not know which part of a text a token represents."
            + $" Hint: override {nameof(EncodeWithOffsets)}.");

    /// <summary>
    /// Converts a text to tokens as a model reads them, each with the part of the text that it represents; the start token has
    /// the empty part before the text, and the end token the one after the last token.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="options">Which tokens are added, and the largest length.</param>
    /// <exception cref="ArgumentException">
    /// The text cannot be encoded, the tokenizer has neither a start nor an end token but is to add them, or the largest length
    /// leaves no token of the text.
    /// </exception>
    /// <exception cref="NotSupportedException">The tokenizer does not know the parts.</exception>
    public TokenizedText EncodeWithOffsets(string text, EncodingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new EncodingPlan(this, options).Apply(EncodeWithOffsets(text));
    }

    /// <summary>Converts tokens to the text that they represent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in [0, V).</exception>
    public abstract string Decode(ReadOnlySpan<int> tokens);

    /// <summary>Converts one token to the text that it represents.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in [0, V).</exception>
    public string Decode(int token) => Decode([token]);

    /// <summary>Makes a decoder for tokens that come one by one, such as those of a <see cref="TextGenerator"/>.</summary>
    /// <remarks>
    /// By default it decodes each token with the one before it. A custom tokenizer overrides this if the text of a token depends
    /// on more.
    /// </remarks>
    public virtual IncrementalDecoder NewDecoder() => new PairDecoder(this);

    /// <summary>
    /// Returns whether every part of a text has its own token, so that none becomes the token for unknown parts.
    /// </summary>
    public virtual bool CanEncode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            var tokens = Encode(text);
            return Special.Unknown is not { } unknown || !tokens.Contains(unknown);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Returns whether two adjacent tokens are parts of one word, which whole-word masking hides together.</summary>
    public virtual bool AreInSameWord(int left, int right) => false;

    /// <summary>Writes the tokenizer as a JSON object that <see cref="FromJson"/> reads.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", Kind);
            Write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a tokenizer that <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">
    /// The text is not such an object, or its kind is not registered; the message gives the reason.
    /// </exception>
    public static Tokenizer FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            var kind = document.RootElement.GetProperty("kind").GetString() ?? "";
            if (readers.TryGetValue(kind, out var read))
                return read(document.RootElement);
            throw new FormatException($"Tokenizer: the kind '{kind}' is not registered; the registered kinds are"
                + $" {string.Join(", ", readers.Keys.Order(StringComparer.Ordinal))}."
                + " Hint: call Tokenizer.Register before the model is loaded.");
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException
            or ArgumentException
            or IndexOutOfRangeException or OverflowException)
        {
            throw new FormatException($"Tokenizer: the JSON does not describe a tokenizer: {malformed.Message}", malformed);
        }
    }

    /// <summary>Saves the tokenizer alone, as JSON. An earlier file stays whole until the new one is.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(ToJson())));

    /// <summary>Loads a tokenizer that <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataSourceException">The file cannot be read, or does not describe a tokenizer.</exception>
    public static Tokenizer Load(string path)
    {
        var json = TextFile.Read(path);
        try
        {
            return FromJson(json);
        }
        catch (FormatException foreign)
        {
            throw new DataSourceException($"'{path}' is not a tokenizer's file. {foreign.Message}", foreign);
        }
    }

    /// <summary>Registers a kind of tokenizer, so that files with such a tokenizer can be read.</summary>
    /// <param name="kind">The name of the kind, which <see cref="Kind"/> returns.</param>
    /// <param name="read">Makes the tokenizer from the JSON object that it wrote.</param>
    /// <exception cref="ArgumentException">The kind is registered already.</exception>
    public static void Register(string kind, Func<JsonElement, Tokenizer> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(read);
        if (!readers.TryAdd(kind, read))
            throw new ArgumentException($"Tokenizer.Register: the kind '{kind}' is registered already.", nameof(kind));
    }

    /// <summary>Writes the properties from which the tokenizer can be recreated to an open JSON object.</summary>
    protected abstract void Write(Utf8JsonWriter json);
}
