using System.Text.Json;

namespace SeqCore.Models;

/// <summary>
/// Reads <c>tokenizer.json</c> of Hugging Face: byte-level BPE, as of GPT-2 and RoBERTa, WordPiece, as of BERT, and Unigram with
/// a Metaspace and without a normalizer.
/// </summary>
/// <remarks>
/// What a file asks for beyond these, such as another normalizer, is an error that names it, so that no text is encoded otherwise
/// than there. Truncation and padding are not read: <see cref="EncodingOptions"/> and <see cref="PaddedBatch"/> do that.
/// </remarks>
public static class HuggingFaceTokenizer
{
    /// <summary>The character that stands for a space in pieces.</summary>
    private const string Metaspace = "\u2581";

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">The path of tokenizer.json; a gzip file is decompressed.</param>
    /// <returns>A <see cref="BytePairTokenizer"/>, <see cref="WordPieceTokenizer"/> or <see cref="UnigramTokenizer"/>.</returns>
    /// <exception cref="DataSourceException">
    /// The file cannot be read, is not such a file, or asks for something that is not supported; the message names it.
    /// </exception>
    public static Tokenizer Read(string path)
    {
        var json = TextFile.Read(path);
        try
        {
            return Parse(json);
        }
        catch (FormatException wrong)
        {
            throw new DataSourceException($"'{path}' cannot be read as a tokenizer of Hugging Face. {wrong.Message}", wrong);
        }
    }

