using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public class DataSplitTests
{
    private static readonly int[] hundred = [.. Enumerable.Range(0, 100)];

    [Fact]
    public void Parts_have_the_sizes_asked_for_and_every_example_once()
    {
        Check(DataSplit.Of(hundred, 0.15, 0.05), 80, 15, 5);
        Check(DataSplit.Of(hundred, 7, 0.001), 92, 7, 1);
        Check(DataSplit.Of(hundred, 0, 3), 97, 0, 3);
        Check(DataSplit.Of(hundred, 0.0), 100, 0, 0);

        static void Check(DataSplit<int> split, int training, int validation, int test)
        {
            (split.Training.Count, split.Validation.Count, split.Test.Count).Should().Be((training, validation, test));
            split.Training.Concat(split.Validation).Concat(split.Test).Should().BeEquivalentTo(hundred);
        }
    }

    [Fact]
    public void A_split_depends_on_the_seed_alone()
    {
        var split = DataSplit.Of(hundred, 20, 10, seed: 5);
        var again = DataSplit.Of(hundred, 20, 10, seed: 5);
        again.Training.Should().Equal(split.Training);
        again.Validation.Should().Equal(split.Validation);
        again.Test.Should().Equal(split.Test);
        DataSplit.Of(hundred, 20, 10, seed: 6).Validation.Should().NotBeEquivalentTo(split.Validation);
        DataSplit.Of(hundred, 20, 0, seed: 5).Validation.Should().Equal(split.Validation, "a test part takes none of them");

        // The numbers hold for other machines and versions too.
        DataSplit.Of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 2, seed: 1).Validation.Should().Equal(4, 2, 3);
        split.Training.Should().NotBeInAscendingOrder();
    }

    [Fact]
    public void Groups_are_not_separated()
    {
        var split = DataSplit.Of(hundred, 0.2, 0.2, group: i => (i % 13).ToString());
        var keys = new[] { split.Training, split.Validation, split.Test }.SelectMany(p => p.Select(i => i % 13).Distinct());
        keys.Should().BeEquivalentTo(Enumerable.Range(0, 13));
        foreach (var part in (IReadOnlyList<int>[])[split.Validation, split.Test])
            part.Count.Should().BeInRange(20, 27, "the last group may be larger than what is missing");
        FluentActions.Invoking(() => DataSplit.Of(hundred, 0.2, group: i => (i / 100).ToString())).Should()
            .Throw<DataSourceException>().WithMessage("The 100 examples are in 1 group, which leave none for training.*");
    }

    [Theory]
    [InlineData(0.2, 0.1)]
    [InlineData(0.33, 0.21)]
    [InlineData(0.01, 0.0)]
    public void Each_label_has_its_share_of_every_part(double validation, double test)
    {
        string LabelOf(int i) => i < 70 ? "a" : i < 93 ? "b" : "c";
        for (var seed = 1UL; seed < 20; seed++)
        {
            var split = DataSplit.Of(hundred, validation, test, seed, label: LabelOf);
            split.Validation.Count.Should().Be((int)Math.Round(validation * 100));
            split.Test.Count.Should().Be((int)Math.Round(test * 100));
            foreach (var (label, count) in new[] { ("a", 70), ("b", 23), ("c", 7) })
            {
                split.Validation.Count(i => LabelOf(i) == label).Should().BeCloseTo((int)(validation * count), 1);
                split.Test.Count(i => LabelOf(i) == label).Should().BeCloseTo((int)(test * count), 1);
            }
        }
    }

    [Fact]
    public void Groups_count_by_the_label_of_their_first_example()
    {
        var split = DataSplit.Of(hundred, 20, group: i => (i / 2).ToString(), label: i => i < 50 ? "a" : "b");
        split.Validation.Count(i => i < 50).Should().Be(10);
        split.Validation.Select(i => i / 2).Intersect(split.Training.Select(i => i / 2)).Should().BeEmpty();
    }

    [Fact]
    public void What_cannot_be_split_is_told()
    {
        Refused(() => DataSplit.Of(hundred, 80, 0.2), "Of 100 examples, 80 for validation and 20 for test leave none*");
        Refused(() => DataSplit.Of<int>([], 0), "Of 0 examples, 0 for validation and 0 for test leave none*");
        Refused(() => DataSplit.Of([1], 0.1), "Of 1 example, 1 for validation*");
        FluentActions.Invoking(() => DataSplit.Of(hundred, 1.0)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("SplitSize: a fraction should be in ?0, 1). Give a number of examples as an int.*");
        FluentActions.Invoking(() => DataSplit.Of(hundred, -1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => DataSplit.Of(hundred, 1, label: i => i == 3 ? null! : "a")).Should()
            .Throw<ArgumentException>().WithMessage("DataSplit: label returned null for example 3.*");
    }

    private static void Refused<T>(Func<T> split, string message) =>
        FluentActions.Invoking(split).Should().Throw<DataSourceException>().WithMessage(message);
}
