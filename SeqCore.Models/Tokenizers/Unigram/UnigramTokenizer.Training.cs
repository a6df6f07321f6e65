namespace SeqCore.Models;

public sealed partial class UnigramTokenizer
{
    /// <summary>
    /// Learns pieces from texts, as SentencePiece does. The tokens are the special ones, then the 256 bytes, then the pieces, the
    /// most probable first.
    /// </summary>
    /// <param name="texts">
    /// The texts, which are read once, one after the other, so that a corpus may be larger than the memory; only their distinct
    /// words are kept. No word goes from one text into the next, so lines or documents are good texts, and blocks of a fixed size
    /// are not.
    /// </param>
    /// <param name="vocabularySize">
    /// The number of tokens to have, V: the number of pieces is V less 256 and less the special tokens. There are fewer if the
    /// texts do not have that many.
    /// </param>
    /// <param name="specialTokens">The names of special tokens, which are tokens 0, 1 and so on; null for none.</param>
    /// <param name="training">How pieces are found; null for the defaults.</param>
    /// <param name="options">How texts are read; null for the defaults.</param>
    /// <param name="cancellation">Cancels the training.</param>
    /// <remarks>The result depends on nothing but the texts, not on their order.</remarks>
    /// <exception cref="ArgumentException">
    /// A number is out of range, V is too small for the characters of the texts, a special token's name is empty or listed twice,
    /// or a text has an unpaired surrogate.
    /// </exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static UnigramTokenizer Train(IEnumerable<string> texts, int vocabularySize,
        IReadOnlyList<string>? specialTokens = null, UnigramTrainingOptions? training = null, UnigramOptions? options = null,
        CancellationToken cancellation = default)
    {
        const string Owner = $"{nameof(UnigramTokenizer)}.{nameof(Train)}";
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new();
        training ??= new();
        training.Check(Owner);
        var names = Argument.NoNulls(specialTokens ?? [], Owner, nameof(specialTokens));
        var given = Bytes + names.Count;
        Argument.AtLeast(vocabularySize, Owner, nameof(vocabularySize), given);
        var text = new SpecialTokenText(Owner, names.Select((name, token) => (name, token)));
        var words = CountWords(texts, text, options.AddsLeadingSpace, options.ReadsSpecialTokens, SpacedWords.LengthOfFirst,
            Owner, cancellation);
        var trainer = new UnigramTrainer(words, training, cancellation);
        if (vocabularySize - given < trainer.RequiredCount)
        {
            throw new ArgumentOutOfRangeException(nameof(vocabularySize), vocabularySize, $"{Owner}: {nameof(vocabularySize)}"
                + $" should be at least {given + trainer.RequiredCount}: {Counted.Of(names.Count, "special token")}, 256 bytes"
                + $" and {Counted.Of(trainer.RequiredCount, "character")} of the texts. Hint: lower"
                + $" {nameof(UnigramTrainingOptions.CharacterCoverage)} so that rare characters are written as bytes.");
        }

        var pieces = trainer.Run(vocabularySize - given);
        return new(
            [.. names, .. Enumerable.Range(0, Bytes).Select(NameOfByte), .. pieces.Select(p => p.Piece)],
            [.. new float[given], .. pieces.Select(p => p.Score)],
            Enumerable.Range(0, names.Count).ToHashSet(),
            [.. Enumerable.Range(names.Count, Bytes)],
            options);
    }

    private static string NameOfByte(int value) => $"<0x{value:X2}>";
}