    /// <exception cref="FormatException">The text is not such a file, or asks for something that is not supported.</exception>
    internal static Tokenizer Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var file = document.RootElement;
            if (file.ValueKind != JsonValueKind.Object)
                throw new FormatException("The file should be an object.");
            var model = Required(file, "model");
            var type = Text(model, "type") ?? (model.TryGetProperty("merges", out _) ? "BPE" : "");
            return type switch
            {
                "BPE" => BytePairs(file, model),
                "WordPiece" => WordPieces(file, model),
                "Unigram" => Unigrams(file, model),
                _ => throw Unsupported("model", type, "BPE, WordPiece and Unigram"),
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or ArgumentException
            or KeyNotFoundException)
        {
            throw new FormatException($"It is not such a file: {malformed.Message}", malformed);
        }
    }

    private static BytePairTokenizer BytePairs(JsonElement file, JsonElement model)
    {
        var added = AddedTokens(file, "single_word", "lstrip", "rstrip");
        RequireType(file, "normalizer");
        var split = RequireType(file, "pre_tokenizer", "ByteLevel") ?? throw Unsupported("pre_tokenizer", "none", "ByteLevel");
        RequireType(file, "decoder", "ByteLevel");
        Require(split, "use_regex", true, "pre_tokenizer.");
        Require(model, "byte_fallback", false, "model.");
        Require(model, "ignore_merges", false, "model.");
        foreach (var name in (string[])["dropout", "continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (model.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
                && value.GetRawText() is not ("\"\"" or "0" or "0.0"))
                throw Unsupported($"model.{name}", value.GetRawText(), "null");
        }

        var unknown = Text(model, "unk_token");
        if (unknown is not null)
            Require(model, "fuse_unk", false, "model.");
        var vocabulary = VocabularyJson.Read(Required(model, "vocab"), added);
        (string, string)[] merges = [.. Required(model, "merges").EnumerateArray().Select(Merge)];
        var special = added.Select(a => a.Token).ToHashSet();
        var names = special.Select(t => (vocabulary[t], t)).ToList();
        var (start, end) = Around(file, vocabulary);
        var roles = SpecialTokenText.RolesOf(names);
        var unknownToken = unknown is null ? null : (int?)Array.IndexOf(vocabulary, unknown);
        return BytePairTokenizer.FromVocabulary(vocabulary, merges, special, new()
        {
            AddsLeadingSpace = Flag(split, "add_prefix_space") ?? true,
            Special = roles with
            {
                Start = start ?? roles.Start,
                End = end ?? roles.End,
                Unknown = unknownToken ?? roles.Unknown,
            },
        });
    }

    private static WordPieceTokenizer WordPieces(JsonElement file, JsonElement model)
    {
        // There, a token that is normalized is looked for in the text without capitals and accents.
        var added = AddedTokens(file, "single_word", "lstrip", "rstrip", "normalized");
        var normalizer = RequireType(file, "normalizer", "BertNormalizer")
            ?? throw Unsupported("normalizer", "none", "BertNormalizer");
        if (RequireType(file, "pre_tokenizer", "BertPreTokenizer") is null)
            throw Unsupported("pre_tokenizer", "none", "BertPreTokenizer");
        RequireType(file, "decoder", "WordPiece");
        Require(normalizer, "clean_text", true, "normalizer.");
        Require(normalizer, "handle_chinese_chars", true, "normalizer.");
        if (Text(model, "unk_token") is { } unknown and not "[UNK]")
            throw Unsupported("model.unk_token", unknown, "[UNK]");
        if (Text(model, "continuing_subword_prefix") is { } prefix and not "##")
            throw Unsupported("model.continuing_subword_prefix", prefix, "##");
        if (model.TryGetProperty("max_input_chars_per_word", out var most) && most.GetRawText() != "100")
            throw Unsupported("model.max_input_chars_per_word", most.GetRawText(), "100");
        var vocabulary = VocabularyJson.Read(Required(model, "vocab"), added);
        var tokenizer = new WordPieceTokenizer(vocabulary, added.Select(a => a.Text), Flag(normalizer, "lowercase") ?? true,
            Flag(normalizer, "strip_accents"));
        var (start, end) = Around(file, vocabulary);
        if (start is not null && start != tokenizer.Special.Start)
            throw Unsupported("post_processor with the first token", vocabulary[start.Value], "[CLS]");
        if (end is not null && end != tokenizer.Special.End)
            throw Unsupported("post_processor with the last token", vocabulary[end.Value], "[SEP]");
        return tokenizer;
    }

    private static UnigramTokenizer Unigrams(JsonElement file, JsonElement model)
    {
        var added = AddedTokens(file, "single_word", "lstrip", "rstrip");
        RequireType(file, "normalizer");
        var split = RequireType(file, "pre_tokenizer", "Metaspace") ?? throw Unsupported("pre_tokenizer", "none", "Metaspace");
        RequireType(file, "decoder", "Metaspace");
        Require(split, "split", true, "pre_tokenizer.");
        if (Text(split, "replacement") is { } replacement and not Metaspace)
            throw Unsupported("pre_tokenizer.replacement", replacement, Metaspace);
        var prefix = Text(split, "prepend_scheme") ?? (Flag(split, "add_prefix_space") == false ? "never" : "always");
        if (prefix is not ("always" or "never"))
            throw Unsupported("pre_tokenizer.prepend_scheme", prefix, "always and never");
        (string Text, float Score)[] entries = [.. Required(model, "vocab").EnumerateArray().Select(Scored)];
        var special = added.Select(a => a.Token).ToHashSet();
        int? unknown = model.TryGetProperty("unk_id", out var id) && id.ValueKind == JsonValueKind.Number ? id.GetInt32() : null;
        if (unknown is { } number)
        {
            special.Add((uint)number < (uint)entries.Length ? number
                : throw new FormatException($"The model.unk_id {number} is not one of the {entries.Length} pieces."));
        }

        var vocabulary = new string[entries.Length + added.Count(a => a.Token >= entries.Length)];
        foreach (var (text, token) in added.Concat(entries.Select((e, i) => (e.Text, i)).Where(e => !added.Contains(e))))
        {
            if ((uint)token >= (uint)vocabulary.Length || vocabulary[token] is not null)
                throw new FormatException($"The added token '{text}' has the number {token} of another, or leaves a gap.");
            vocabulary[token] = special.Contains(token) ? text : text.Replace(Metaspace[0], ' ');
        }

        var (start, end) = Around(file, vocabulary);
        var roles = SpecialTokenText.RolesOf(special.Select(t => (vocabulary[t], t)));
        return UnigramTokenizer.FromVocabulary(vocabulary,
            [.. entries.Select((e, i) => special.Contains(i) ? 0 : e.Score), .. new float[vocabulary.Length - entries.Length]],
            special, Flag(model, "byte_fallback") == true, new()
            {
                AddsLeadingSpace = prefix == "always",
                Special = roles with { Start = start ?? roles.Start, End = end ?? roles.End, Unknown = unknown ?? roles.Unknown },
            });
    }

    /// <summary>Returns the tokens that are put before and after a text.</summary>
    private static (int? Start, int? End) Around(JsonElement file, string[] vocabulary)
    {
        if (!file.TryGetProperty("post_processor", out var processor) || processor.ValueKind == JsonValueKind.Null)
            return (null, null);
        switch (Text(processor, "type"))
        {
            case "ByteLevel":
                return (null, null);
            case "RobertaProcessing" or "BertProcessing":
                return (TokenOf(Required(processor, "cls")[0].GetString()), TokenOf(Required(processor, "sep")[0].GetString()));
            case "TemplateProcessing":
                var parts = Required(processor, "single").EnumerateArray()
                    .Select(p => p.TryGetProperty("SpecialToken", out var token) ? Text(token, "id") : null).ToArray();
                var text = Array.IndexOf(parts, null);
                if (text is 0 or 1 && parts.Length - text is 1 or 2 && Array.LastIndexOf(parts, null) == text)
                {
                    return (text == 1 ? TokenOf(parts[0]) : null, parts.Length - text == 2 ? TokenOf(parts[^1]) : null);
                }

                throw Unsupported("post_processor.single", Required(processor, "single").GetRawText(),
                    "a text with at most one token on each side");
            case var other:
                throw Unsupported("post_processor", other ?? "", "ByteLevel, BertProcessing, RobertaProcessing and"
                    + " TemplateProcessing");
        }

        int? TokenOf(string? name) => Array.IndexOf(vocabulary, name) is >= 0 and var token ? token
            : throw new FormatException($"The post_processor adds the token '{name}', which the vocabulary lacks.");
    }

    private static List<(string Text, int Token)> AddedTokens(JsonElement file, params string[] flags)
    {
        var result = new List<(string, int)>();
        if (!file.TryGetProperty("added_tokens", out var tokens) || tokens.ValueKind == JsonValueKind.Null)
            return result;
        foreach (var token in tokens.EnumerateArray())
        {
            var text = Text(token, "content") ?? "";
            foreach (var flag in flags)
                Require(token, flag, false, $"added token '{text}' with ");
            result.Add((text, Required(token, "id").TryGetInt32(out var id) ? id
                : throw new FormatException($"The added token '{text}' should have a number.")));
        }

        return result;
    }

    private static (string, string) Merge(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2)
            return (merge[0].GetString() ?? "", merge[1].GetString() ?? "");
        return merge.ValueKind == JsonValueKind.String && merge.GetString()!.Split(' ') is [var left, var right] ? (left, right)
            : throw new FormatException($"A merge should have two tokens; got {merge.GetRawText()}.");
    }

    private static (string Text, float Score) Scored(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 2 ? (entry[0].GetString() ?? "", entry[1].GetSingle())
            : throw new FormatException($"A piece should have a text and a score; got {entry.GetRawText()}.");

    /// <summary>Requires that a part of the file is of a supported type, or missing.</summary>
    /// <returns>The part; null if it is missing.</returns>
    private static JsonElement? RequireType(JsonElement file, string name, params string[] supported)
    {
        if (!file.TryGetProperty(name, out var part) || part.ValueKind == JsonValueKind.Null)
            return null;
        var type = Text(part, "type") ?? "";
        return supported.Contains(type) ? part
            : throw Unsupported(name, type, supported.Length == 0 ? "none" : string.Join(" and ", supported));
    }

    private static void Require(JsonElement part, string name, bool value, string owner)
    {
        if (Flag(part, name) is { } other && other != value)
            throw Unsupported(owner + name, other ? "true" : "false", value ? "true" : "false");
    }

    private static FormatException Unsupported(string name, string value, string supported) =>
        new($"The {name} '{value}' is not supported; supported: {supported}.");

    private static JsonElement Required(JsonElement part, string name) => part.TryGetProperty(name, out var value) ? value
        : throw new FormatException($"The file lacks '{name}'.");

    private static string? Text(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool? Flag(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean() : null;
}
