using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public class ContiguousStreamsTests
{
    private static readonly int[] Text = [.. Enumerable.Range(0, 20)];

    [Fact]
    public void Each_row_continues_where_it_ended_and_all_wrap_around_together()
    {
        // n = 20, B = 2: streams of 9 tokens, at 0 and at 9; T = 4: two batches in a pass.
        var streams = new ContiguousStreams(Text, 2, 4);
        streams.BatchesPerPass.Should().Be(2);
        for (var pass = 0; pass < 2; pass++)
        {
            Check(streams.Next(), [0, 1, 2, 3, 9, 10, 11, 12], continues: false);
            Check(streams.Next(), [4, 5, 6, 7, 13, 14, 15, 16], continues: true);
        }

        streams.Position.Should().Be(4);
    }

    [Fact]
    public void From_a_position_the_same_batches_follow()
    {
        var streams = new ContiguousStreams(Text, 3, 2);
        for (var i = 0; i < 4; i++)
            streams.Next();
        var position = streams.Position;
        var expected = Enumerable.Range(0, 5).Select(_ => Copy(streams.Next())).ToList();
        var other = new ContiguousStreams(Text, 3, 2) { Position = position };
        Enumerable.Range(0, 5).Select(_ => Copy(other.Next())).Should().BeEquivalentTo(expected, o => o.WithStrictOrdering());
    }

    [Fact]
    public void The_shortest_text_that_will_do_does_and_a_shorter_one_is_an_error()
    {
        new ContiguousStreams(Text.AsMemory(0, 13), 3, 4).BatchesPerPass.Should().Be(1);
        FluentActions.Invoking(() => new ContiguousStreams(Text.AsMemory(0, 12), 3, 4)).Should().Throw<DataSourceException>()
            .WithMessage("The training part of the text has 12 tokens, but 3 streams of 4 need at least 13.*");
    }

    [Fact]
    public void Batches_take_no_memory()
    {
        var streams = new ContiguousStreams(Text, 2, 4);
        streams.Next();
        Garbage.Of(() =>
        {
            for (var i = 0; i < 100; i++)
                streams.Next();
        }).Should().Be(0);
    }

    private static void Check(TokenBatch batch, int[] inputs, bool continues)
    {
        batch.Inputs.ToArray().Should().Equal(inputs);
        batch.Targets.ToArray().Should().Equal(inputs.Select(i => i + 1));
        batch.ContinuesPrevious.Should().Be(continues);
    }

    private static (int[] Inputs, int[] Targets, bool Continues) Copy(TokenBatch batch) =>
        (batch.Inputs.ToArray(), batch.Targets.ToArray(), batch.ContinuesPrevious);
}
