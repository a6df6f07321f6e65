using System.Text.Json;

namespace SeqCore.Models;

public sealed partial class UnigramTokenizer
{
    private const string Malformed = "Tokenizer: the JSON does not describe a tokenizer:";

    /// <summary>Makes a tokenizer from tokens and scores, of which those named as &lt;0x0A&gt; are the bytes.</summary>
    /// <param name="texts">The tokens in order.</param>
    /// <param name="scores">The score of each.</param>
    /// <param name="specialTokens">The special tokens.</param>
    /// <param name="hasBytes">Whether characters without a piece are written as bytes.</param>
    /// <param name="options">How texts are read.</param>
    /// <exception cref="FormatException">The name of a byte is missing.</exception>
    /// <exception cref="ArgumentException">A token is wrong.</exception>
    internal static UnigramTokenizer FromVocabulary(string[] texts, float[] scores, IReadOnlySet<int> specialTokens,
        bool hasBytes, UnigramOptions options)
    {
        var bytes = new int[hasBytes ? Bytes : 0];
        for (var value = 0; value < bytes.Length; value++)
        {
            bytes[value] = Array.IndexOf(texts, NameOfByte(value)) is >= 0 and var token ? token
                : throw new FormatException($"The vocabulary lacks the byte '{NameOfByte(value)}', which byte_fallback needs.");
        }

        return new(texts, scores, specialTokens, bytes, options);
    }

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteBoolean("leadingSpace", Options.AddsLeadingSpace);
        json.WriteBoolean("readsSpecialTokens", Options.ReadsSpecialTokens);
        SpecialRoles.Write(json, "special", Special);
        Numbers("specialTokens", NamedSpecialTokens.Select(s => s.Token));
        Numbers("bytes", byteTokens);
        json.WriteStartArray("tokens");
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteStartArray("scores");
        foreach (var score in scores)
            json.WriteNumberValue(score);
        json.WriteEndArray();

        void Numbers(string name, IEnumerable<int> tokens)
        {
            json.WriteStartArray(name);
            foreach (var token in tokens)
                json.WriteNumberValue(token);
            json.WriteEndArray();
        }
    }

    internal static UnigramTokenizer Read(JsonElement json)
    {
        string[] texts = [.. json.GetProperty("tokens").EnumerateArray().Select(t => t.GetString() ?? "")];
        float[] scores = [.. json.GetProperty("scores").EnumerateArray().Select(s => s.GetSingle())];
        if (scores.Length != texts.Length)
        {
            throw new FormatException($"{Malformed} 'scores' should have a number for each of"
                + $" {Counted.Of(texts.Length, "token")}; got {scores.Length}.");
        }

        return new(texts, scores, json.GetProperty("specialTokens").EnumerateArray().Select(Token).ToHashSet(),
            [.. json.GetProperty("bytes").EnumerateArray().Select(Token)], new()
            {
                AddsLeadingSpace = json.GetProperty("leadingSpace").GetBoolean(),
                ReadsSpecialTokens = json.GetProperty("readsSpecialTokens").GetBoolean(),
                Special = SpecialRoles.Read(json.GetProperty("special"), Token),
            });

        int Token(JsonElement number) => number.TryGetInt32(out var token) && (uint)token < (uint)texts.Length ? token
            : throw new FormatException($"{Malformed} tokens should be in [0, {texts.Length}); got {number.GetRawText()}.");
    }
}
