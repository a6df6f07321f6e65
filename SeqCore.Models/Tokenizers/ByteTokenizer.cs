using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace SeqCore.Models;

/// <summary>
/// The base of tokenizers whose tokens are parts of the UTF-8 form of a text, so that every text comes back exactly from its
/// tokens. A text is split into words, and each word into tokens; special tokens may be written in it by their names.
/// </summary>
/// <remarks>A tokenizer may be used by several threads at once.</remarks>
public abstract class ByteTokenizer : Tokenizer
{
    private const int LongestCachedWord = 64, LargestCache = 1 << 16;

    /// <summary>The bytes of each token; of a special one, those of its name.</summary>
    private readonly byte[][] bytes;
    private readonly (string Name, int Token)[] specialTokens;
    private readonly HashSet<int> specialNumbers;
    private readonly SpecialTokenText specialText;
    private readonly bool addsLeadingSpace, readsSpecialTokens;

    /// <summary>Words that were encoded before, in a dictionary for each thread that encodes now.</summary>
    private readonly ConcurrentStack<Dictionary<string, EncodedWord>> caches = new();

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="bytes">The bytes of each token; of a special one, those of its name.</param>
    /// <param name="specialTokens">The special tokens.</param>
    /// <param name="addsLeadingSpace">Whether a text that does not begin with a space is read as if it did.</param>
    /// <param name="readsSpecialTokens">Whether the name of a special token in a text becomes that token.</param>
    /// <param name="special">What the special tokens are for; null to tell by their names.</param>
    /// <exception cref="ArgumentException">A special token or a role is wrong.</exception>
    private protected ByteTokenizer(byte[][] bytes, (string Name, int Token)[] specialTokens, bool addsLeadingSpace,
        bool readsSpecialTokens, SpecialTokens? special)
    {
        (this.bytes, this.specialTokens) = (bytes, specialTokens);
        (this.addsLeadingSpace, this.readsSpecialTokens) = (addsLeadingSpace, readsSpecialTokens);
        specialNumbers = [.. specialTokens.Select(s => s.Token)];
        specialText = new(GetType().Name, specialTokens);
        Special = special ?? SpecialTokenText.RolesOf(specialTokens);
        SpecialRoles.Check(Special, GetType().Name, Count, specialNumbers);
    }

    /// <summary>The number of different tokens, V, including the special tokens.</summary>
    public override int Count => bytes.Length;

    /// <inheritdoc/>
    public override SpecialTokens Special { get; }

    /// <summary>The names of the special tokens, in the order of their tokens.</summary>
    public IReadOnlyList<string> SpecialTokenNames => [.. specialTokens.OrderBy(s => s.Token).Select(s => s.Name)];

    /// <summary>The special tokens with their names.</summary>
    private protected IReadOnlyList<(string Name, int Token)> NamedSpecialTokens => specialTokens;

    /// <summary>Returns the bytes of UTF-8 that a token stands for, which may be a part of a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in [0, V).</exception>
    public ReadOnlySpan<byte> BytesOf(int token) => bytes[Require(token, nameof(token))];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The text has an unpaired surrogate, or a part that the vocabulary lacks, which only vocabularies from elsewhere do.
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
    public override IncrementalDecoder NewDecoder() => new ByteDecoder(this);

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

    /// <summary>Returns the number of UTF-16 units of the first word of a text, which is well formed and not empty.</summary>
    private protected abstract int LengthOfFirstWord(ReadOnlySpan<char> text);

    /// <summary>Splits a word into tokens.</summary>
    /// <param name="word">The word.</param>
    /// <param name="position">The position in the text of its first character, for an error.</param>
    /// <exception cref="ArgumentException">The vocabulary lacks a part of it.</exception>
    private protected abstract EncodedWord EncodeWord(ReadOnlySpan<char> word, int position);

    /// <summary>Counts the words of texts for training, as they are split when they are encoded.</summary>
    private protected static Dictionary<string, long> CountWords(IEnumerable<string> texts, SpecialTokenText special,
        bool addsLeadingSpace, bool readsSpecialTokens, WordLength lengthOfFirst, string owner, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            WellFormedText.Require(text, owner, nameof(texts));
            for (var at = 0; at < text.Length;)
            {
                var rest = text.AsSpan(at);
                var (length, nameLength, _) = readsSpecialTokens ? special.First(rest) : (rest.Length, 0, -1);
                var needsSpace = length > 0 && addsLeadingSpace && rest[0] != ' ';
                Count(needsSpace ? " " + text.Substring(at, length) : rest[..length]);
                at += length + nameLength;
            }
        }

        return counts;

        void Count(ReadOnlySpan<char> part)
        {
            while (!part.IsEmpty)
            {
                var word = part[..lengthOfFirst(part)];
                CollectionsMarshal.GetValueRefOrAddDefault(lookup, word, out _)++;
                part = part[word.Length..];
            }
        }
    }

    private protected bool IsSpecial(int token) => specialNumbers.Contains(token);

    private int Require(int token, string name) => (uint)token < (uint)bytes.Length
        ? token
        : throw new ArgumentOutOfRangeException(name, token, $"{GetType().Name}: tokens are in [0, {Count}); got {token}.");

    private TokenSink Encode(string text, bool hasRanges)
    {
        WellFormedText.Require(text, GetType().Name, nameof(text));
        var sink = new TokenSink((text.Length / 3) + 1, hasRanges);
        if (!caches.TryPop(out var cache))
            cache = new(StringComparer.Ordinal);
        var words = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            var (length, nameLength, token) = readsSpecialTokens ? specialText.First(rest) : (rest.Length, 0, -1);
            if (length > 0 && addsLeadingSpace && rest[0] != ' ')
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
        Dictionary<string, EncodedWord>.AlternateLookup<ReadOnlySpan<char>> words, TokenSink sink)
    {
        for (var at = 0; at < part.Length;)
        {
            var word = part.Slice(at, LengthOfFirstWord(part[at..]));
            if (!words.TryGetValue(word, out var encoded))
            {
                encoded = EncodeWord(word, offset + at);
                if (word.Length <= LongestCachedWord)
                {
                    if (words.Dictionary.Count >= LargestCache)
                        words.Dictionary.Clear();
                    words[word] = encoded;
                }
            }

            sink.Tokens.AddRange(encoded.Tokens);
            if (sink.HasRanges)
                AddRanges(word, encoded, offset + at, first, sink);
            at += word.Length;
        }
    }

    /// <summary>Adds the range of each token of a word: from the character of its first byte to that of its last.</summary>
    private void AddRanges(ReadOnlySpan<char> word, EncodedWord encoded, int offset, int first, TokenSink sink)
    {
        var (at, end, bytesBeforeEnd, bytesRead) = (0, 0, 0, 0);
        for (var i = 0; i < encoded.Tokens.Length; i++)
        {
            if (bytesRead == bytesBeforeEnd)
                Advance(word);
            var start = at;
            bytesRead += encoded.Lengths?[i] ?? bytes[encoded.Tokens[i]].Length;
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

/// <summary>Returns the number of UTF-16 units of the first word of a text.</summary>
internal delegate int WordLength(ReadOnlySpan<char> text);

/// <summary>The tokens of a word.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Lengths">
/// The number of bytes of the word that each token stands for; null where these are the bytes of the tokens, as they are unless
/// one stands for an unknown part.
/// </param>
internal readonly record struct EncodedWord(int[] Tokens, int[]? Lengths = null);

/// <summary>Decodes the bytes of tokens, and keeps those of a character until it is complete.</summary>
internal sealed class ByteDecoder(ByteTokenizer tokenizer) : IncrementalDecoder
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
