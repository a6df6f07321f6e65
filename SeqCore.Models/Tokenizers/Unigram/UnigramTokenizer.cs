using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Unigram tokens, as of SentencePiece (Kudo, arXiv:1804.10959, section 3.2): every piece has a probability of its own, and a
/// word becomes the pieces with the largest product, P(x) = product of p(x_i). Characters without a piece become the bytes of
/// their UTF-8 form, so that every text can be encoded and is decoded exactly.
/// </summary>
/// <remarks>
/// A word has the space before it; other white space is a word of its own. Nothing is normalized: spaces stay as they are, and
/// have no other character in the vocabulary. A tokenizer may be used by several threads at once.
/// </remarks>
/// <example>
/// <code>
/// string[] texts = ["low low lower lowest", "new newer newest", "low newest"];
/// var pieces = UnigramTokenizer.Train(texts, vocabularySize: 280, ["&lt;pad&gt;"]);
/// var tokens = pieces.Encode(" lowest \u20AC");
/// Console.WriteLine(pieces.Decode(tokens) == " lowest \u20AC");      // True
/// Console.WriteLine(pieces.Special.Padding);                         // 0
/// </code>
/// </example>
public sealed partial class UnigramTokenizer : ByteTokenizer
{
    internal const string KindName = "unigram";
    private const int Bytes = 256;

    /// <summary>The text of each token: of a special one its name, of a byte a name such as &lt;0x0A&gt;.</summary>
    private readonly string[] texts;

    /// <summary>ln p of each token; 0 for special ones and bytes.</summary>
    private readonly float[] scores;

    /// <summary>The tokens of the 256 bytes; empty if there are none.</summary>
    private readonly int[] byteTokens;
    private readonly PieceLattice lattice;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="texts">The text of each token.</param>
    /// <param name="scores">ln p of each token.</param>
    /// <param name="specialTokens">The special tokens.</param>
    /// <param name="byteTokens">The tokens of the 256 bytes; empty if there are none.</param>
    /// <param name="options">How texts are read.</param>
    /// <exception cref="ArgumentException">A piece is not a part of a word or is listed twice, or a token is wrong.</exception>
    internal UnigramTokenizer(string[] texts, float[] scores, IReadOnlySet<int> specialTokens, int[] byteTokens,
        UnigramOptions options)
        : base(BytesOf(texts, byteTokens), [.. specialTokens.Order().Select(t => (texts[t], t))], options.AddsLeadingSpace,
            options.ReadsSpecialTokens, options.Special)
    {
        (this.texts, this.scores, this.byteTokens, Options) = (texts, scores, byteTokens, options);
        var bytes = byteTokens.ToHashSet();
        if (byteTokens.Length is not (0 or Bytes) || bytes.Count != byteTokens.Length || bytes.Overlaps(specialTokens))
            throw new ArgumentException("UnigramTokenizer: there should be a token for each of the 256 bytes, or none.");
        var known = new HashSet<string>(StringComparer.Ordinal);
        var pieces = new List<(string Piece, int Token)>();
        var least = 0f;
        for (var token = 0; token < texts.Length; token++)
        {
            if (specialTokens.Contains(token) || bytes.Contains(token))
                continue;
            CheckPiece(token, known);
            pieces.Add((texts[token], token));
            least = Math.Min(least, scores[token]);
        }

        lattice = new(new PieceTrie(pieces), scores, least - PieceLattice.UnknownPenalty);
    }

    /// <summary>How texts are read.</summary>
    public UnigramOptions Options { get; }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Returns the logarithm of a piece's probability, ln p; 0 for special tokens and bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in [0, V).</exception>
    public float Score(int token)
    {
        _ = BytesOf(token);
        return scores[token];
    }

    /// <inheritdoc/>
    private protected override int LengthOfFirstWord(ReadOnlySpan<char> text) => SpacedWords.LengthOfFirst(text);

    /// <inheritdoc/>
    private protected override EncodedWord EncodeWord(ReadOnlySpan<char> word, int position)
    {
        var way = new List<(int Piece, int Length)>();
        lattice.Best(word, way);
        if (!way.Exists(p => p.Piece < 0))
            return new([.. way.Select(p => p.Piece)]);
        if (byteTokens.Length == 0)
            return WithUnknown(word, position, way);
        var tokens = new List<int>();
        var at = 0;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var (piece, length) in way)
        {
            if (piece >= 0)
            {
                tokens.Add(piece);
            }
            else
            {
                foreach (var value in utf8[..Encoding.UTF8.GetBytes(word.Slice(at, length), utf8)])
                    tokens.Add(byteTokens[value]);
            }

            at += length;
        }

        return new([.. tokens]);
    }

    /// <summary>Writes each run of unknown characters as one unknown token, as SentencePiece does.</summary>
    private EncodedWord WithUnknown(ReadOnlySpan<char> word, int position, List<(int Piece, int Length)> way)
    {
        var (tokens, lengths) = (new List<int>(), new List<int>());
        var at = 0;
        var wasKnown = true;
        foreach (var (piece, length) in way)
        {
            var unit = word.Slice(at, length);
            var token = piece >= 0 ? piece : Special.Unknown ?? throw new ArgumentException("UnigramTokenizer: the vocabulary has"
                + $" no piece for '{unit}' at position {position + at}, and no tokens for bytes or for unknown parts.");
            if (piece >= 0 || wasKnown)
            {
                tokens.Add(token);
                lengths.Add(0);
            }

            lengths[^1] += Encoding.UTF8.GetByteCount(unit);
            at += length;
            wasKnown = piece >= 0;
        }

        return new([.. tokens], [.. lengths]);
    }

    private void CheckPiece(int token, HashSet<string> known)
    {
        var piece = texts[token];
        if (SpacedWords.LengthOfFirst(piece) != piece.Length)
        {
            throw new ArgumentException($"UnigramTokenizer: token {token}, '{piece}', goes beyond a word; white space other than"
                + " a space at its start is not supported in a piece.");
        }

        if (!float.IsFinite(scores[token]))
            throw new ArgumentException($"UnigramTokenizer: the score of token {token}, '{piece}', should be a finite number.");
        if (!known.Add(piece))
            throw new ArgumentException($"UnigramTokenizer: the token '{piece}' is listed twice.");
    }

    /// <exception cref="ArgumentException">A text is empty or has an unpaired surrogate.</exception>
    private static byte[][] BytesOf(string[] texts, int[] byteTokens)
    {
        var result = new byte[texts.Length][];
        for (var token = 0; token < texts.Length; token++)
        {
            if (texts[token].Length == 0 || WellFormedText.FirstHalf(texts[token]) >= 0)
                throw new ArgumentException($"UnigramTokenizer: token {token}, '{texts[token]}', is not a piece.");
            result[token] = Encoding.UTF8.GetBytes(texts[token]);
        }

        for (var value = 0; value < byteTokens.Length; value++)
            result[byteTokens[value]] = [(byte)value];
        return result;
    }
}
