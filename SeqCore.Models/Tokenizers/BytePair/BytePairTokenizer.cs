using System.Buffers;
using System.Collections.Concurrent;
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
public sealed partial class BytePairTokenizer : Tokenizer
{
    internal const string KindName = "byte-pairs";
    private const int LongestCachedWord = 64, LargestCache = 1 << 16;

    /// <summary>The bytes of each token; of a special one, those of its name.</summary>
    private readonly byte[][] bytes;

    /// <summary>The token of each byte; -1 if there is none.</summary>
    private readonly int[] tokenOfByte = new int[256];
    private readonly (string Name, int Token)[] specialTokens;
    private readonly SpecialTokenText specialText;
    private readonly (int Left, int Right, int Merged)[] merges;
    private readonly PairMerges table;

    /// <summary>Words that were encoded before, in a dictionary for each thread that encodes now.</summary>
    private readonly ConcurrentStack<Dictionary<string, int[]>> caches = new();

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="bytes">The bytes of each token; of a special one, those of its name.</param>
    /// <param name="specialTokens">The special tokens.</param>
    /// <param name="merges">The merges, in order.</param>
    /// <param name="options">How texts are read.</param>
    /// <exception cref="ArgumentException">A special token or a role is wrong, or a token is listed twice.</exception>
    internal BytePairTokenizer(byte[][] bytes, (string Name, int Token)[] specialTokens,
        (int Left, int Right, int Merged)[] merges, BytePairOptions options)
    {
        (this.bytes, this.specialTokens, this.merges, Options) = (bytes, specialTokens, merges, options);
        specialText = new(nameof(BytePairTokenizer), specialTokens);
        Special = options.Special ?? SpecialTokenText.RolesOf(specialTokens);
        CheckRoles();
        Array.Fill(tokenOfByte, -1);
        var special = specialTokens.Select(s => s.Token).ToHashSet();
        for (var token = 0; token < bytes.Length; token++)
        {
            if (bytes[token].Length == 1 && !special.Contains(token))
                tokenOfByte[bytes[token][0]] = token;
        }

        table = new(merges);
    }

    /// <summary>How texts are read.</summary>
    public BytePairOptions Options { get; }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>The number of different tokens, V, including the special tokens.</summary>
    public override int Count => bytes.Length;

    /// <inheritdoc/>
    public override SpecialTokens Special { get; }

    /// <summary>The names of the special tokens, in the order of their tokens.</summary>
    public IReadOnlyList<string> SpecialTokenNames => [.. specialTokens.OrderBy(s => s.Token).Select(s => s.Name)];

    /// <summary>Returns the bytes of UTF-8 that a token stands for, which may be a part of a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in [0, V).</exception>
    public ReadOnlySpan<byte> BytesOf(int token) => bytes[Require(token, nameof(token))];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The text has an unpaired surrogate, or a byte that the vocabulary lacks, which only vocabularies from elsewhere do.
    /// </exception>
    public override int[] Encode(string text) => [.. Encode(text, hasRanges: false).Tokens];

    /// <inheritdoc/>
    public override TokenizedText EncodeWithOffsets(string text) => Encode(text, hasRanges: true).ToText();

