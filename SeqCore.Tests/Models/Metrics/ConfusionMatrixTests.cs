using SeqCore.Models;

namespace SeqCore.Tests.Models.Metrics;

public class ConfusionMatrixTests
{
    // Rows are true labels: a 4 1 0, b 2 3 1, c 0 0 5.
    private static ConfusionMatrix Filled()
    {
        var matrix = new ConfusionMatrix(["a", "b", "c"]);
        Add("a", "a", 4);
        Add("a", "b", 1);
        Add("b", "a", 2);
        Add("b", "b", 3);
        Add("b", "c", 1);
        Add("c", "c", 5);
        return matrix;

        void Add(string actual, string predicted, int times)
        {
            for (var i = 0; i < times; i++)
                matrix.Add(actual, predicted);
        }
    }

    [Fact]
    public void Scores_follow_from_the_counts()
    {
        var matrix = Filled();
        matrix.Count.Should().Be(16);
        matrix[1, 0].Should().Be(2);
        matrix.Accuracy.Should().Be(12 / 16.0);
        matrix.Of("a").Should().Be(new LabelScore(4, 2, 1));
        matrix.Of("a").Precision.Should().Be(4 / 6.0);
        matrix.Of("a").Recall.Should().Be(4 / 5.0);
        matrix.Of("a").F1.Should().BeApproximately(8 / 11.0, 1e-15);
        matrix.Of("b").Support.Should().Be(6);
        matrix.MacroF1.Should().BeApproximately((8 / 11.0 + 6 / 10.0 + 10 / 11.0) / 3, 1e-15);
        matrix.WeightedF1.Should().BeApproximately((5 * 8 / 11.0 + 6 * 0.6 + 5 * 10 / 11.0) / 16, 1e-15);
        matrix.Micro.F1.Should().Be(matrix.Accuracy);
        matrix.ToString().Should().Be("  a b c\na 4 1 0\nb 2 3 1\nc 0 0 5");
    }

    [Fact]
    public void Without_cases_there_is_nothing_to_divide()
    {
        var matrix = new ConfusionMatrix(["a", "b"]);
        matrix.Accuracy.Should().Be(double.NaN);
        matrix.Of("a").F1.Should().Be(0);
        matrix.Of("a").Precision.Should().Be(0);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        FluentActions.Invoking(() => new ConfusionMatrix([])).Should().Throw<ArgumentException>()
            .WithMessage("*at least one label*");
        FluentActions.Invoking(() => new ConfusionMatrix(["a", "a"])).Should().Throw<ArgumentException>()
            .WithMessage("*'a'*twice*");
        var matrix = Filled();
        matrix.Invoking(m => m.Add("d", "a")).Should().Throw<ArgumentException>()
            .WithMessage("*'d' is none of its labels: a, b, c.*");
        matrix.Invoking(m => m[0, 3]).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*[0, 3); got 3*");
    }
}
