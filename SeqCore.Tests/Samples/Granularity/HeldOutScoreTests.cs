using SeqCore.Models;
using SeqCore.Samples.Granularity;

namespace SeqCore.Tests.Samples.Granularity;

public class HeldOutScoreTests
{
    private const int Vocabulary = 11;
    private static readonly int[] tokens = [.. Enumerable.Range(0, 77).Select(i => (i * i + (i / 3)) % Vocabulary)];

    [Theory]
    [InlineData(1, 5)]
    [InlineData(8, 8)]
    [InlineData(77, 10)]
    [InlineData(77, 9)]
    [InlineData(77, 1)]
    [InlineData(76, 300)]
    public void Windows_score_every_token_once_after_half_a_context(int count, int context)
    {
        var next = 0;
        foreach (var (start, scored) in HeldOutScore.Windows(count, context))
        {
            scored.Should().Be(next);
            start.Should().BeInRange(0, scored);
            (scored - start).Should().BeGreaterThanOrEqualTo(Math.Min(scored, context / 2));
            next = start + Math.Min(context, count);
        }

        next.Should().Be(count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void A_recurrent_model_carries_its_state_through_the_text(int context)
    {
        using var model = new RecurrentLanguageModel(
            new RecurrentLanguageModelOptions { VocabularySize = Vocabulary, EmbeddingSize = 6, HiddenSize = 9, Dropout = 0.5f },
            new RandomGenerator(3));
        Score(model, context).Should().BeApproximately(Whole(model), 1e-3);
    }

    [Fact]
    public void A_gpt_sees_the_whole_text_where_its_context_is_long_enough()
    {
        using var model = NewGpt(77);
        Score(model, 77).Should().BeApproximately(Whole(model), 1e-3);
    }

    [Fact]
    public void A_gpt_with_a_short_context_sees_half_of_it_or_more()
    {
        const int Context = 6;
        using var model = NewGpt(Context);
        var expected = 0.0;
        foreach (var (start, scored) in HeldOutScore.Windows(tokens.Length, Context))
        {
            for (var at = scored; at < start + Context; at++)
                expected += BitsOfLast(model, [.. All()[start..(at + 2)]]);
        }

        Score(model, Context).Should().BeApproximately(expected, 1e-3);
    }

    private static Gpt NewGpt(int context) => new(new GptOptions
    {
        VocabularySize = Vocabulary,
        ModelSize = 8,
        HeadCount = 2,
        Layers = 2,
        MaximumLength = context,
        Dropout = 0.5f,
        TieWeights = false,
    }, new RandomGenerator(4));

    private static int[] All() => [5, .. tokens];

    private static double Score(LanguageModel model, int context) => new HeldOutScore(model, context).Bits(5, tokens, default);

    /// <summary>The bits of all tokens by the model on the whole text at once.</summary>
    private static double Whole(LanguageModel model)
    {
        model.Evaluate();
        using var scope = new TensorScope();
        var logits = model.Predict(IndexTensor.FromSpan(All().AsSpan(0, tokens.Length), new Shape(1, tokens.Length)));
        var targets = IndexTensor.FromSpan(tokens, new Shape(1, tokens.Length));
        return logits.CrossEntropy(targets, LossReduction.Sum).Value.Item() / Math.Log(2);
    }

    private static double BitsOfLast(LanguageModel model, int[] window)
    {
        model.Evaluate();
        using var scope = new TensorScope();
        var logits = model.Predict(IndexTensor.FromSpan(window.AsSpan(..^1), new Shape(1, window.Length - 1)));
        int[] targets = [.. Enumerable.Repeat(-100, window.Length - 2), window[^1]];
        return logits.CrossEntropy(IndexTensor.FromSpan(targets, new Shape(1, targets.Length)), LossReduction.Sum).Value.Item()
            / Math.Log(2);
    }
}
