using System.Text;
using System.Text.Json;

namespace SeqCore.Models;

/// <summary>
/// The tokenizer of BERT: a text is split into words and punctuation marks, and each word into the longest pieces that the
/// vocabulary has, from the left; pieces within a word begin with ## (Devlin et al., arXiv:1810.04805). A word that cannot be
/// split, or has more than 100 characters, becomes [UNK].
/// </summary>
/// <remarks>
/// The special tokens are those of the usual names in the vocabulary ([PAD], [UNK], [CLS], [SEP] and [MASK]), and can be written
/// in a text by their names. Spaces and, if the vocabulary is lower case, capitals and accents are not restored by decoding.
/// </remarks>
/// <example>
/// <code>
/// var pieces = new WordPieceTokenizer(["[PAD]", "[UNK]", "un", "##believ", "##able", "cafe", "!"]);
/// Console.WriteLine(string.Join(' ', pieces.Encode("Unbelievable!")));          // 2 3 4 6
/// Console.WriteLine(pieces.Decode(pieces.Encode("Unbelievable CAF\u00C9!")));   // unbelievable cafe!
/// </code>
/// </example>
public sealed class WordPieceTokenizer : Tokenizer
{
    internal const string KindName = "word-pieces";
    private const string Continuation = "##";
    private const int LongestWord = 100;
    private static readonly string[] specialNames = [.. SpecialToken.Names];
    private readonly string[] vocabulary;
    private readonly SpecialTokenText specialText;
    private readonly HashSet<int> specialTokens;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> beginnings, continuations;
    private readonly int unknown, longestPiece;

    /// <summary>Makes a tokenizer from a vocabulary.</summary>
    /// <param name="vocabulary">The tokens in order, each once, among them [UNK].</param>
    /// <param name="isLowercase">Whether capitals are converted to lower case; true by default.</param>
    /// <param name="stripsAccents">Whether accents are dropped; null, the default, if capitals are converted.</param>
    /// <exception cref="ArgumentException">A token is empty or listed twice, or there is no [UNK].</exception>
    public WordPieceTokenizer(IEnumerable<string> vocabulary, bool isLowercase = true, bool? stripsAccents = null)
        : this(vocabulary, [], isLowercase, stripsAccents)
    {
    }

    /// <summary>Makes a tokenizer with further special tokens.</summary>
    internal WordPieceTokenizer(IEnumerable<string> vocabulary, IEnumerable<string> furtherNames, bool isLowercase,
        bool? stripsAccents)
    {
        this.vocabulary = [.. Argument.NoNulls(vocabulary, nameof(WordPieceTokenizer), nameof(vocabulary))];
        IsLowercase = isLowercase;
        StripsAccents = stripsAccents ?? isLowercase;
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        var pieces = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var token = 0; token < this.vocabulary.Length; token++)
        {
            var text = this.vocabulary[token];
            if (text.Length == 0 || WellFormedText.FirstHalf(text) >= 0)
                throw new ArgumentException($"WordPieceTokenizer: token {token}, '{text}', is not a piece.", nameof(vocabulary));
            if (!tokens.TryAdd(text, token))
                throw new ArgumentException($"WordPieceTokenizer: the token '{text}' is listed twice.", nameof(vocabulary));
            if (text.StartsWith(Continuation, StringComparison.Ordinal) && text.Length > Continuation.Length)
                pieces.Add(text[Continuation.Length..], token);
            longestPiece = Math.Max(longestPiece, text.Length);
        }

        if (!tokens.TryGetValue(SpecialToken.Names[SpecialToken.Unknown], out unknown))
        {
            throw new ArgumentException("WordPieceTokenizer: the vocabulary should have [UNK], the token of words that cannot be"
                + " split.", nameof(vocabulary));
        }

        (string Name, int Token)[] special = [.. specialNames.Union(furtherNames, StringComparer.Ordinal)
            .Where(tokens.ContainsKey).Select(name => (name, tokens[name]))];
        specialText = new(nameof(WordPieceTokenizer), special);
        specialTokens = [.. special.Select(s => s.Token)];
        Special = SpecialTokenText.RolesOf(special);
        beginnings = tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        continuations = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether capitals are converted to lower case.</summary>
    public bool IsLowercase { get; }

    /// <summary>Whether accents are dropped.</summary>
    public bool StripsAccents { get; }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>The number of different tokens, V, including the special tokens.</summary>
    public override int Count => vocabulary.Length;

    /// <inheritdoc/>
    public override SpecialTokens Special { get; }

    /// <summary>The tokens as texts, in order: pieces, those within a word with ## before them, and names.</summary>
    public IReadOnlyList<string> Vocabulary => vocabulary;

