using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public class TokenWindowsTests
{
    private static readonly int[] Text = [.. Enumerable.Range(0, 24)];

    [Fact]
    public void Windows_follow_one_another_and_the_last_batch_holds_the_rest()
    {
        // n = 24, T = 4: floor(23 / 4) = 5 windows.
        var windows = new TokenWindows(Text, 4);
        windows.Count.Should().Be(5);
        var inputs = new List<int>();
        var targets = new List<int>();
        var sizes = new List<int>();
        foreach (var batch in windows.Batches(2))
        {
            inputs.AddRange(batch.Inputs);
            targets.AddRange(batch.Targets);
            sizes.Add(batch.BatchSize);
        }

        sizes.Should().Equal(2, 2, 1);
        inputs.Should().Equal(Enumerable.Range(0, 20));
        targets.Should().Equal(Enumerable.Range(1, 20));
    }

    [Fact]
    public void The_shortest_text_that_will_do_does_and_a_shorter_one_is_an_error()
    {
        new TokenWindows(Text.AsMemory(0, 5), 4).Count.Should().Be(1);
        FluentActions.Invoking(() => new TokenWindows(Text.AsMemory(0, 4), 4)).Should().Throw<DataSourceException>()
            .WithMessage("The validation part of the text has 4 tokens, but windows of 4 need at least 5.*");
    }
}
