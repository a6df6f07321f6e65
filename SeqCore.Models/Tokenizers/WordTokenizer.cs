using System.Text;
using System.Text.Json;

namespace SeqCore.Models;

/// <summary>
/// The most frequent words and punctuation marks of a text, after the special tokens. A word is a run of letters and digits, with
/// single apostrophes inside ("o'er"); any other character is a separate mark, except white space, which only separates.
/// </summary>
/// <example>
/// <code>
/// var words = new WordTokenizer("The cat sat on the mat", maximumCount: 3);
/// Console.WriteLine(string.Join(' ', words.Units));                // the cat mat
/// var tokens = words.Encode("the CAT ran");
/// Console.WriteLine(words.Decode(tokens));                         // the cat [UNK]
/// </code>
/// </example>
public sealed class WordTokenizer : UnitTokenizer
{
    internal const string KindName = "words";

    /// <summary>
    /// Counts the words of a text and keeps the most frequent; of equally frequent words, those first in ordinal order.
    /// </summary>
    /// <param name="text">The text whose words are counted.</param>
    /// <param name="maximumCount">The largest number of words to keep, at least 1; 30,000 by default.</param>
    /// <param name="isLowercase">Whether capitals are converted to lower case; true by default.</param>
    /// <param name="minimumFrequency">The smallest number of times that a word is found if it is kept; 1 by default.</param>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair; the message says where.</exception>
    public WordTokenizer(string text, int maximumCount = 30_000, bool isLowercase = true, int minimumFrequency = 1)
        : this(MostFrequent([text], nameof(text), maximumCount, isLowercase, minimumFrequency), isLowercase)
    {
    }

    /// <summary>
    /// Counts the words of several texts and keeps the most frequent; of equally frequent words, those first in ordinal order.
    /// </summary>
    /// <param name="texts">
    /// The texts whose words are counted. They are read once, one after the other, so that a corpus may be larger than the
    /// memory.
    /// </param>
    /// <param name="maximumCount">The largest number of words to keep, at least 1; 30,000 by default.</param>
    /// <param name="isLowercase">Whether capitals are converted to lower case; true by default.</param>
    /// <param name="minimumFrequency">The smallest number of times that a word is found if it is kept; 1 by default.</param>
    /// <exception cref="ArgumentException">A text has half of a surrogate pair; the message says where.</exception>
    public WordTokenizer(IEnumerable<string> texts, int maximumCount = 30_000, bool isLowercase = true, int minimumFrequency = 1)
        : this(MostFrequent(Argument.NotNull(texts), nameof(texts), maximumCount, isLowercase, minimumFrequency), isLowercase)
    {
    }

    private WordTokenizer(IEnumerable<string> words, bool isLowercase) : base(words) => IsLowercase = isLowercase;

    /// <summary>Whether capitals are converted to lower case.</summary>
    public bool IsLowercase { get; }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Makes a tokenizer from the <see cref="UnitTokenizer.Units"/> of another.</summary>
    /// <param name="words">The words and marks in the order of their tokens, each once.</param>
    /// <param name="isLowercase">Whether capitals are converted to lower case.</param>
    /// <exception cref="ArgumentException">An entry is not a word or mark, or is listed twice.</exception>
    public static WordTokenizer FromWords(IEnumerable<string> words, bool isLowercase)
    {
        ArgumentNullException.ThrowIfNull(words);
        string[] units = [.. words.Select(w => w ?? "")];
        if (units.FirstOrDefault(w => w.Length == 0 || WellFormedText.FirstHalf(w) >= 0 || char.IsWhiteSpace(w[0])
            || LengthOfWord(w) != w.Length) is { } wrong)
            throw new ArgumentException($"WordTokenizer: '{wrong}' is not one word or mark.", nameof(words));
        if (units.GroupBy(w => w, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } repeated)
            throw new ArgumentException($"WordTokenizer: the word '{repeated.Key}' is listed twice.", nameof(words));
        return new WordTokenizer(units, isLowercase);
    }

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteBoolean("lowercase", IsLowercase);
        json.WriteStartArray("words");
        foreach (var word in Units)
            json.WriteStringValue(word);
        json.WriteEndArray();
    }

    internal static WordTokenizer Read(JsonElement json) => FromWords(
        json.GetProperty("words").EnumerateArray().Select(w => w.GetString() ?? ""),
        json.GetProperty("lowercase").GetBoolean());

    /// <inheritdoc/>
    private protected override string Normalize(string text) => Normalize(text, IsLowercase);

    /// <inheritdoc/>
    private protected override int SkipGaps(string text, int at) => SkipWhiteSpace(text, at);

    /// <inheritdoc/>
    private protected override int UnitLength(ReadOnlySpan<char> text) => LengthOfWord(text);

    /// <inheritdoc/>
    private protected override bool HasGap(string left, string right) => HasGapBetween(left, right);

    /// <summary>Returns whether people write a space between two words or marks.</summary>
    internal static bool HasGapBetween(string left, string right) =>
        !(right is "," or "." or ";" or ":" or "!" or "?" or ")" or "]" or "'" || left is "(" or "[");

    private static IEnumerable<string> MostFrequent(IEnumerable<string> texts, string parameter, int maximumCount,
        bool isLowercase, int minimumFrequency)
    {
        Argument.AtLeast(maximumCount, nameof(WordTokenizer), nameof(maximumCount));
        Argument.AtLeast(minimumFrequency, nameof(WordTokenizer), nameof(minimumFrequency));
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var text in texts)
            CountWords(Normalize(WellFormedText.Require(text, nameof(WordTokenizer), parameter), isLowercase), counts);
        return counts.Where(c => c.Value >= minimumFrequency)
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Take(maximumCount).Select(c => c.Key);
    }

    private static void CountWords(string normal, Dictionary<string, long> counts)
    {
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = SkipWhiteSpace(normal, 0); at < normal.Length; at = SkipWhiteSpace(normal, at))
        {
            var rest = normal.AsSpan(at);
            var special = SpecialToken.At(rest);
            var length = special >= 0 ? SpecialToken.Names[special].Length : LengthOfWord(rest);
            if (special < 0)
            {
                lookup.TryGetValue(rest[..length], out var count);
                lookup[rest[..length]] = count + 1;
            }

            at += length;
        }
    }

    private static string Normalize(string text, bool isLowercase) => isLowercase ? text.ToLowerInvariant() : text;

    private static int SkipWhiteSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }

    /// <summary>Returns the number of UTF-16 units of the word or mark at the beginning of a text.</summary>
    private static int LengthOfWord(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (true)
        {
            var next = WordCharacters.LengthAt(text[length..]);
            if (next == 0 && length > 0 && length < text.Length && text[length] is '\'' or '\u2019')
                next = WordCharacters.LengthAt(text[(length + 1)..]) is var after and > 0 ? 1 + after : 0;
            if (next == 0)
                break;
            length += next;
        }

        if (length > 0)
            return length;
        Rune.DecodeFromUtf16(text, out _, out var mark);
        return mark;
    }
}
