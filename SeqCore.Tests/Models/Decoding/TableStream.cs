using SeqCore.Models;

namespace SeqCore.Tests.Models.Decoding;

/// <summary>A stream without a model: a function gives the logits after each text.</summary>
internal sealed class TableStream : TokenStream
{
    private readonly Func<IReadOnlyList<int>, float[]> table;
    private readonly int? capacity;
    private List<int>[] texts;

    internal TableStream(int batchSize, int vocabularySize, Func<IReadOnlyList<int>, float[]> table, int? capacity = null)
    {
        (VocabularySize, this.table, this.capacity) = (vocabularySize, table, capacity);
        texts = [.. Enumerable.Range(0, batchSize).Select(_ => new List<int>())];
        Logits = Tensor.Zeros([batchSize, vocabularySize]);
        Predict();
    }

    public override int BatchSize => texts.Length;

    public override int VocabularySize { get; }

    public override int? Remaining => capacity - texts[0].Count;

    /// <summary>The table knows what begins a text.</summary>
    public override bool HasPredicted => true;

    public override Tensor Logits { get; }

    /// <summary>What each row has read.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> Texts => texts;

    /// <summary>How many tokens were read since the stream was made, in each row.</summary>
    internal int Steps { get; private set; }

    /// <summary>
    /// Logits that depend on nothing but the last token: row i of the table after token i, the last row at the start.
    /// </summary>
    internal static Func<IReadOnlyList<int>, float[]> Markov(params float[][] rows) =>
        text => rows[text.Count == 0 ? ^1 : text[^1]];

    /// <summary>Logits drawn for each text, from -3 to 3; equal texts have equal logits.</summary>
    internal static Func<IReadOnlyList<int>, float[]> Random(int vocabularySize, ulong seed) => text =>
    {
        var random = new RandomGenerator(text.Aggregate(seed, (hash, token) => (hash * 31) + (ulong)token + 7));
        return [.. Enumerable.Range(0, vocabularySize).Select(_ => (random.NextSingle() * 6) - 3)];
    };

    public override Tensor Step(ReadOnlySpan<int> next)
    {
        next.Length.Should().Be(BatchSize);
        (capacity is null || texts[0].Count < capacity).Should().BeTrue("the stream can read no more");
        for (var b = 0; b < next.Length; b++)
        {
            next[b].Should().BeInRange(0, VocabularySize - 1);
            texts[b].Add(next[b]);
        }

        Steps++;
        Predict();
        return Logits;
    }

    public override void Reorder(ReadOnlySpan<int> rows)
    {
        var old = texts;
        texts = [.. rows.ToArray().Select(r => new List<int>(old[r]))];
        Predict();
    }

    public override void Reset()
    {
        foreach (var text in texts)
            text.Clear();
        Predict();
    }

    protected override void Dispose(bool disposing) => Logits.Dispose();

    private void Predict() => Logits.CopyFrom([.. texts.SelectMany(table)]);
}
