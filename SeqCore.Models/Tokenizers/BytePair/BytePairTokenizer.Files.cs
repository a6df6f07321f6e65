using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SeqCore.Models;

public sealed partial class BytePairTokenizer
{
    private const string Malformed = "Tokenizer: the JSON does not describe a tokenizer:";

    /// <summary>
    /// Reads the two files of GPT-2 and of tokenizers in its format, such as RoBERTa's; gzip files are decompressed.
    /// </summary>
    /// <param name="vocabularyPath">The path of encoder.json or vocab.json, an object with the number of each token.</param>
    /// <param name="mergesPath">The path of vocab.bpe or merges.txt, a pair of tokens on each line.</param>
    /// <param name="options">How texts are read; null for the defaults.</param>
    /// <remarks>
    /// Special tokens are those of the vocabulary that are neither a byte nor the result of a merge, such as
    /// <c>&lt;|endoftext|&gt;</c>.
    /// </remarks>
    /// <exception cref="DataSourceException">
    /// A file cannot be read or is not such a file; the message names the token or the line.
    /// </exception>
    /// <exception cref="ArgumentException">A special token of the options is not in [0, V).</exception>
    public static BytePairTokenizer ReadGpt2(string vocabularyPath, string mergesPath, BytePairOptions? options = null)
    {
        var json = TextFile.Read(vocabularyPath);
        var lines = TextFile.Read(mergesPath).Split('\n');
        var merges = new List<(string Left, string Right)>(lines.Length);
        try
        {
            for (var i = 0; i < lines.Length; i++)
            {
                var line = lines[i].TrimEnd('\r');
                if (line.Length == 0 || (i == 0 && line.StartsWith("#version", StringComparison.Ordinal)))
                    continue;
                merges.Add(line.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right)
                    : throw new FormatException($"Line {i + 1} should have two tokens with a space between them; got '{line}'."));
            }
        }
        catch (FormatException wrong)
        {
            throw new DataSourceException($"'{mergesPath}' has no merges. {wrong.Message}", wrong);
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            var vocabulary = VocabularyJson.Read(document.RootElement);
            return FromVocabulary(vocabulary, merges, null, options ?? new());
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            throw new DataSourceException($"'{vocabularyPath}' and '{mergesPath}' are not a vocabulary and its merges."
                + $" {wrong.Message}", wrong);
        }
    }

    /// <summary>Makes a tokenizer from tokens and merges that are written in GPT-2's characters for bytes.</summary>
    /// <param name="vocabulary">The tokens in order; special ones as they are.</param>
    /// <param name="merges">The merges in order.</param>
    /// <param name="specialTokens">
    /// The special tokens; null for those that are neither a byte nor the result of a merge.
    /// </param>
    /// <param name="options">How texts are read.</param>
    /// <exception cref="FormatException">
    /// A token is not written in those characters or is listed twice, or the vocabulary lacks a token of a merge.
    /// </exception>
    internal static BytePairTokenizer FromVocabulary(string[] vocabulary, IReadOnlyList<(string Left, string Right)> merges,
        IReadOnlySet<int>? specialTokens, BytePairOptions options)
    {
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var token = 0; token < vocabulary.Length; token++)
        {
            if (specialTokens?.Contains(token) != true && !tokens.TryAdd(vocabulary[token], token))
                throw new FormatException($"The token '{vocabulary[token]}' is listed twice.");
        }

        var numbered = new (int Left, int Right, int Merged)[merges.Count];
        for (var i = 0; i < numbered.Length; i++)
            numbered[i] = (TokenOf(merges[i].Left, i), TokenOf(merges[i].Right, i), TokenOf(merges[i].Left + merges[i].Right, i));
        if (specialTokens is null)
        {
            var found = numbered.Select(m => m.Merged).ToHashSet();
            specialTokens = Enumerable.Range(0, vocabulary.Length)
                .Where(t => !found.Contains(t) && ByteCharacters.ToBytes(vocabulary[t]) is not { Length: 1 }).ToHashSet();
        }

        return Make(vocabulary, specialTokens, numbered, options);

        int TokenOf(string text, int rank) => tokens.TryGetValue(text, out var token) ? token
            : throw new FormatException($"The vocabulary lacks the token '{text}' of merge {rank}, '{merges[rank].Left}"
                + $" {merges[rank].Right}'.");
    }

    /// <exception cref="FormatException">A token is not written in GPT-2's characters, or is a wrong special token.</exception>
    private static BytePairTokenizer Make(string[] vocabulary, IReadOnlySet<int> specialTokens,
        (int Left, int Right, int Merged)[] merges, BytePairOptions options)
    {
        var bytes = new byte[vocabulary.Length][];
        for (var token = 0; token < bytes.Length; token++)
        {
            bytes[token] = (specialTokens.Contains(token) ? Encoding.UTF8.GetBytes(vocabulary[token])
                : ByteCharacters.ToBytes(vocabulary[token])) is { Length: > 0 } of ? of
                : throw new FormatException($"Token {token}, '{vocabulary[token]}', is not written in GPT-2's characters for"
                    + " bytes.");
        }

        try
        {
            return new(bytes, [.. specialTokens.Order().Select(t => (vocabulary[t], t))], merges, options);
        }
        catch (ArgumentException wrong)
        {
            throw new FormatException(wrong.Message, wrong);
        }
    }

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteBoolean("leadingSpace", Options.AddsLeadingSpace);
        json.WriteBoolean("readsSpecialTokens", Options.ReadsSpecialTokens);
        SpecialRoles.Write(json, "special", Special);
        json.WriteStartArray("specialTokens");
        foreach (var (_, token) in NamedSpecialTokens)
            json.WriteNumberValue(token);
        json.WriteEndArray();
        json.WriteStartArray("tokens");
        for (var token = 0; token < Count; token++)
        {
            json.WriteStringValue(IsSpecial(token) ? Encoding.UTF8.GetString(BytesOf(token))
                : ByteCharacters.ToText(BytesOf(token)));
        }

        json.WriteEndArray();
        json.WriteStartArray("merges");
        foreach (var (left, right, merged) in merges)
        {
            json.WriteNumberValue(left);
            json.WriteNumberValue(right);
            json.WriteNumberValue(merged);
        }

        json.WriteEndArray();
    }

    internal static BytePairTokenizer Read(JsonElement json)
    {
        string[] vocabulary = [.. json.GetProperty("tokens").EnumerateArray().Select(t => t.GetString() ?? "")];
        int[] numbers = [.. json.GetProperty("merges").EnumerateArray().Select(Token)];
        if (numbers.Length % 3 != 0)
        {
            throw new FormatException($"{Malformed} 'merges' should have three numbers for each merge; got {numbers.Length} in"
                + " all.");
        }
        var merges = new (int Left, int Right, int Merged)[numbers.Length / 3];
        for (var i = 0; i < merges.Length; i++)
        {
            merges[i] = (numbers[3 * i], numbers[(3 * i) + 1], numbers[(3 * i) + 2]);
            var (left, right, merged) = merges[i];
            if (vocabulary[merged] != vocabulary[left] + vocabulary[right])
                throw new FormatException($"{Malformed} merge {i} of tokens {left} and {right} is not token {merged}.");
        }

        try
        {
            return Make(vocabulary, json.GetProperty("specialTokens").EnumerateArray().Select(Token).ToHashSet(), merges, new()
            {
                AddsLeadingSpace = json.GetProperty("leadingSpace").GetBoolean(),
                ReadsSpecialTokens = json.GetProperty("readsSpecialTokens").GetBoolean(),
                Special = SpecialRoles.Read(json.GetProperty("special"), Token),
            });
        }
        catch (FormatException wrong) when (!wrong.Message.StartsWith(Malformed, StringComparison.Ordinal))
        {
            throw new FormatException($"{Malformed} {wrong.Message}", wrong);
        }

        int Token(JsonElement number) => number.TryGetInt32(out var token) && (uint)token < (uint)vocabulary.Length ? token
            : throw new FormatException($"{Malformed} tokens should be in [0, {vocabulary.Length}); got {number.GetRawText()}.");
    }
}

/// <summary>Vocabularies as JSON objects with the number of each token.</summary>
internal static class VocabularyJson
{
    /// <summary>Returns the tokens in order.</summary>
    /// <param name="json">The object.</param>
    /// <param name="added">Tokens that are listed elsewhere, which may be in the object too.</param>
    /// <exception cref="FormatException">It is not such an object, or a number is missing or given twice.</exception>
    internal static string[] Read(JsonElement json, IReadOnlyList<(string Text, int Token)>? added = null)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException("The vocabulary should be an object with the number of each token.");
        var all = new List<(string Text, int Token)>();
        foreach (var entry in json.EnumerateObject())
        {
            all.Add(entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out var token) ? (entry.Name, token)
                : throw new FormatException($"The token '{entry.Name}' should have a number; got {entry.Value.GetRawText()}."));
        }

        all.AddRange(added ?? []);
        var tokens = new string?[all.Distinct().Count()];
        foreach (var (text, token) in all)
        {
            if ((uint)token >= (uint)tokens.Length || (tokens[token] is { } other && other != text))
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The tokens should have the numbers from 0"
                    + $" to {tokens.Length - 1}, each once; '{text}' has {token}."));
            }

            tokens[token] = text;
        }

        return tokens!;
    }
}
