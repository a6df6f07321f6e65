using System.Text.Json;
using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>Syllables of two letters as tokens, in a corpus, a model and its file.</summary>
public sealed class PairTokenizer : Tokenizer
{
    private const string Letters = "abcdefgh";

    public override string Kind => "letter-pairs";

    public override int Count => Letters.Length * Letters.Length;

    public override int[] Encode(string text) =>
        [.. text.Chunk(2).Select(p => p.Length == 2 && Letters.Contains(p[0]) && Letters.Contains(p[1])
            ? (Letters.IndexOf(p[0]) * Letters.Length) + Letters.IndexOf(p[1])
            : throw new ArgumentException($"PairTokenizer: '{new string(p)}' is not a pair of the letters {Letters}."))];

    public override string Decode(ReadOnlySpan<int> tokens) =>
        string.Concat(tokens.ToArray().Select(t => $"{Letters[t / Letters.Length]}{Letters[t % Letters.Length]}"));

    // A tokenizer with settings writes them here, and its reader takes them from the JSON object.
    protected override void Write(Utf8JsonWriter json)
    {
    }

    public static void Register() => Register("letter-pairs", _ => new PairTokenizer());
}

public class OwnTokenizerTests
{
    [Fact]
    public void A_corpus_a_model_and_its_file_take_it()
    {
        PairTokenizer.Register();
        var corpus = new TextCorpus(string.Concat(Enumerable.Repeat("abcdefgh", 40)), "pairs", new PairTokenizer());
        using var model = new RecurrentLanguageModel(
            new() { VocabularySize = corpus.Tokenizer.Count, EmbeddingSize = 8, HiddenSize = 16 }, new RandomGenerator(1))
        {
            Tokenizer = corpus.Tokenizer,
        };
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            model.Save(path);
            using var loaded = LanguageModel.Load(path);
            loaded.Tokenizer.Should().BeOfType<PairTokenizer>();
            loaded.Generate("ab", 3).Should().HaveLength(6).And.Be(model.Generate("ab", 3));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
