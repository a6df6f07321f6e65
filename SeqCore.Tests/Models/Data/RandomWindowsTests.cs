using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public class RandomWindowsTests
{
    private static readonly int[] Text = [.. Enumerable.Range(100, 30)];

    [Fact]
    public void Windows_lie_in_the_text_and_every_start_comes()
    {
        // n = 30, T = 4: starts 0 to 24.
        var windows = new RandomWindows(Text, 8, 4, new RandomGenerator(1));
        var starts = new HashSet<int>();
        for (var i = 0; i < 200; i++)
        {
            var batch = windows.Next();
            batch.ContinuesPrevious.Should().BeFalse();
            for (var b = 0; b < 8; b++)
            {
                var start = batch.Inputs[b * 4] - 100;
                starts.Add(start);
                batch.Inputs.Slice(b * 4, 4).SequenceEqual(Text.AsSpan(start, 4)).Should().BeTrue();
                batch.Targets.Slice(b * 4, 4).SequenceEqual(Text.AsSpan(start + 1, 4)).Should().BeTrue();
            }
        }

        starts.Order().Should().Equal(Enumerable.Range(0, 25));
    }

    [Fact]
    public void Two_threads_in_one_source_are_refused()
    {
        var windows = new RandomWindows(Enumerable.Range(0, 10_000).ToArray(), 64, 100, new RandomGenerator(1));
        var shuffled = new ShuffledBatches<int>([.. Enumerable.Range(0, 10_000)], 5_000, 1);
        foreach (var next in (Action[])[() => windows.Next(), () => shuffled.Next()])
        {
            AtOnce.FirstError(next, next).Should().BeOfType<InvalidOperationException>().Which.Message.Should()
                .Contain("two threads use it at once. Give each thread its own source");
            next();
        }
    }

    [Fact]
    public void From_a_position_the_same_batches_follow()
    {
        var windows = new RandomWindows(Text, 3, 5, new RandomGenerator(7));
        windows.Next();
        var position = windows.Position;
        var expected = Enumerable.Range(0, 4).Select(_ => windows.Next().Inputs.ToArray()).ToList();
        var other = new RandomWindows(Text, 3, 5, new RandomGenerator(7)) { Position = position };
        Enumerable.Range(0, 4).Select(_ => other.Next().Inputs.ToArray())
            .Should().BeEquivalentTo(expected, o => o.WithStrictOrdering());
    }

    [Fact]
    public void The_shortest_text_that_will_do_does_and_a_shorter_one_is_an_error()
    {
        new RandomWindows(Text.AsMemory(0, 6), 2, 4, new RandomGenerator(1)).Next().Inputs.ToArray()
            .Should().Equal(100, 101, 102, 103, 100, 101, 102, 103);
        FluentActions.Invoking(() => new RandomWindows(Text.AsMemory(0, 5), 2, 4, new RandomGenerator(1)))
            .Should().Throw<DataSourceException>()
            .WithMessage("The training part of the text has 5 tokens, but windows of 4 need at least 6.*");
    }
}
