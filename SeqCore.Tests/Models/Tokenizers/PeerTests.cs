using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

/// <summary>Tokens are those of Microsoft.ML.Tokenizers, where it follows the definitions too.</summary>
public class PeerTests
{
    [Fact]
    public void Byte_pairs_of_a_vocabulary_of_our_own_are_the_same()
    {
        // .NET's Regex, which splits words there, takes letters outside the basic plane for other characters.
        string[] corpus = [.. FuzzedText.Many(seed: 19, count: 2_000)];
        foreach (var size in (int[])[256, 300, 1_000, 3_000])
        {
            var tokenizer = BytePairTokenizer.Train(corpus, size);
            var peer = Peers.BytePairs(tokenizer);
            foreach (var text in FuzzedText.Many(seed: 20 + size, count: 2_000, hasOutsideLetters: false))
                tokenizer.Encode(text).Should().Equal(peer.EncodeToIds(text));
        }
    }
}
