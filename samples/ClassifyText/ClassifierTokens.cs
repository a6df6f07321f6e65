using SeqCore.Models;

namespace SeqCore.Samples.ClassifyText;

/// <summary>Makes the tokens of a new model from the texts that it is trained on.</summary>
internal static class ClassifierTokens
{
    /// <summary>The smallest vocabulary of byte pairs: the special tokens and all bytes.</summary>
    public const int LeastBytePairs = 258;

    private const int UsualWords = 30_000, UsualBytePairs = 4096;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="options">The kind of tokens and their number.</param>
    /// <param name="texts">The texts for training.</param>
    /// <param name="cancellation">Ends the training of byte pairs.</param>
    /// <exception cref="DataSourceException">The file of word pieces cannot be read.</exception>
    public static Tokenizer Of(TrainOptions options, IEnumerable<string> texts, CancellationToken cancellation) =>
        options.Tokens switch
        {
            "characters" => new MarkedCharacterTokenizer(string.Concat(texts)),
            "bpe" => BytePairTokenizer.Train(texts, options.Vocabulary > 0 ? options.Vocabulary : UsualBytePairs,
                ["[PAD]", "[UNK]"], Math.Max(2, options.LeastFrequency),
                new BytePairOptions { AddsLeadingSpace = true, ReadsSpecialTokens = false }, cancellation),
            "wordpiece" => WordPieceTokenizer.ReadVocabulary(options.VocabularyFile!, isLowercase: !options.KeepsCase),
            _ => new WordTokenizer(texts, options.Vocabulary > 0 ? options.Vocabulary : UsualWords, !options.KeepsCase,
                options.LeastFrequency),
        };
}
