using System.Text.Json;

namespace SeqCore.Models;

/// <summary>
/// The most frequent tokens of texts that are split already, such as those of <see cref="ConllFile"/>, after the special tokens.
/// A text is split at white space alone.
/// </summary>
/// <example>
/// <code>
/// string[][] sentences = [["I", "'m", "@home"], ["@home", "alone"]];
/// var vocabulary = new TokenVocabulary(sentences, minimumFrequency: 2);
/// Console.WriteLine(string.Join(' ', vocabulary.Units));                           // @home
/// Console.WriteLine(vocabulary.Decode(vocabulary.Encode(["alone", "@home"])));     // [UNK] @home
/// </code>
/// </example>
public sealed class TokenVocabulary : UnitTokenizer
{
    internal const string KindName = "tokens";

    /// <summary>
    /// Counts tokens and keeps the most frequent; of equally frequent ones, those first in ordinal order.
    /// </summary>
    /// <param name="sentences">The tokens of each sentence.</param>
    /// <param name="maximumCount">The largest number of tokens to keep, at least 1; 100,000 by default.</param>
    /// <param name="isLowercase">Whether capitals are converted to lower case; false by default.</param>
    /// <param name="minimumFrequency">The smallest number of times that a token is found if it is kept; 1 by default.</param>
    /// <exception cref="ArgumentException">A token is empty or has half of a surrogate pair.</exception>
    public TokenVocabulary(IEnumerable<IReadOnlyList<string>> sentences, int maximumCount = 100_000, bool isLowercase = false,
        int minimumFrequency = 1)
        : this(MostFrequent(sentences, maximumCount, isLowercase, minimumFrequency), isLowercase)
    {
    }

    private TokenVocabulary(IEnumerable<string> tokens, bool isLowercase) : base(tokens) => IsLowercase = isLowercase;

    /// <summary>Whether capitals are converted to lower case.</summary>
    public bool IsLowercase { get; }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>
    /// Converts each token of a sentence; names of special tokens are not special here, and unknown tokens become [UNK].
    /// </summary>
    /// <param name="tokens">The tokens, none of them empty.</param>
    /// <returns>As many tokens.</returns>
    /// <exception cref="ArgumentException">A token is null or empty, or has half of a surrogate pair.</exception>
    public int[] Encode(IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return [.. tokens.Select((t, i) => Find(Normalize(Checked(t, i, nameof(tokens)), IsLowercase)))];
    }

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteBoolean("lowercase", IsLowercase);
        json.WriteStartArray("tokens");
        foreach (var token in Units)
            json.WriteStringValue(token);
        json.WriteEndArray();
    }

    internal static TokenVocabulary Read(JsonElement json)
    {
        string[] tokens = [.. json.GetProperty("tokens").EnumerateArray().Select(t => t.GetString() ?? "")];
        for (var i = 0; i < tokens.Length; i++)
            Checked(tokens[i], i, nameof(json));
        return new TokenVocabulary(tokens, json.GetProperty("lowercase").GetBoolean());
    }

    /// <inheritdoc/>
    private protected override string Normalize(string text) => Normalize(text, IsLowercase);

    /// <inheritdoc/>
    private protected override int SkipGaps(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }

    /// <inheritdoc/>
    private protected override int UnitLength(ReadOnlySpan<char> text)
    {
        var length = 1;
        while (length < text.Length && !char.IsWhiteSpace(text[length]))
            length++;
        return length;
    }

    /// <inheritdoc/>
    private protected override bool HasGap(string left, string right) => true;

    private static IEnumerable<string> MostFrequent(IEnumerable<IReadOnlyList<string>> sentences, int maximumCount,
        bool isLowercase, int minimumFrequency)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        Argument.AtLeast(maximumCount, nameof(TokenVocabulary), nameof(maximumCount));
        Argument.AtLeast(minimumFrequency, nameof(TokenVocabulary), nameof(minimumFrequency));
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var sentence in sentences)
        {
            for (var i = 0; i < Argument.NotNull(sentence, nameof(sentences)).Count; i++)
            {
                var token = Normalize(Checked(sentence[i], i, nameof(sentences)), isLowercase);
                counts[token] = counts.GetValueOrDefault(token) + 1;
            }
        }

        return counts.Where(c => c.Value >= minimumFrequency)
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Take(maximumCount).Select(c => c.Key);
    }

    private static string Normalize(string text, bool isLowercase) => isLowercase ? text.ToLowerInvariant() : text;

    private static string Checked(string? token, int place, string parameter) => string.IsNullOrEmpty(token)
        ? throw new ArgumentException($"{nameof(TokenVocabulary)}: token {place} is empty or null.", parameter)
        : WellFormedText.Require(token, nameof(TokenVocabulary), parameter);
}
