using System.Text;
using System.Text.Json;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers.BytePair;

public sealed class Gpt2FilesTests : IDisposable
{
    private const string Vocabulary = """{"a":0,"b":1,"\u0120":2,"ab":3,"\u0120ab":4,"<|endoftext|>":5,"<pad>":6}""";

    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("#version: 0.2\na b\n\u0120 ab\n")]
    [InlineData("a b\r\n\u0120 ab")]
    public void Small_files_are_read(string merges)
    {
        var tokenizer = Read(Vocabulary, merges);
        tokenizer.Encode("ab ab<|endoftext|>").Should().Equal(3, 4, 5);
        tokenizer.SpecialTokenNames.Should().Equal("<|endoftext|>", "<pad>");
        tokenizer.Special.Should().Be(new SpecialTokens { Padding = 6, Start = 5, End = 5 });
    }

    [Theory]
    [InlineData(Vocabulary, "a b\nab\n", "*merges.txt' has no merges. Line 2 should have two tokens with a space*; got 'ab'.")]
    [InlineData(Vocabulary, "a b \n", "*Line 1 should have two tokens*")]
    [InlineData(Vocabulary, "b a\n", "*not a vocabulary and its merges. The vocabulary lacks the token 'ba' of merge 0, 'b a'.")]
    [InlineData("{\"a\":0,\"b\":2}", "", "*The tokens should have the numbers from 0 to 1, each once; 'b' has 2.")]
    [InlineData("{\"a\":0,", "", "*are not a vocabulary and its merges. *")]
    [InlineData("3", "", "*The vocabulary should be an object with the number of each token.")]
    public void Wrong_files_are_named(string vocabulary, string merges, string message) =>
        FluentActions.Invoking(() => Read(vocabulary, merges)).Should().Throw<DataSourceException>().WithMessage(message);

    [Fact]
    public void The_vectors_of_GPT_2_s_own_files_are_met()
    {
        var tokenizer = ReadShared();
        tokenizer.Count.Should().Be(50_257);
        using var vectors = JsonDocument.Parse(File.ReadAllText(DataFolder.Path("gpt2-bpe", "tiktoken_gpt2_vectors.json")));
        var all = vectors.RootElement.GetProperty("gpt2").EnumerateArray()
            .Concat(vectors.RootElement.GetProperty("gpt2_allowed_special_all").EnumerateArray()).ToArray();
        all.Should().HaveCount(20);
        foreach (var vector in all)
        {
            var tokens = vector[1].EnumerateArray().Select(t => t.GetInt32()).ToArray();
            tokenizer.Encode(vector[0].GetString()!).Should().Equal(tokens);
            tokenizer.Decode(tokens).Should().Be(vector[0].GetString());
        }
    }

    [Fact]
    public void GPT_2_s_own_files_give_the_tokens_of_Microsoft_ML_Tokenizers()
    {
        var tokenizer = ReadShared();
        var peer = Peers.BytePairs(tokenizer);
        foreach (var text in FuzzedText.Many(seed: 17, count: 5_000, hasOutsideLetters: false))
        {
            var tokens = tokenizer.Encode(text);
            tokens.Should().Equal(peer.EncodeToIds(text));
            tokenizer.Decode(tokens).Should().Be(text);
        }

        foreach (var text in FuzzedText.Many(seed: 18, count: 3_000))
            tokenizer.Decode(tokenizer.Encode(text)).Should().Be(text);
        Tokenizer.FromJson(tokenizer.ToJson()).ToJson().Should().Be(tokenizer.ToJson());
    }

    private static BytePairTokenizer ReadShared() => BytePairTokenizer.ReadGpt2(
        DataFolder.Path("gpt2-bpe", "encoder.json.gz"), DataFolder.Path("gpt2-bpe", "vocab.bpe.gz"));

    private BytePairTokenizer Read(string vocabulary, string merges) => BytePairTokenizer.ReadGpt2(
        temporary.Write("vocab.json", Encoding.UTF8.GetBytes(vocabulary)),
        temporary.Write("merges.txt", Encoding.UTF8.GetBytes(merges)));
}
