using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public class ShuffledBatchesTests
{
    [Theory]
    [InlineData(10, 3)]
    [InlineData(7, 7)]
    [InlineData(4, 9)]
    public void Every_pass_has_each_example_once_in_an_order_of_its_own(int count, int batchSize)
    {
        var batches = new ShuffledBatches<int>([.. Enumerable.Range(0, count)], batchSize, seed: 5);
        var passes = Enumerable.Range(0, 3)
            .Select(_ => Enumerable.Range(0, batches.BatchesPerPass).SelectMany(_ => batches.Next()).ToArray()).ToArray();
        foreach (var pass in passes)
            pass.Should().BeEquivalentTo(Enumerable.Range(0, count));
        passes[0].Should().NotEqual(passes[1]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-100)]
    public void A_negative_label_is_refused_with_the_index_of_its_sequence(int label)
    {
        LabelledSequence[] sequences = [new([1, 2], 0), new([3], label)];
        FluentActions.Invoking(() => new LabelledBatches(sequences, 2, seed: 1)).Should().Throw<DataSourceException>()
            .WithMessage($"Sequence 1 has the label {label}; labels are classes, from 0. Number them from 0*");
        FluentActions.Invoking(() => new PaddedBatch(sequences)).Should().Throw<ArgumentException>()
            .WithMessage($"PaddedBatch: sequence 1 has the label {label}; labels are classes, from 0.*")
            .WithParameterName("sequences");
    }

    [Fact]
    public void A_position_brings_the_same_batches_back()
    {
        ShuffledBatches<int> Make(ulong seed) => new([.. Enumerable.Range(0, 20)], 6, seed, length: i => i % 5);
        var batches = Make(1);
        for (var i = 0; i < 5; i++)
            batches.Next();
        var again = Make(1);
        again.Position = batches.Position;
        for (var i = 0; i < 9; i++)
            again.Next().Should().Equal(batches.Next());
        Make(2).Next().Should().NotEqual(Make(1).Next());
    }

    [Fact]
    public void Examples_of_like_length_come_together()
    {
        var lengths = Enumerable.Range(0, 200).Select(i => 1 + (i * 37 % 50)).ToArray();
        var batches = new ShuffledBatches<int>(lengths, 10, seed: 1, length: l => l);
        var spreads = Enumerable.Range(0, batches.BatchesPerPass).Select(_ => batches.Next()).Select(b => b.Max() - b.Min());
        spreads.Average().Should().BeLessThan(5, "all lengths from 1 to 50 are there");
    }

    [Fact]
    public void Padded_batches_have_tokens_lengths_and_labels()
    {
        using var batch = new PaddedBatch([new LabelledSequence([4, 5, 6], 1), new LabelledSequence([7], 0)], padding: 9);
        batch.Tokens.Shape.Should().Equal(2, 3);
        batch.Tokens.ToArray().Should().Equal(4, 5, 6, 7, 9, 9);
        batch.Lengths.ToArray().Should().Equal(3, 1);
        batch.Labels!.ToArray().Should().Equal(1, 0);
        batch.BatchSize.Should().Be(2);
        using var plain = new PaddedBatch([new[] { 1 }]);
        plain.Labels.Should().BeNull();
    }

    [Fact]
    public void Labelled_batches_keep_tokens_and_labels_together()
    {
        LabelledSequence[] sequences = [.. Enumerable.Range(1, 30)
            .Select(i => new LabelledSequence([.. Enumerable.Repeat(i, 1 + (i % 4))], i % 3))];
        using var batches = new LabelledBatches(sequences, 7, seed: 3);
        var seen = new List<int>();
        for (var i = 0; i < batches.BatchesPerPass; i++)
        {
            var batch = batches.Next();
            var tokens = batch.Tokens.ToArray();
            for (var b = 0; b < batch.BatchSize; b++)
            {
                var first = tokens[b * batch.Tokens.Shape[1]];
                batch.Labels!.ToArray()[b].Should().Be(first % 3);
                batch.Lengths.ToArray()[b].Should().Be(1 + (first % 4));
                seen.Add(first);
            }
        }

        seen.Should().BeEquivalentTo(Enumerable.Range(1, 30));
    }

    [Fact]
    public void What_cannot_be_drawn_from_is_an_error()
    {
        FluentActions.Invoking(() => new ShuffledBatches<int>([], 1, 0))
            .Should().Throw<DataSourceException>().WithMessage("There are no examples to draw batches from.");
        FluentActions.Invoking(() => new LabelledBatches([new([1], 0), new([], 1)], 1, 0))
            .Should().Throw<DataSourceException>().WithMessage("Sequence 1 has no tokens; each should have at least one.");
        FluentActions.Invoking(() => new PaddedBatch(Array.Empty<int[]>()))
            .Should().Throw<ArgumentException>().WithMessage("PaddedBatch: at least one sequence is needed.*");
        FluentActions.Invoking(() => new PaddedBatch([new[] { 1 }, Array.Empty<int>()]))
            .Should().Throw<ArgumentException>().WithMessage("*sequence 1 has none*");
        FluentActions.Invoking(() => new TokenBatch(2, 3).SetRow(0, [1, 2, 3], 0))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("TokenBatch.SetRow: *");
        FluentActions.Invoking(() => new TokenBatch(2, 3).SetRow(2, [1, 2, 3, 4], 0))
            .Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_batch_of_labelled_sequences_says_what_closed_it()
    {
        LabelledSequence[] sequences = [new([1, 2], 0), new([3], 1)];
        using var batches = new LabelledBatches(sequences, batchSize: 1, seed: 1);
        var first = batches.Next();
        var second = batches.Next();
        second.BatchSize.Should().Be(1);
        first.Invoking(b => b.Tokens).Should().Throw<ObjectDisposedException>().WithMessage("PaddedBatch: this batch of 1 was"
            + " closed by the next call of LabelledBatches.Next. Hint: *new PaddedBatch(sequences)*batch.Tokens.Copy()*");
        first.Invoking(b => b.Labels).Should().Throw<ObjectDisposedException>();
        second.Dispose();
        second.Invoking(b => b.Lengths).Should().Throw<ObjectDisposedException>().WithMessage("*was closed by Dispose.*");
    }

    [Fact]
    public void An_impossible_batch_size_is_an_error_of_the_source_that_was_made() =>
        FluentActions.Invoking(() => new LabelledBatches([new([1], 0)], batchSize: 0, seed: 1))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("LabelledBatches: *").WithParameterName("batchSize");
}
