using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Byte-level byte-pair encoding, as of GPT-2 (Sennrich et al., arXiv:1508.07909; Radford et al. 2019): a text is split into
/// words with the space before them, these into the bytes of their UTF-8 form, and pairs of tokens are merged in the order in
/// which training found them. Every text can be encoded if the vocabulary has all bytes, and is decoded exactly.
/// </summary>
/// <remarks>A tokenizer may be used by several threads at once.</remarks>
/// <example>
/// <code>
/// var pairs = BytePairTokenizer.Train(["low low lower lowest", "new newer"], vocabularySize: 262, ["&lt;|endoftext|&gt;"]);
/// var tokens = pairs.Encode("lowest \u20AC");
/// Console.WriteLine(pairs.Decode(tokens[0]));                      // low
/// Console.WriteLine(pairs.Decode(tokens) == "lowest \u20AC");      // True
/// Console.WriteLine(pairs.Special.End);                            // 0
/// </code>
/// </example>
public sealed partial class BytePairTokenizer : ByteTokenizer
{
    internal const string KindName = "byte-pairs";

    /// <summary>The token of each byte; -1 if there is none.</summary>
    private readonly int[] tokenOfByte = new int[256];
    private readonly (int Left, int Right, int Merged)[] merges;
    private readonly PairMerges table;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="bytes">The bytes of each token; of a special one, those of its name.</param>
    /// <param name="specialTokens">The special tokens.</param>
    /// <param name="merges">The merges, in order.</param>
    /// <param name="options">How texts are read.</param>
    /// <exception cref="ArgumentException">A special token or a role is wrong, or a token is listed twice.</exception>
    internal BytePairTokenizer(byte[][] bytes, (string Name, int Token)[] specialTokens,
        (int Left, int Right, int Merged)[] merges, BytePairOptions options)
        : base(bytes, specialTokens, options.AddsLeadingSpace, options.ReadsSpecialTokens, options.Special)
    {
        (this.merges, Options) = (merges, options);
        Array.Fill(tokenOfByte, -1);
        for (var token = 0; token < bytes.Length; token++)
        {
            if (bytes[token].Length == 1 && !IsSpecial(token))
                tokenOfByte[bytes[token][0]] = token;
        }

        table = new(merges);
    }

    /// <summary>How texts are read.</summary>
    public BytePairOptions Options { get; }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    private protected override int LengthOfFirstWord(ReadOnlySpan<char> text) => PreTokens.LengthOfFirst(text);

    /// <inheritdoc/>
    private protected override EncodedWord EncodeWord(ReadOnlySpan<char> word, int position)
    {
        var most = Encoding.UTF8.GetMaxByteCount(word.Length);
        Span<byte> utf8 = most <= 512 ? stackalloc byte[512] : new byte[most];
        utf8 = utf8[..Encoding.UTF8.GetBytes(word, utf8)];
        var tokens = new int[utf8.Length];
        var hasUnknown = false;
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = tokenOfByte[utf8[i]];
            if (tokens[i] >= 0)
                continue;
            hasUnknown = true;
            tokens[i] = Special.Unknown ?? throw new ArgumentException($"BytePairTokenizer: the vocabulary has no token for the"
                + $" byte 0x{utf8[i]:X2} of '{word}' at position {position}, and none for unknown parts.");
        }

        var count = table.Merge(tokens);
        tokens = count == tokens.Length ? tokens : tokens[..count];
        return new(tokens, hasUnknown ? Array.ConvertAll(tokens, t => t == Special.Unknown ? 1 : BytesOf(t).Length) : null);
    }
}
