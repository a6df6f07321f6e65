using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>The scores of a model on sentences whose tags are known.</summary>
internal sealed class TagScores
{
    private const int Chunk = 2048;

    /// <summary>Predicts the tags of sentences and scores them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sentences">The sentences, at least one, with tags that the model knows.</param>
    /// <param name="cancellation">Stops early.</param>
    public TagScores(TextTagger model, IReadOnlyList<TaggedText> sentences, CancellationToken cancellation)
    {
        Sentences = sentences;
        var predictions = new List<IReadOnlyList<string>>(sentences.Count);
        foreach (var chunk in sentences.Chunk(Chunk))
        {
            cancellation.ThrowIfCancellationRequested();
            predictions.AddRange(model.Predict([.. chunk.Select(s => s.Tokens)]));
        }

        Predictions = predictions;
        Matrix = new ConfusionMatrix(model.Options.Tags);
        var hasSpans = TagScheme.HasSpans(model.Options.Tags);
        var (counts, spans, all) = (new List<(int Right, int Count)>(), new List<LabelScore>(), new SpanScore());
        foreach (var (sentence, predicted) in sentences.Zip(predictions))
        {
            var right = 0;
            var known = model.Vocabulary.Encode(sentence.Tokens);
            for (var i = 0; i < known.Length; i++)
            {
                var isRight = sentence.Tags[i] == predicted[i];
                Matrix.Add(sentence.Tags[i], predicted[i]);
                right += isRight ? 1 : 0;
                if (known[i] == SpecialToken.Unknown)
                    (UnknownCount, UnknownRight) = (UnknownCount + 1, UnknownRight + (isRight ? 1 : 0));
            }

            counts.Add((right, known.Length));
            if (!hasSpans)
                continue;
            var own = new SpanScore();
            own.Add(sentence.Tags, predicted);
            all.Add(sentence.Tags, predicted);
            spans.Add(own.Overall);
        }

        // Sentences are drawn again, and not words, since the words of a sentence belong together.
        Accuracy = Bootstrap.Interval(counts.Count,
            rows => (double)rows.Sum(i => counts[i].Right) / rows.Sum(i => counts[i].Count));
        if (!hasSpans)
            return;
        Spans = all;
        SpanF1 = Bootstrap.Interval(spans.Count, rows => rows.Aggregate(default(LabelScore), (sum, i) => sum + spans[i]).F1);
    }

    /// <summary>The sentences.</summary>
    public IReadOnlyList<TaggedText> Sentences { get; }

    /// <summary>The predicted tags of each sentence.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Predictions { get; }

    /// <summary>The fraction of the words whose tag is right.</summary>
    public ScoreInterval Accuracy { get; }

    /// <summary>The F1 of whole names; null where tags do not mark any.</summary>
    public ScoreInterval? SpanF1 { get; }

    /// <summary>The scores of names by type, as the script conlleval counts them; null where tags do not mark any.</summary>
    public SpanScore? Spans { get; }

    /// <summary>How often each tag was predicted for each true tag.</summary>
    public ConfusionMatrix Matrix { get; }

    /// <summary>The number of words that the model does not know from training.</summary>
    public int UnknownCount { get; }

    /// <summary>The number of these whose tag is right.</summary>
    public int UnknownRight { get; }

    /// <summary>The fraction of the words that the model does not know whose tag is right; NaN without such words.</summary>
    public double UnknownAccuracy => (double)UnknownRight / UnknownCount;

    /// <summary>The main score: the F1 of names, or the accuracy.</summary>
    public double Main => SpanF1?.Score ?? Accuracy.Score;

    /// <summary>The scores in a line, with 95 % intervals.</summary>
    /// <param name="part">The name of the sentences, such as test.</param>
    public string Describe(string part)
    {
        var words = $"{Show.Count(Matrix.Count)} {part} words";
        var unknown = UnknownCount == 0
            ? "all known from training"
            : $"{Show.Percent(UnknownAccuracy)} of {Show.Count(UnknownCount)} that are not in the training text";
        return SpanF1 is { } f1
            ? $"F1 of names {Show.Percent(f1)}; {Show.Percent(Accuracy.Score)} of {words} are right, {unknown}"
            : $"{Show.Percent(Accuracy)} of {words} are right, {unknown}";
    }

    /// <summary>The scores for JSON.</summary>
    public IEnumerable<(string Name, object? Value)> Values =>
    [
        ("sentences", Sentences.Count), ("words", Matrix.Count), ("accuracy", Accuracy.Score),
        ("accuracy_interval", new[] { Accuracy.Low, Accuracy.High }), ("unknown_words", UnknownCount),
        ("unknown_accuracy", UnknownAccuracy),
        .. SpanF1 is { } f1
            ? new (string, object?)[]
            {
                ("span_f1", f1.Score), ("span_f1_interval", new[] { f1.Low, f1.High }),
                ("span_precision", Spans!.Overall.Precision), ("span_recall", Spans.Overall.Recall),
            }
            : [],
    ];

    /// <summary>Writes the score of each tag, and of each type of names.</summary>
    public void Print(Terminal terminal)
    {
        if (Spans is not null)
        {
            new Table("Names", Head("type", "names"),
                [.. Spans.Types.Select(t => Row(t.Key, t.Value)), Row("all", Spans.Overall)]).Print(terminal);
        }

        new Table("Tags", Head("tag", "words"),
            [.. Matrix.Labels.Where(l => Matrix.Of(l) != default).Select(l => Row(l, Matrix.Of(l)))]).Print(terminal);
    }

    /// <summary>Writes a page with the confusion matrix.</summary>
    /// <param name="path">The path of the page.</param>
    /// <param name="model">The model.</param>
    /// <param name="part">The name of the sentences.</param>
    public void WriteConfusion(string path, TextTagger model, string part) =>
        ConfusionPage.Of("Confusion matrix of the tags", $"{ModelText.Describe(model)}: {Describe(part)}.", Matrix).Save(path);

    private static string[] Head(string what, string cases) => [what, "precision", "recall", "F1", cases];

    private static IReadOnlyList<Cell> Row(string name, LabelScore score) =>
        [name, Percent(score.Precision), Percent(score.Recall), Percent(score.F1), Cell.Of(score.Support, Show.Count)];

    private static Cell Percent(double share) => Cell.Of(share, Show.Percent);
}
