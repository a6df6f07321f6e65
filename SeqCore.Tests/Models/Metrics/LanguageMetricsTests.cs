using SeqCore.Models;

namespace SeqCore.Tests.Models.Metrics;

public class LanguageMetricsTests
{
    [Fact]
    public void Guessing_one_of_eight_tokens_is_three_bits()
    {
        LanguageMetrics.BitsPerCharacter(Math.Log(8)).Should().BeApproximately(3, 1e-12);
        LanguageMetrics.Perplexity(Math.Log(8)).Should().BeApproximately(8, 1e-12);
    }

    [Fact]
    public void Accuracy_is_the_fraction_of_correct_predictions_among_counted_tokens()
    {
        var logits = Tensor.FromSpan([1f, 2f, 3f, 5f, 4f, 3f, 0f, 9f, 0f, 1f, 0f, 0f], [2, 2, 3]);
        using var targets = IndexTensor.FromSpan([2, 0, 0, -100], [2, 2]);
        LanguageMetrics.Accuracy(logits, targets).Should().BeApproximately(2.0 / 3, 1e-12);
    }

    [Fact]
    public void Logits_that_are_not_numbers_guess_nothing()
    {
        using var targets = IndexTensor.FromSpan([0, 0, 1], [3]);
        var logits = Tensor.FromSpan([float.NaN, float.NaN, 2f, float.NegativeInfinity, 0f, float.NaN], [3, 2]);
        LanguageMetrics.Accuracy(logits, targets).Should().BeApproximately(1.0 / 3, 1e-12);
    }

    [Fact]
    public void Accuracy_needs_one_target_for_each_row()
    {
        using var targets = IndexTensor.FromSpan([2, 0], [2]);
        ((Action)(() => LanguageMetrics.Accuracy(Tensor.Zeros([3, 4]), targets)))
            .Should().Throw<ShapeException>().WithMessage("Accuracy: targets*");
    }
}
