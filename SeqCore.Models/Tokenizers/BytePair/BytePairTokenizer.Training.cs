using System.Text;

namespace SeqCore.Models;

public sealed partial class BytePairTokenizer
{
    /// <summary>
    /// Learns merges from texts: the pair of tokens that is most frequent within words is merged, again and again. The tokens are
    /// the special ones, then the 256 bytes in GPT-2's order, then the results of the merges.
    /// </summary>
    /// <param name="texts">
    /// The texts, which are read once, one after the other, so that a corpus may be larger than the memory; only their distinct
    /// words are kept. No word goes from one text into the next, so lines or documents are good texts, and blocks of a fixed size
    /// are not.
    /// </param>
    /// <param name="vocabularySize">
    /// The number of tokens to have, V: the number of merges is V less 256 and less the special tokens. There are fewer if no
    /// further pair is frequent enough.
    /// </param>
    /// <param name="specialTokens">The names of special tokens, which are tokens 0, 1 and so on; null for none.</param>
    /// <param name="minimumFrequency">The smallest number of times that a pair is found if it is merged; 2 by default.</param>
    /// <param name="options">How texts are read; null for the defaults.</param>
    /// <param name="cancellation">Cancels the training.</param>
    /// <remarks>
    /// The result depends on nothing but the texts, not on their order: of equally frequent pairs, the one with the smaller left
    /// token is merged first, then the one with the smaller right token.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// A number is out of range, a special token's name is empty or listed twice, or a text has an unpaired surrogate.
    /// </exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static BytePairTokenizer Train(IEnumerable<string> texts, int vocabularySize,
        IReadOnlyList<string>? specialTokens = null, int minimumFrequency = 2, BytePairOptions? options = null,
        CancellationToken cancellation = default)
    {
        const string Owner = $"{nameof(BytePairTokenizer)}.{nameof(Train)}";
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new();
        var names = Argument.NoNulls(specialTokens ?? [], Owner, nameof(specialTokens));
        Argument.AtLeast(minimumFrequency, Owner, nameof(minimumFrequency));
        Argument.AtLeast(vocabularySize, Owner, nameof(vocabularySize), 256 + names.Count);
        (string Name, int Token)[] special = [.. names.Select((name, token) => (name, token))];
        var text = new SpecialTokenText(Owner, special);
        var words = CountWords(texts, text, options.AddsLeadingSpace, options.ReadsSpecialTokens, PreTokens.LengthOfFirst, Owner,
            cancellation);
        List<byte[]> bytes = [.. names.Select(Encoding.UTF8.GetBytes), .. ByteCharacters.InOrder.Select(b => new[] { b })];
        var trainer = new BytePairTrainer(words, bytes, names.Count);
        trainer.Run(vocabularySize, minimumFrequency, cancellation);
        return new([.. bytes], special, [.. trainer.Merges], options);
    }
}
