using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel;

/// <summary>
/// A text as tokens: about the first nine tenths for training, whole lines or words, and the rest for validation.
/// </summary>
internal sealed class MaskedText
{
    /// <summary>How far after nine tenths a line or word may end.</summary>
    private const int Reach = 500;

    /// <summary>Keeps the draws of masks apart from those of weights, which have the same seed.</summary>
    private const ulong MaskStream = 0x6D61736B;

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="makeTokenizer">Makes the tokenizer from the training part, or returns that of a trained model.</param>
    public MaskedText(string text, Func<string, UnitTokenizer> makeTokenizer)
    {
        var split = Split(text);
        Tokenizer = makeTokenizer(text[..split]);
        ValidationText = text[split..];
        Training = Encode(text[..split]);
        Validation = Encode(ValidationText);
    }

    /// <summary>Words or characters.</summary>
    public UnitTokenizer Tokenizer { get; }

    /// <summary>The lines of about the first nine tenths.</summary>
    public IReadOnlyList<int[]> Training { get; }

    /// <summary>The lines of the rest.</summary>
    public IReadOnlyList<int[]> Validation { get; }

    /// <summary>The text of the rest.</summary>
    public string ValidationText { get; }

    /// <summary>All tokens.</summary>
    public int Count => Training.Concat(Validation).Sum(l => l.Length);

    /// <summary>A task on sequences of whole lines.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="maskShare">The fraction of the tokens to predict.</param>
    /// <param name="wholeWords">Whether the characters of a word are hidden together.</param>
    /// <param name="batchSize">Sequences in a batch.</param>
    /// <param name="seed">The seed of batches and masks.</param>
    /// <exception cref="DataSourceException">The text is too short.</exception>
    public MaskedLanguageModelTask NewTask(Bert model, float maskShare, bool wholeWords, int batchSize, ulong seed)
    {
        var masking =
            new TokenMasking(Tokenizer, new RandomGenerator(seed ^ MaskStream)) { Fraction = maskShare, WholeWords = wholeWords };
        var length = model.Options.MaximumLength;
        var longest = length - 2;
        return new MaskedLanguageModelTask(model, LinePacking.Pack(Training, longest), LinePacking.Pack(Validation, longest),
            batchSize, length, new RandomGenerator(~seed), masking)
        {
            EvaluationBatchSize = MemoryEstimate.EvaluationBatch(batchSize, (double)length
                * Math.Max(4 * model.Options.ModelSize, maskShare * model.Options.VocabularySize)),
        };
    }

    /// <summary>
    /// The frequency in the validation text of the training text's commonest token: how often that guess would be right.
    /// </summary>
    public (int Token, double Share) Commonest()
    {
        var token = Training.SelectMany(l => l).Where(t => t >= SpecialToken.Count).CountBy(t => t).MaxBy(c => c.Value).Key;
        var known = Validation.SelectMany(l => l).Count(t => t >= SpecialToken.Count);
        return (token, known == 0 ? 0 : (double)Validation.SelectMany(l => l).Count(t => t == token) / known);
    }

    /// <summary>A sentence on how well blanks were filled, and how well the commonest token would fill them.</summary>
    public string Describe(MaskedScore score)
    {
        var (token, share) = Commonest();
        var always = Tokenizer.Unit(token).Replace("\n", "\\n", StringComparison.Ordinal);
        return $"Of {Show.Count(score.Count)} blanks {Percent(score.Accuracy)} are filled correctly (always '{always}':"
            + $" {Percent(share)}); loss {Show.Loss(score.Loss)} nats";
    }

    /// <summary>Returns a percentage, for example 15.0 %.</summary>
    public static string Percent(double share) => $"{(100 * share).ToString("0.0", CultureInfo.InvariantCulture)} %";

    private IReadOnlyList<int[]> Encode(string part) => [.. Lines(part).Select(Tokenizer.Encode).Where(l => l.Length > 0)];

    /// <summary>The lines of a text, each with what ends it.</summary>
    private static IEnumerable<string> Lines(string part)
    {
        for (var (start, end) = (0, 0); start < part.Length; start = end)
        {
            end = part.IndexOf('\n', start) + 1;
            end = end == 0 ? part.Length : end;
            yield return part[start..end];
        }
    }

    /// <summary>The place after the line, or else the word, in which nine tenths of the text end.</summary>
    private static int Split(string text)
    {
        var nineTenths = (int)(0.9 * text.Length);
        var reach = text.AsSpan(nineTenths, Math.Min(Reach, text.Length - nineTenths));
        var end = reach.IndexOf('\n');
        if (end < 0 || nineTenths + end + 1 == text.Length)
            end = reach.IndexOfAny(" \t\r\n");
        return nineTenths + end + 1;
    }
}