    /// <summary>Reads a vocabulary as of BERT, a token on each line; a gzip file is decompressed.</summary>
    /// <param name="path">The path of vocab.txt.</param>
    /// <param name="isLowercase">Whether it is uncased: capitals are converted to lower case, and accents dropped.</param>
    /// <exception cref="DataSourceException">The file cannot be read or is not such a vocabulary.</exception>
    public static WordPieceTokenizer ReadVocabulary(string path, bool isLowercase)
    {
        string[] lines = [.. TextFile.Read(path).Split('\n').Select(l => l.TrimEnd('\r'))];
        try
        {
            return new(lines[^1].Length == 0 ? lines[..^1] : lines, isLowercase);
        }
        catch (ArgumentException wrong)
        {
            var reason = wrong.Message.Replace($" (Parameter '{wrong.ParamName}')", "", StringComparison.Ordinal);
            throw new DataSourceException($"'{path}' is not a vocabulary of word pieces. {reason}", wrong);
        }
    }

    /// <summary>Converts a text to the pieces of its words.</summary>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair; the message says where.</exception>
    public override int[] Encode(string text) => [.. Encode(text, hasRanges: false).Tokens];

    /// <inheritdoc/>
    /// <remarks>The range of a letter includes the accents after it that were dropped.</remarks>
    public override TokenizedText EncodeWithOffsets(string text) => Encode(text, hasRanges: true).ToText();

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder(4 * tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            var piece = vocabulary[Require(tokens[i], nameof(tokens))];
            var isWithin = IsWithinWord(tokens[i]);
            if (i > 0 && !isWithin && WordTokenizer.HasGapBetween(vocabulary[tokens[i - 1]], piece))
                text.Append(' ');
            text.Append(piece, isWithin ? Continuation.Length : 0, piece.Length - (isWithin ? Continuation.Length : 0));
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    /// <remarks>The right token is a piece within a word.</remarks>
    public override bool AreInSameWord(int left, int right) =>
        !specialTokens.Contains(Require(left, nameof(left))) && IsWithinWord(Require(right, nameof(right)));

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteBoolean("lowercase", IsLowercase);
        json.WriteBoolean("stripsAccents", StripsAccents);
        json.WriteStartArray("specialTokens");
        foreach (var token in specialTokens.Order())
            json.WriteStringValue(vocabulary[token]);
        json.WriteEndArray();
        json.WriteStartArray("vocabulary");
        foreach (var token in vocabulary)
            json.WriteStringValue(token);
        json.WriteEndArray();
    }

    internal static WordPieceTokenizer Read(JsonElement json) => new(Texts(json, "vocabulary"), Texts(json, "specialTokens"),
        json.GetProperty("lowercase").GetBoolean(), json.GetProperty("stripsAccents").GetBoolean());

    private static IEnumerable<string> Texts(JsonElement json, string name) =>
        json.GetProperty(name).EnumerateArray().Select(t => t.GetString() ?? "");

    private bool IsWithinWord(int token) =>
        vocabulary[token].Length > Continuation.Length && vocabulary[token].StartsWith(Continuation, StringComparison.Ordinal);

    private int Require(int token, string name) => (uint)token < (uint)vocabulary.Length
        ? token
        : throw new ArgumentOutOfRangeException(name, token, $"WordPieceTokenizer: tokens are in [0, {Count}); got {token}.");

    private TokenSink Encode(string text, bool hasRanges)
    {
        WellFormedText.Require(text, nameof(WordPieceTokenizer), nameof(text));
        var sink = new TokenSink((text.Length / 4) + 1, hasRanges);
        for (var at = 0; at < text.Length;)
        {
            var (length, nameLength, token) = specialText.First(text.AsSpan(at));
            var words = new BertWords(text, at, at + length, IsLowercase, StripsAccents);
            while (words.Next())
                AddPieces(words.Word, words.Places, sink);
            at += length;
            if (token >= 0)
                sink.Add(token, at, at + nameLength);
            at += nameLength;
        }

        return sink;
    }

    private void AddPieces(ReadOnlySpan<char> word, ReadOnlySpan<(int Start, int End)> places, TokenSink sink)
    {
        if (word.Length > LongestWord && LengthInCharacters(word) > LongestWord)
        {
            sink.Add(unknown, places[0].Start, places[^1].End);
            return;
        }

        Span<(int Token, int End)> found = stackalloc (int, int)[2 * LongestWord];
        var count = 0;
        for (var at = 0; at < word.Length; at = found[count - 1].End)
        {
            var lookup = at == 0 ? beginnings : continuations;
            var length = Math.Min(word.Length - at, longestPiece);
            var token = -1;
            while (length > 0 && !lookup.TryGetValue(word.Slice(at, length), out token))
                length--;
            if (length == 0)
            {
                sink.Add(unknown, places[0].Start, places[^1].End);
                return;
            }

            found[count++] = (token, at + length);
        }

        var start = 0;
        foreach (var (token, end) in found[..count])
        {
            sink.Add(token, places[start].Start, places[end - 1].End);
            start = end;
        }
    }

    private static int LengthInCharacters(ReadOnlySpan<char> word)
    {
        var count = 0;
        foreach (var unit in word)
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        return count;
    }
}
