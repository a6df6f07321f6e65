using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>Draws every window of a text in turn, the last first.</summary>
public sealed class BackwardWindows(ReadOnlyMemory<int> text, int batchSize, int sequenceLength)
    : TokenBatchSource(batchSize, sequenceLength)
{
    public override ulong Position { get; set; }

    protected override void Fill(TokenBatch batch)
    {
        var starts = text.Length - SequenceLength;
        for (var b = 0; b < BatchSize; b++)
            batch.SetRow(b, text.Span, starts - 1 - (int)(Position++ % (ulong)starts));
    }
}

/// <summary>Keeps the losses of a run in memory.</summary>
public sealed class LossList : MetricsSink
{
    private readonly List<double> losses = [];

    public IReadOnlyList<double> Losses => losses;

    // A run that was resumed writes the steps after the checkpoint again.
    public override void Begin(long step) =>
        losses.RemoveRange((int)Math.Min(step, losses.Count), losses.Count - (int)Math.Min(step, losses.Count));

    public override void Write(in StepCompleted step) => losses.Add(step.Loss);
}

public class OwnTrainingTests
{
    [Fact]
    public void A_batch_source_and_a_metrics_sink_take_part_in_a_run()
    {
        var corpus = new TextCorpus(string.Concat(Enumerable.Repeat("abcd", 60)), "letters");
        using var model = new RecurrentLanguageModel(new() { VocabularySize = 4, EmbeddingSize = 8, HiddenSize = 16 },
            new RandomGenerator(1));
        using var task = new LanguageModelTask(model, new BackwardWindows(corpus.Training, 8, 10),
            new TokenWindows(corpus.Validation, 10));
        using var optimizer = new Adam(model.Parameters(), 0.02f);
        var sink = new LossList();
        new Trainer(task, optimizer, new TrainerOptions { Steps = 60, Sinks = [sink] }).Run();
        sink.Losses.Should().HaveCount(60);
        sink.Losses[^1].Should().BeLessThan(0.5 * sink.Losses[0]);
    }

    [Fact]
    public void A_task_of_delegates_trains_a_classifier_on_labelled_padded_batches()
    {
        LabelledSequence[] examples = [.. Enumerable.Range(0, 60).Select(i =>
            new LabelledSequence([.. Enumerable.Range(1, 2 + (i % 5)).Select(t => 1 + ((i + t) % 9))], (i + 1) % 9 < 4 ? 0 : 1))];
        var random = new RandomGenerator(1);
        var embedding = new Embedding(10, 8, random);
        var gru = new Gru(8, 16, random);
        var head = new Linear(16, 2, random);
        using var model = new ModuleList<Module>([embedding, gru, head]);
        using var batches = new LabelledBatches(examples[..40], batchSize: 8, seed: 2);
        using var validation = new PaddedBatch(examples[40..]);
        using var task = TrainingTask.Of(model, batches, Loss, _ => Loss(validation).Value.Item());
        using var optimizer = new Adam(model.Parameters(), 0.02f);

        var largest = 0.0;
        var result = new Trainer(task, optimizer, new TrainerOptions
        {
            Steps = 80,
            EvaluateEvery = 20,
            RestoreBest = true,
            Goal = EvaluationGoal.Minimize,

            // Between the backward pass and clipping: where gradients are summed over machines, or made noisy.
            AfterBackward = ready =>
            {
                foreach (var parameter in ready.Parameters)
                    largest = Math.Max(largest, parameter.Gradient?.ToArray().Max(Math.Abs) ?? 0);
            },
        }).Run();

        result.BestValidationLoss.Should().BeLessThan(0.3, "the first token decides the class");
        largest.Should().BePositive();

        Variable Loss(PaddedBatch batch) =>
            head.Forward(gru.Forward(embedding.Forward(batch.Tokens), state: null, batch.Lengths).State.Hidden[0])
                .CrossEntropy(batch.Labels!);
    }
}
