using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public class CrossValidationTests
{
    [Fact]
    public void Each_example_is_in_the_test_of_one_fold_and_labels_are_spread_evenly()
    {
        (int Number, string Label)[] examples =
            [.. Enumerable.Range(0, 103).Select(i => (i, i < 2 ? "single" : i % 3 == 0 ? "a" : "b"))];
        var folds = CrossValidation.Folds(examples, 5, seed: 3, label: e => e.Label);
        folds.Should().HaveCount(5);
        folds.SelectMany(f => f.Test).Select(e => e.Number).Order().Should().Equal(Enumerable.Range(0, 103));
        foreach (var fold in folds)
        {
            fold.Test.Count.Should().BeInRange(20, 21);
            fold.Test.Count(e => e.Label == "a").Should().BeInRange(6, 7);
            fold.Test.Count(e => e.Label == "single").Should().BeLessThan(2);
            fold.Training.Concat(fold.Test).Order().Should().Equal(examples);
            fold.Training.Should().BeInAscendingOrder(e => e.Number);
            fold.Validation.Should().BeEmpty();
        }

        Tests(seed: 3).Should().Equal(folds[0].Test);
        Tests(seed: 4).Should().NotEqual(folds[0].Test);

        IReadOnlyList<(int, string)> Tests(ulong seed) => CrossValidation.Folds(examples, 5, seed, e => e.Label)[0].Test;
    }

    [Fact]
    public void Fewer_examples_than_folds_are_refused()
    {
        FluentActions.Invoking(() => CrossValidation.Folds(new int[4])).Should().Throw<DataSourceException>()
            .WithMessage("4 examples cannot be divided into 5 folds. Use fewer folds or more examples.");
        FluentActions.Invoking(() => CrossValidation.Folds(new int[4], 1)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
