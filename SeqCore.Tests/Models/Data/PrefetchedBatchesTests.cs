using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public sealed class PrefetchedBatchesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Batches_and_positions_are_those_of_the_source(int ahead)
    {
        var plain = Numbers();
        using var batches = new PrefetchedBatches<IReadOnlyList<int>, int[]>(Numbers(), (b, _) => [.. b], ahead);
        (batches.BatchSize, batches.Position).Should().Be((plain.BatchSize, 0UL));
        for (var i = 0; i < 40; i++)
        {
            batches.Next().Should().Equal(plain.Next());
            batches.Position.Should().Be(plain.Position, "it counts batches that were drawn, not those prepared");
        }
    }

    [Fact]
    public void A_position_brings_the_same_batches_back()
    {
        using var batches = new PrefetchedBatches<IReadOnlyList<int>, int[]>(Numbers(), Drop);
        var all = Enumerable.Range(0, 20).Select(_ => batches.Next()).ToArray();
        foreach (var start in new[] { 13, 0, 5 })
        {
            batches.Position = (ulong)start;
            for (var i = start; i < 20; i++)
                batches.Next().Should().Equal(all[i]);
            using var others = new PrefetchedBatches<IReadOnlyList<int>, int[]>(Numbers(), Drop, ahead: 5);
            others.Position = (ulong)start;
            others.Next().Should().Equal(all[start]);
        }

        // What is random depends on the position alone.
        static int[] Drop(IReadOnlyList<int> batch, ulong position)
        {
            var random = new RandomGenerator(3) { Counter = position << 32 };
            return [.. batch.Where(_ => random.NextSingle() < 0.5f)];
        }
    }

    [Fact]
    public void Batches_of_a_source_that_fills_one_again_are_copied()
    {
        var pairs = new SequencePairs(Enumerable.Range(1, 50).Select(i =>
            (Enumerable.Repeat(i, 1 + (i * 7 % 9)).ToArray(), Enumerable.Repeat(i, i % 5).ToArray())));
        var plain = new SequencePairBatches(pairs, 4, seed: 1);
        using var batches = new PrefetchedBatches<SequencePairBatch, SequencePairBatch>(
            new SequencePairBatches(pairs, 4, seed: 1), (b, _) => b.Copy());
        batches.DataHash.Should().Be(plain.DataHash);
        for (var i = 0; i < 30; i++)
        {
            var (batch, expected) = (batches.Next(), plain.Next());
            (batch.BatchSize, batch.SourceLength, batch.TargetLength, batch.TargetTokens).Should()
                .Be((expected.BatchSize, expected.SourceLength, expected.TargetLength, expected.TargetTokens));
            batch.Source.ToArray().Should().Equal(expected.Source.ToArray());
            batch.SourceLengths.ToArray().Should().Equal(expected.SourceLengths.ToArray());
            batch.TargetInputs.ToArray().Should().Equal(expected.TargetInputs.ToArray());
            batch.Targets.ToArray().Should().Equal(expected.Targets.ToArray());
        }
    }

    [Fact]
    public void No_more_batches_are_prepared_than_asked_for()
    {
        using var prepared = new SemaphoreSlim(0);
        var count = 0;
        using (var batches = new PrefetchedBatches<IReadOnlyList<int>, int>(Numbers(), Count, ahead: 3))
        {
            count.Should().Be(0, "the thread starts with the first batch");
            batches.Next();
            for (var i = 0; i < 4; i++)
                prepared.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();
            prepared.Wait(TimeSpan.FromMilliseconds(200)).Should().BeFalse("one was drawn, three are prepared");
            batches.Next();
            prepared.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();
        }

        count.Should().Be(5);

        int Count(IReadOnlyList<int> batch, ulong position)
        {
            count++;
            prepared.Release();
            return count;
        }
    }

    [Fact]
    public void An_error_comes_where_its_batch_would_have_been_with_its_own_type()
    {
        using var batches = new PrefetchedBatches<IReadOnlyList<int>, int>(Numbers(), (_, position) =>
            position == 3 ? throw new DataSourceException("line 7 is wrong") : (int)position, ahead: 2);
        for (var i = 0; i < 3; i++)
            batches.Next().Should().Be(i);
        for (var i = 0; i < 2; i++)
            FluentActions.Invoking(batches.Next).Should().Throw<DataSourceException>().WithMessage("line 7 is wrong");
        batches.Position.Should().Be(3);
        batches.Position = 1;
        batches.Next().Should().Be(1);
    }

    [Fact]
    public void Every_batch_is_disposed_once_and_the_thread_ends()
    {
        var made = new List<Part>();
        var batches = new PrefetchedBatches<IReadOnlyList<int>, Part>(Numbers(), (_, _) =>
        {
            made.Add(new Part(Thread.CurrentThread));
            return made[^1];
        });
        var first = batches.Next();
        first.Disposed.Should().Be(0);
        var second = batches.Next();
        (first.Disposed, second.Disposed).Should().Be((1, 0));
        batches.Position = 0;
        batches.Next();
        batches.Dispose();
        batches.Dispose();
        made.Should().OnlyContain(p => p.Disposed == 1);
        made.Should().OnlyContain(p => !p.Maker.IsAlive && p.Maker != Thread.CurrentThread);
        FluentActions.Invoking(batches.Next).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Tensors_that_are_made_in_advance_belong_to_no_tape()
    {
        using var batches = new PrefetchedBatches<IReadOnlyList<int>, Tensor>(Numbers(), (b, _) =>
            Tensor.FromSpan([.. b.Select(i => (float)i)], new Shape(b.Count)));
        using (var tape = new Tape())
            batches.Next();
        batches.Next().ToArray().Should().HaveCount(3);
    }

    [Fact]
    public void A_run_that_resumes_has_the_weights_of_one_that_never_stopped()
    {
        var whole = Train("whole", (20, false));
        Train("parts", (7, false), (20, true)).Should().Equal(whole);
        Train("plain", isPrefetched: false, (20, false)).Should().Equal(whole, "the thread changes no bit");
    }

    private float[] Train(string name, params (int Steps, bool Resume)[] runs) => Train(name, true, runs);

    private float[] Train(string name, bool isPrefetched, params (int Steps, bool Resume)[] runs)
    {
        var weights = Array.Empty<float>();
        foreach (var (steps, resume) in runs)
        {
            using var model = new Linear(1, 1, new RandomGenerator(1));
            using var batches = new PrefetchedBatches<IReadOnlyList<int>, int[]>(Numbers(), (b, _) => [.. b]);
            using var task = isPrefetched
                ? TrainingTask.Of(model, batches, b => Loss(model, b), evaluate: _ => 0)
                : TrainingTask.Of(model, Numbers(), b => Loss(model, [.. b]), evaluate: _ => 0);
            using var optimizer = new Adam(model.Parameters(), learningRate: 0.1f);
            var trainer = new Trainer(task, optimizer, new TrainerOptions
            {
                Steps = steps,
                Folder = folder.File(name),
                CheckpointEvery = 7,
                Goal = EvaluationGoal.Minimize,
            });
            if (resume)
                trainer.Resume().Should().BeTrue();
            trainer.Run();
            weights = [.. model.Parameters().SelectMany(p => p.Value.ToArray())];
        }

        return weights;

        static Variable Loss(Linear model, int[] batch)
        {
            var x = Tensor.FromSpan([.. batch.Select(i => i / 10f)], new Shape(batch.Length, 1));
            var error = model.Forward(x) - x * 3f;
            return (error * error).Mean();
        }
    }

    private static ShuffledBatches<int> Numbers() => new([.. Enumerable.Range(0, 30)], 3, seed: 4);

    private sealed class Part(Thread maker) : IDisposable
    {
        internal Thread Maker => maker;

        internal int Disposed { get; private set; }

        public void Dispose() => Disposed++;
    }
}
