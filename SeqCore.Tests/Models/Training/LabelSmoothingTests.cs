using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

public class LabelSmoothingTests
{
    private static readonly int[] tokens = [.. Enumerable.Range(0, 200).Select(i => i * i % 7)];

    [Fact]
    public void The_training_loss_is_smoothed_and_the_evaluation_is_not()
    {
        using var model = new RecurrentLanguageModel(
            new() { VocabularySize = 7, Kind = RecurrentKind.Gru, EmbeddingSize = 4, HiddenSize = 5 }, new RandomGenerator(1));
        using LanguageModelTask plain = Make(model, 0), smoothed = Make(model, 0.3f);
        var batch = Batches().Next();
        using var tape = new Tape();
        using IndexTensor inputs = IndexTensor.FromSpan(batch.Inputs, [2, 5]),
            targets = IndexTensor.FromSpan(batch.Targets, [2, 5]);
        var logits = model.Predict(inputs);
        // (1 - s) of the target's loss and s of the mean loss over all seven tokens.
        var all = Enumerable.Range(0, 7)
            .Average(k => logits.CrossEntropy(IndexTensor.FromSpan([.. Enumerable.Repeat(k, 10)], [2, 5])).Value.Item());
        var expected = (0.7 * logits.CrossEntropy(targets).Value.Item()) + (0.3 * all);
        smoothed.NextLoss().Value.Item().Should().BeApproximately((float)expected, 1e-5f);
        plain.NextLoss().Value.Item().Should().NotBeApproximately((float)expected, 1e-3f);
        smoothed.Evaluate(default).Should().Be(plain.Evaluate(default));
    }

    private static LanguageModelTask Make(LanguageModel model, float smoothing) =>
        new(model, Batches(), new TokenWindows(tokens, 5)) { LabelSmoothing = smoothing };

    private static RandomWindows Batches() => new(tokens, 2, 5, new RandomGenerator(4));
}
