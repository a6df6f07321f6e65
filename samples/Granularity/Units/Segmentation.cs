using System.Text;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>A text as the tokens of one kind of unit, with a vocabulary that is made from the training part alone.</summary>
internal sealed class Segmentation
{
    private readonly Tokenizer tokenizer;

    private Segmentation(Tokenizer tokenizer, int[] training, int[] heldOut)
    {
        this.tokenizer = tokenizer;
        (Training, HeldOut) = (training, heldOut);
    }

    /// <summary>The tokens of the training part.</summary>
    public int[] Training { get; }

    /// <summary>The tokens of the held-out part.</summary>
    public int[] HeldOut { get; }

    /// <summary>The number of different tokens, V; with characters and words this includes five special ones.</summary>
    public int Vocabulary => tokenizer.Count;

    /// <summary>The number of held-out tokens that stand for an unknown part.</summary>
    public int UnknownTokens { get; private init; }

    /// <summary>The number of held-out characters in unknown parts.</summary>
    public int UnknownCharacters { get; private init; }

    /// <summary>The bits for spelling the unknown parts of the held-out text (see <see cref="SpellingModel"/>).</summary>
    public double SpellingBits { get; private init; }

    /// <summary>The tokens that a model never writes: the special ones.</summary>
    public IReadOnlyList<int> NeverWritten =>
        tokenizer is UnitTokenizer ? [.. Enumerable.Range(0, SpecialToken.Count)] : [];

    /// <summary>Makes the vocabulary and encodes both parts.</summary>
    public static Segmentation Of(UnitKind kind, StudyText text, CancellationToken cancellation)
    {
        switch (kind.Family)
        {
            case UnitFamily.Characters:
                return OfParts(TextUnits.Characters, int.MaxValue, leastFrequency: 1, text);
            case UnitFamily.Words:
                // A word that occurs once is unknown in training, so that the model learns where unknown words are.
                return OfParts(TextUnits.Words, kind.Size, leastFrequency: 2, text);
            case UnitFamily.Unigrams:
                return OfTokenizer(UnigramTokenizer.Train([text.Training], kind.Size, cancellation: cancellation), text);
            default:
                return OfTokenizer(BytePairTokenizer.Train([text.Training], kind.Size, cancellation: cancellation), text);
        }
    }

    /// <summary>Refuses rows of unigrams with fewer tokens than the characters of a text need.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <exception cref="UserException">A row has too few tokens.</exception>
    public static void RequireEnough(IReadOnlyList<UnitKind> rows, StudyText text, CancellationToken cancellation)
    {
        if (rows.Where(r => r.Family == UnitFamily.Unigrams).MinBy(r => r.Size) is not { } smallest)
            return;

        // With pieces of one character the training takes hardly any time, and finds just those that every vocabulary needs.
        var least = UnigramTokenizer.Train([text.Training], UnitKind.Most,
            training: new UnigramTrainingOptions { MaximumPieceLength = 1 }, cancellation: cancellation).Count;
        if (smallest.Size < least)
        {
            throw new UserException($"--rows: {smallest.Name} has too few tokens for {text.Name}, whose bytes and characters are"
                + $" {Show.Count(least)}. Choose unigram-{least} or more.", isUsage: true);
        }
    }

    /// <summary>The text of tokens.</summary>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        if (tokenizer is not UnitTokenizer units)
            return tokenizer.Decode(tokens);
        var text = new StringBuilder();
        foreach (var token in tokens)
            text.Append(units.Unit(token));
        return text.ToString();
    }

    private static Segmentation OfTokenizer(Tokenizer tokenizer, StudyText text) =>
        new(tokenizer, tokenizer.Encode(text.Training), tokenizer.Encode(text.HeldOut));

    private static Segmentation OfParts(Func<string, IReadOnlyList<string>> split, int size, int leastFrequency, StudyText text)
    {
        var (training, heldOut) = (split(text.Training), split(text.HeldOut));
        var vocabulary = new TokenVocabulary([training], size, minimumFrequency: leastFrequency);
        var (trainingTokens, heldOutTokens) = (vocabulary.Encode(training), vocabulary.Encode(heldOut));
        var spelling = new SpellingModel(text.Training, Unknown(training, trainingTokens));
        var hidden = Unknown(heldOut, heldOutTokens).ToArray();
        return new Segmentation(vocabulary, trainingTokens, heldOutTokens)
        {
            UnknownTokens = hidden.Length,
            UnknownCharacters = hidden.Sum(h => StudyText.CountCharacters(h)),
            SpellingBits = hidden.Sum(spelling.Bits),
        };

        static IEnumerable<string> Unknown(IReadOnlyList<string> parts, int[] tokens) =>
            parts.Where((_, i) => tokens[i] == SpecialToken.Unknown);
    }
}
