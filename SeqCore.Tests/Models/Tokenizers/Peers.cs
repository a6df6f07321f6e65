using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using SeqCore.Models;
using SeqCore.Tests.Models.Tokenizers.BytePair;

namespace SeqCore.Tests.Models.Tokenizers;

/// <summary>The same tokenizers in Microsoft.ML.Tokenizers.</summary>
internal static class Peers
{
    internal static BpeTokenizer BytePairs(BytePairTokenizer tokenizer)
    {
        using var json = JsonDocument.Parse(tokenizer.ToJson());
        string[] tokens = [.. json.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!)];
        var merges = json.RootElement.GetProperty("merges").EnumerateArray().Select(t => t.GetInt32()).Chunk(3);
        return BpeTokenizer.Create(new BpeOptions(tokens.Select(KeyValuePair.Create))
        {
            Merges = merges.Select(m => $"{tokens[m[0]]} {tokens[m[1]]}"),
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(PreTokensTests.Pattern(), null),
        });
    }

    /// <summary>
    /// A tokenizer whose special tokens are &lt;unk&gt;, &lt;s&gt; and &lt;/s&gt;, by a model file of SentencePiece.
    /// </summary>
    internal static SentencePieceTokenizer Unigrams(UnigramTokenizer tokenizer)
    {
        using var json = JsonDocument.Parse(tokenizer.ToJson());
        string[] tokens = [.. json.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!)];
        using var model = new MemoryStream(SentencePieceFile.Unigram(tokens, tokenizer.Score));
        return SentencePieceTokenizer.Create(model, addBeginningOfSentence: false, addEndOfSentence: false);
    }

    internal static BertTokenizer WordPieces(SeqCore.Models.WordPieceTokenizer tokenizer)
    {
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokenizer.Vocabulary)));
        return BertTokenizer.Create(lines, new Microsoft.ML.Tokenizers.BertOptions
        {
            LowerCaseBeforeTokenization = tokenizer.IsLowercase,
            RemoveNonSpacingMarks = tokenizer.StripsAccents,
        });
    }
}
