using System.Globalization;

namespace SeqCore.Models;

/// <summary>
/// The n-grams of labelled texts, which are single tokens and sequences of up to n tokens, and what each says of the labels: the
/// logarithm of P(label | n-gram) / P(label). Sequences of two and more may include the start or the end of a text. The linear
/// part of a <see cref="TextClassifier"/> with <see cref="TextClassifierOptions.NgramSize"/> starts from these numbers (after
/// Wang and Manning, "Baselines and bigrams: simple, good sentiment and topic classification", ACL 2012).
/// </summary>
/// <remarks>
/// With the number m(l) of texts of label l that have an n-gram, m of all labels together, and the share p(l) of the label among
/// all texts, P(l | n-gram) = (m(l) + 2 p(l)) / (m + 2). Differs from the paper: the ratio is to the share of the label and not
/// to the texts of the other one, so that there can be more than two labels.
/// </remarks>
/// <example>
/// <code>
/// LabelledText[] reviews = [new("not good", "bad"), new("good", "good")];
/// var words = new WordTokenizer(reviews.Select(r => r.Text));
/// var ngrams = TextNgrams.Of(words, reviews, ["bad", "good"], size: 2);
///
/// // The two words, "not good", the start before each word, and the end after "good".
/// Console.WriteLine(ngrams.Count);   // 6
/// var options = new TextClassifierOptions { Labels = ["bad", "good"], NgramSize = 2 };
/// using var model = new TextClassifier(words, options, new RandomGenerator(seed: 1), ngrams);
/// </code>
/// </example>
public sealed class TextNgrams
{
    private const float Smoothing = 2f;
    private const string Start = "<", End = ">";
    private readonly TokenVocabulary vocabulary;
    private readonly float[]? ratios;

    internal TextNgrams(TokenVocabulary vocabulary, IReadOnlyList<string> labels, int size, float[]? ratios = null) =>
        (this.vocabulary, Labels, Size, this.ratios) = (vocabulary, [.. labels], size, ratios);

    /// <summary>The labels.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The largest number of tokens in an n-gram.</summary>
    public int Size { get; }

    /// <summary>The number of different n-grams.</summary>
    public int Count => vocabulary.Units.Count;

    /// <summary>The n-grams, as the numbers of their tokens.</summary>
    internal TokenVocabulary Vocabulary => vocabulary;

    /// <summary>
    /// The logarithms of the ratios, shape (V, C), 0 for special tokens; null if they are to be read from a file.
    /// </summary>
    internal ReadOnlySpan<float> Ratios => ratios;

    /// <summary>Counts the n-grams of texts.</summary>
    /// <param name="tokenizer">The tokenizer of the texts.</param>
    /// <param name="texts">The texts, at least one.</param>
    /// <param name="labels">The labels, at least one.</param>
    /// <param name="size">The largest number of tokens in an n-gram, at least 1; 2 by default.</param>
    /// <param name="maximumCount">
    /// The largest number of n-grams, of which the most frequent are kept, at least 1; 200,000 by default.
    /// </param>
    /// <exception cref="ArgumentException">There is no text or label, or a text has a label that is not listed.</exception>
    public static TextNgrams Of(Tokenizer tokenizer, IReadOnlyList<LabelledText> texts, IReadOnlyList<string> labels,
        int size = 2, int maximumCount = 200_000)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(texts);
        var places = Argument.NoNulls(labels, nameof(TextNgrams), nameof(labels)).Index()
            .ToDictionary(l => l.Item, l => l.Index, StringComparer.Ordinal);
        Argument.AtLeast(size, nameof(TextNgrams), nameof(size));
        if (texts.Count == 0 || labels.Count == 0)
            throw new ArgumentException($"{nameof(TextNgrams)}: at least one text and one label are needed.", nameof(texts));
        var (found, own) = (new string[texts.Count][], new int[texts.Count][]);
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = [.. In(tokenizer.Encode(texts[i].Text), size)];
            own[i] = [.. texts[i].Labels.Distinct(StringComparer.Ordinal).Select(l => places.TryGetValue(l, out var place)
                ? place
                : throw new ArgumentException($"{nameof(TextNgrams)}: text {i} has the label '{l}', which is not listed.",
                    nameof(texts)))];
        }

        var vocabulary = new TokenVocabulary(found, maximumCount);
        return new TextNgrams(vocabulary, labels, size, RatiosOf(vocabulary, found, own, labels.Count));
    }

    /// <summary>Returns the n-grams of a text, each once.</summary>
    internal static IEnumerable<string> In(ReadOnlySpan<int> tokens, int size)
    {
        var names = new string[tokens.Length + 2];
        (names[0], names[^1]) = (Start, End);
        for (var i = 0; i < tokens.Length; i++)
            names[i + 1] = tokens[i].ToString(CultureInfo.InvariantCulture);
        List<string> found = [.. names.AsSpan(1, tokens.Length)];
        for (var length = 2; length <= Math.Min(size, names.Length); length++)
        {
            for (var first = 0; first + length <= names.Length; first++)
                found.Add(string.Join(' ', names, first, length));
        }

        return found.Distinct(StringComparer.Ordinal);
    }

    private static float[] RatiosOf(TokenVocabulary vocabulary, string[][] found, int[][] own, int labels)
    {
        var (counts, shares) = (new float[vocabulary.Count * labels], new float[labels]);
        for (var i = 0; i < found.Length; i++)
        {
            foreach (var label in own[i])
                shares[label]++;
            foreach (var ngram in vocabulary.Encode(found[i]))
            {
                foreach (var label in own[i])
                    counts[(ngram * labels) + label]++;
            }
        }

        // A label that no text has is as rare as if a part of one had it.
        var all = shares.Sum(s => Math.Max(s, 0.5f));
        for (var label = 0; label < labels; label++)
            shares[label] = Math.Max(shares[label], 0.5f) / all;
        counts.AsSpan(0, SpecialToken.Count * labels).Clear();
        for (var ngram = SpecialToken.Count; ngram < vocabulary.Count; ngram++)
        {
            var row = counts.AsSpan(ngram * labels, labels);
            var sum = 0f;
            foreach (var count in row)
                sum += count;
            for (var label = 0; label < labels; label++)
                row[label] = MathF.Log((row[label] / shares[label] + Smoothing) / (sum + Smoothing));
        }

        return counts;
    }
}