    /// <inheritdoc/>
    /// <remarks>
    /// Bytes at the start or end that are a part of a character are decoded to U+FFFD; see <see cref="Tokenizer.NewDecoder"/>.
    /// </remarks>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        var length = 0;
        foreach (var token in tokens)
            length = checked(length + bytes[Require(token, nameof(tokens))].Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var at = 0;
        foreach (var token in tokens)
        {
            bytes[token].CopyTo(buffer.AsSpan(at));
            at += bytes[token].Length;
        }

        var text = Encoding.UTF8.GetString(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    /// <inheritdoc/>
    public override IncrementalDecoder NewDecoder() => new BytePairDecoder(this);

    /// <inheritdoc/>
    /// <remarks>
    /// The right token continues the word of the left one if letters, digits or bytes beyond ASCII meet.
    /// </remarks>
    public override bool AreInSameWord(int left, int right)
    {
        var (before, after) = (bytes[Require(left, nameof(left))], bytes[Require(right, nameof(right))]);
        return !IsSpecial(left) && !IsSpecial(right) && IsOfWord(before[^1]) && IsOfWord(after[0]);

        static bool IsOfWord(byte value) => value >= 128 || char.IsAsciiLetterOrDigit((char)value);
    }

    private bool IsSpecial(int token) => Array.Exists(specialTokens, s => s.Token == token);

    private int Require(int token, string name) => (uint)token < (uint)bytes.Length
        ? token
        : throw new ArgumentOutOfRangeException(name, token, $"BytePairTokenizer: tokens are in [0, {Count}); got {token}.");

    private void CheckRoles()
    {
        int?[] roles = [Special.Padding, Special.Unknown, Special.Start, Special.End, Special.Mask];
        if (Array.Find(roles, r => r is { } token && (uint)token >= (uint)Count) is { } wrong)
        {
            throw new ArgumentException(
                $"BytePairTokenizer: the special tokens of the options should be in [0, {Count}); got {wrong}.");
        }

        if (Special.Unknown is { } unknown && !IsSpecial(unknown))
        {
            throw new ArgumentException($"BytePairTokenizer: the unknown token should be a special one, which no text has; token"
                + $" {unknown} is not.");
        }
    }

    private TokenSink Encode(string text, bool hasRanges)
    {
        WellFormedText.Require(text, nameof(BytePairTokenizer), nameof(text));
        var sink = new TokenSink((text.Length / 3) + 1, hasRanges);
        if (!caches.TryPop(out var cache))
            cache = new(StringComparer.Ordinal);
        var words = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            var (length, nameLength, token) = Options.ReadsSpecialTokens ? specialText.First(rest) : (rest.Length, 0, -1);
            if (length > 0 && Options.AddsLeadingSpace && rest[0] != ' ')
                EncodePart(" " + text.Substring(at, length), at - 1, at, words, sink);
            else
                EncodePart(rest[..length], at, at, words, sink);
            at += length;
            if (token >= 0)
                sink.Add(token, at, at + nameLength);
            at += nameLength;
        }

        caches.Push(cache);
        return sink;
    }

    /// <summary>Encodes a part of a text without special tokens.</summary>
    /// <param name="part">The part.</param>
    /// <param name="offset">The position in the text of the part's first character.</param>
    /// <param name="first">The first position in the text that may be in a range: not that of a space that was added.</param>
    /// <param name="words">The words that were encoded before.</param>
    /// <param name="sink">Receives the tokens.</param>
    private void EncodePart(ReadOnlySpan<char> part, int offset, int first,
        Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> words, TokenSink sink)
    {
        for (var at = 0; at < part.Length;)
        {
            var word = part.Slice(at, PreTokens.LengthOfFirst(part[at..]));
            if (!words.TryGetValue(word, out var tokens))
            {
                tokens = EncodeWord(word, offset + at);
                if (word.Length <= LongestCachedWord)
                {
                    if (words.Dictionary.Count >= LargestCache)
                        words.Dictionary.Clear();
                    words[word] = tokens;
                }
            }

            sink.Tokens.AddRange(tokens);
            if (sink.HasRanges)
                AddRanges(word, tokens, offset + at, first, sink);
            at += word.Length;
        }
    }

    private int[] EncodeWord(ReadOnlySpan<char> word, int position)
    {
        var most = Encoding.UTF8.GetMaxByteCount(word.Length);
        Span<byte> utf8 = most <= 512 ? stackalloc byte[512] : new byte[most];
        utf8 = utf8[..Encoding.UTF8.GetBytes(word, utf8)];
        var tokens = new int[utf8.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = tokenOfByte[utf8[i]] is >= 0 and var token
                ? token
                : Special.Unknown ?? throw new ArgumentException($"BytePairTokenizer: the vocabulary has no token for the byte"
                    + $" 0x{utf8[i]:X2} of '{word}' at position {position}, and none for unknown parts.");
        }

        var count = table.Merge(tokens);
        return count == tokens.Length ? tokens : tokens[..count];
    }

    /// <summary>Adds the range of each token of a word: from the character of its first byte to that of its last.</summary>
    private void AddRanges(ReadOnlySpan<char> word, int[] tokens, int offset, int first, TokenSink sink)
    {
        var (at, end, bytesBeforeEnd, bytesRead) = (0, 0, 0, 0);
        foreach (var token in tokens)
        {
            if (bytesRead == bytesBeforeEnd)
                Advance(word);
            var start = at;
            bytesRead += token == Special.Unknown ? 1 : bytes[token].Length;
            while (bytesBeforeEnd < bytesRead)
                Advance(word);
            sink.AddRange(Math.Max(first, offset + start), Math.Max(first, offset + end));
        }

        void Advance(ReadOnlySpan<char> text)
        {
            at = end;
            Rune.DecodeFromUtf16(text[at..], out var character, out var length);
            end += length;
            bytesBeforeEnd += character.Utf8SequenceLength;
        }
    }
}

/// <summary>Decodes the bytes of tokens, and keeps those of a character until it is complete.</summary>
internal sealed class BytePairDecoder(BytePairTokenizer tokenizer) : IncrementalDecoder
{
    private readonly Decoder utf8 = Encoding.UTF8.GetDecoder();

    /// <inheritdoc/>
    public override string Append(int token) => Decode(tokenizer.BytesOf(token), isLast: false);

    /// <inheritdoc/>
    public override string Finish() => Decode([], isLast: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var characters = new char[utf8.GetCharCount(bytes, isLast)];
        return new string(characters, 0, utf8.GetChars(bytes, characters, isLast));
    }
}
