using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

public sealed class SequencePairTaskTests : IDisposable
{
    private const int Letters = 6;
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData(AttentionScore.None, AttentionWiring.AfterStep, 80)]
    [InlineData(AttentionScore.General, AttentionWiring.AfterStep, 80)]
    [InlineData(AttentionScore.Additive, AttentionWiring.BeforeStep, 80)]
    [InlineData(AttentionScore.Dot, AttentionWiring.InputFeeding, 80)]
    public void Learns_to_reverse_a_few_sequences(AttentionScore score, AttentionWiring wiring, int steps)
    {
        var pairs = Pairs(24);
        using var model = Model(score, wiring);
        using var task = new SequencePairTask(model, new SequencePairBatches(pairs, 12, seed: 1), pairs);
        using var optimizer = new Adam(model.Parameters(), 0.02f);
        model.Evaluate();
        task.ExactMatches().Should().BeLessThan(0.3);
        var result = new Trainer(task, optimizer, new TrainerOptions { Steps = steps }).Run();
        result.ValidationLoss.Should().BeLessThan(0.1);
        task.ExactMatches().Should().Be(1);
    }

    [Theory]
    [InlineData(HardAttentionEstimator.ScoreFunction, AttentionWiring.AfterStep)]
    [InlineData(HardAttentionEstimator.ScoreFunction, AttentionWiring.InputFeeding)]
    [InlineData(HardAttentionEstimator.StraightThrough, AttentionWiring.AfterStep)]
    public void Hard_attention_learns_where_to_look(HardAttentionEstimator estimator, AttentionWiring wiring)
    {
        var pairs = Pairs(24);
        using var model = Model(AttentionScore.General, wiring, hard: estimator);
        using var task = new SequencePairTask(model, new SequencePairBatches(pairs, 24, seed: 1), pairs);
        using var optimizer = new Adam(model.Parameters(), 0.02f);
        new Trainer(task, optimizer, new TrainerOptions { Steps = 120 }).Run().ValidationLoss.Should().BeLessThan(0.25);
    }

    [Theory]
    [InlineData(AttentionWiring.AfterStep)]
    [InlineData(AttentionWiring.BeforeStep)]
    public void The_score_function_judges_each_choice_by_what_it_changes(AttentionWiring wiring)
    {
        var pairs = Pairs(5);
        using var model = Model(AttentionScore.Additive, wiring, hard: HardAttentionEstimator.ScoreFunction,
            random: new RandomGenerator(8));
        using var task = new SequencePairTask(model, new SequencePairBatches(pairs, 5, seed: 1), pairs)
        {
            Reinforce = new Reinforce { Baseline = 0.7 },
        };
        using var again = Model(AttentionScore.Additive, wiring, hard: HardAttentionEstimator.ScoreFunction,
            random: new RandomGenerator(8));
        using var batch = new SequencePairTensors(new SequencePairBatches(pairs, 5, seed: 1).Next(),
            model.Decoder.Head.Weight.Value.Backend);
        var result = again.Forward(batch.Source, batch.Lengths, batch.TargetInputs, returnAttention: false);
        var (steps, size) = (batch.Targets.Shape[1], model.TargetVocabularySize);
        var (targets, logs, choices) = (batch.Targets.ToArray(), result.Logits.Value.LogSoftmax().ToArray(),
            result.LogProbabilities!.Value.ToArray());
        var (mean, judged, term, count) = (0.0, 0.0, 0.0, 0);
        for (var i = 0; i < targets.Length; i++)
        {
            if (targets[i] == SpecialToken.Padding)
                continue;
            var consequences = LossOf(i);
            for (var later = i + 1; wiring == AttentionWiring.BeforeStep && later % steps != 0; later++)
                consequences += LossOf(later);
            (mean, judged, term, count) =
                (mean + LossOf(i), judged + consequences, term + ((consequences - 0.7) * choices[i]), count + 1);
        }

        count.Should().BeLessThan(targets.Length, "there should be padding");
        task.NextLoss().Value.Item().Should().BeApproximately((float)((mean + term) / count), 1e-4f);
        task.Reinforce.Baseline.Should().BeApproximately((0.9 * 0.7) + (0.1 * judged / count), 1e-5);

        double LossOf(int i) => targets[i] == SpecialToken.Padding ? 0 : -logs[(i * size) + targets[i]];
    }

    [Fact]
    public void The_loss_is_the_mean_over_tokens_that_are_not_padding()
    {
        var pairs = Pairs(7);
        using var model = Model(AttentionScore.General, AttentionWiring.AfterStep);
        using var task =
            new SequencePairTask(model, new SequencePairBatches(pairs, 3, seed: 1), pairs) { EvaluationBatchSize = 3 };
        var (total, spread, tokens) = (0.0, 0.0, 0);
        for (var i = 0; i < pairs.Count; i++)
        {
            // One pair alone needs no padding.
            int[] wanted = [.. pairs.Target(i), SpecialToken.End];
            using var source = IndexTensor.FromSpan(pairs.Source(i), new Shape(1, pairs.Source(i).Length));
            using var read = IndexTensor.FromSpan([SpecialToken.Start, .. pairs.Target(i)], new Shape(1, wanted.Length));
            var logs = model.Forward(source, null, read).Value.LogSoftmax().ToArray();
            total -= wanted.Select((token, t) => (double)logs[(t * model.TargetVocabularySize) + token]).Sum();
            spread -= logs.Sum(l => (double)l) / model.TargetVocabularySize;
            tokens += wanted.Length;
        }

        task.Evaluate(CancellationToken.None).Should().BeApproximately(total / tokens, 1e-5);
        using var whole = new SequencePairTask(model, new SequencePairBatches(pairs, 7, seed: 1), pairs);
        whole.NextLoss().Value.Item().Should().BeApproximately((float)(total / tokens), 1e-5f);
        using var smooth =
            new SequencePairTask(model, new SequencePairBatches(pairs, 7, seed: 1), pairs) { LabelSmoothing = 0.3f };
        smooth.NextLoss().Value.Item().Should().BeApproximately((float)(((0.7 * total) + (0.3 * spread)) / tokens), 1e-5f);
        smooth.Evaluate(CancellationToken.None).Should().BeApproximately(total / tokens, 1e-5);
    }

    [Fact]
    public void Scheduled_sampling_lets_the_decoder_read_its_own_tokens()
    {
        using var model = new EchoModel();
        var pairs = new SequencePairs([([7], [8, 9, 8, 9, 8]), ([7], [9, 8, 9, 8, 9])]);
        using var task = new SequencePairTask(model, new SequencePairBatches(pairs, 2, seed: 1), pairs)
        {
            SamplingProbability = 0.5f,
            SamplingRandom = new RandomGenerator(1),
        };
        var replaced = 0;
        for (var i = 0; i < 50; i++)
        {
            using var tape = new Tape();
            task.NextLoss();

            // The model of this test writes 5 after every token; the loss reads what the last pass was given.
            model.LastInput[0].Should().Be(SpecialToken.Start);
            model.LastInput[6].Should().Be(SpecialToken.Start);
            model.LastInput.Count(t => t != SpecialToken.Start && t != 5 && t != 8 && t != 9).Should().Be(0);
            replaced += model.LastInput.Count(t => t == 5);
        }

        ((double)replaced).Should().BeApproximately(250, 5 * Math.Sqrt(500 * 0.25));
        using var without =
            new SequencePairTask(model, new SequencePairBatches(pairs, 2, seed: 1), pairs) { SamplingProbability = 0.5f };
        without.Invoking(t => t.NextLoss()).Should().Throw<InvalidOperationException>().WithMessage("*no SamplingRandom*");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(HardAttentionEstimator.ScoreFunction)]
    public void A_run_that_was_stopped_and_resumed_ends_with_the_same_bits(HardAttentionEstimator? hard)
    {
        Train("whole", stopAt: null, hard);
        Train("parts", stopAt: 6, hard);
        Train("parts", stopAt: null, hard, resume: true);
        SmallRun.Hash(temporary.File("parts")).Should().Be(SmallRun.Hash(temporary.File("whole")));
    }

    [Fact]
    public void Pairs_longer_than_the_model_can_read_are_refused()
    {
        var pairs = Pairs(3);
        using var model = new ShortModel();
        FluentActions.Invoking(() => new SequencePairTask(model, new SequencePairBatches(pairs, 3, seed: 1), pairs))
            .Should().Throw<ArgumentException>()
            .WithMessage("SequencePairTask: the longest sequence has * tokens, but the model can read only 2*");
    }

    private void Train(string folder, int? stopAt, HardAttentionEstimator? hard, bool resume = false)
    {
        var random = new RandomGenerator(8);
        var pairs = Pairs(20);
        using var model = Model(AttentionScore.Additive, AttentionWiring.AfterStep, dropout: 0.2f, random, hard);
        using var task = new SequencePairTask(model, new SequencePairBatches(pairs, 3, seed: 1), pairs, random)
        {
            LabelSmoothing = 0.1f,
            SamplingProbability = 0.3f,
            SamplingRandom = new RandomGenerator(3),
        };
        using var optimizer = new Adam(model.Parameters(), 0.02f);
        var trainer = new Trainer(task, optimizer,
            new TrainerOptions { Steps = 13, Folder = temporary.File(folder), EvaluateEvery = 100 });
        if (resume)
            trainer.Resume().Should().BeTrue();
        using var stop = new CancellationTokenSource();
        trainer.StepCompleted += (_, e) =>
        {
            if (e.Step == stopAt)
                stop.Cancel();
        };
        trainer.Run(stop.Token).Step.Should().Be(stopAt ?? 13);
    }

    private static RecurrentEncoderDecoder Model(AttentionScore score, AttentionWiring wiring, float dropout = 0f,
        RandomGenerator? random = null, HardAttentionEstimator? hard = null)
    {
        var options = new RecurrentEncoderDecoderOptions
        {
            SourceVocabularySize = SpecialToken.Count + Letters,
            TargetVocabularySize = SpecialToken.Count + Letters,
            EmbeddingSize = 12,
            HiddenSize = 24,
            Attention = score,
            Wiring = wiring,
            Dropout = dropout,
            Bidirectional = true,
            Hard = hard,
        };
        return new(options, random ?? new RandomGenerator(8));
    }

    private static SequencePairs Pairs(int count)
    {
        var random = new RandomGenerator(4);
        var sources = Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 1 + random.NextInt32(6))
            .Select(_ => SpecialToken.Count + random.NextInt32(Letters)).ToArray());
        return new SequencePairs(sources.Select(s => (s, s.Reverse().ToArray())));
    }

    /// <summary>Always writes 5, and remembers what it read.</summary>
    private sealed class EchoModel : EncoderDecoderModel
    {
        private readonly Parameter logits;

        public EchoModel() => logits = Register("logits", Tensor.OneHot(IndexTensor.FromSpan([5], new Shape(1)), 10).Reshape(10));

        public int[] LastInput { get; private set; } = [];

        public override int SourceVocabularySize => 10;

        public override int TargetVocabularySize => 10;

        public override int? MaximumLength => null;

        public override EncoderDecoderResult Forward(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput,
            bool returnAttention)
        {
            LastInput = targetInput.ToArray();
            return new(logits.BroadcastTo(new Shape(targetInput.Shape[0], targetInput.Shape[1], 10)), []);
        }

        public override EncoderDecoderStream NewStream(IndexTensor source, IndexTensor? sourceLengths, int beams = 1) =>
            throw new NotSupportedException();
    }

    private sealed class ShortModel : EncoderDecoderModel
    {
        public override int SourceVocabularySize => 10;

        public override int TargetVocabularySize => 10;

        public override int? MaximumLength => 2;

        public override EncoderDecoderResult Forward(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput,
            bool returnAttention) => throw new NotSupportedException();

        public override EncoderDecoderStream NewStream(IndexTensor source, IndexTensor? sourceLengths, int beams = 1) =>
            throw new NotSupportedException();
    }
}
