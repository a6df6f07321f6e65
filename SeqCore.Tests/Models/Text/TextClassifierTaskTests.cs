using SeqCore.Models;

namespace SeqCore.Tests.Models.Text;

public sealed class TextClassifierTaskTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_resumed_run_ends_with_the_bits_of_one_that_never_stopped()
    {
        float[] Run(string name, params int[] stops)
        {
            var trained = Array.Empty<float>();
            foreach (var stop in stops)
            {
                using var model = TextClassifierTests.New(o => o with { TokenDropout = 0.2f, Dropout = 0.3f });
                using var task = Task(model);
                using var optimizer = new Adam(model.Parameters(), learningRate: 0.01f);
                var options = new TrainerOptions { Steps = stop, Folder = folder.File(name), CheckpointEvery = 5 };
                var trainer = new Trainer(task, optimizer, options);
                trainer.Resume().Should().Be(stop != stops[0]);
                trainer.Run();
                trained = [.. model.Parameters().SelectMany(p => p.Value.ToArray())];
            }

            return trained;
        }

        Run("stopped", 7, 12, 20).Should().Equal(Run("whole", 20));
    }

    [Theory]
    [InlineData(8, 1, "batchSize 16; got 8")]
    [InlineData(16, 2, "seed 1; got 2")]
    public void Another_batch_size_or_seed_is_refused(int batchSize, ulong seed, string difference)
    {
        var (training, validation) = (TextClassifierTests.Reviews(60), TextClassifierTests.Reviews(20, seed: 2));
        Trainer(16, 1).Run();
        FluentActions.Invoking(() => Trainer(batchSize, seed).Resume()).Should().Throw<CheckpointException>()
            .WithMessage($"*trained with {difference}*");

        Trainer Trainer(int size, ulong order)
        {
            var model = TextClassifierTests.New();
            return new Trainer(new TextClassifierTask(model, training, validation, size, order), new Adam(model.Parameters()),
                new TrainerOptions { Steps = 4, Folder = folder.File("run"), CheckpointEvery = 2 });
        }
    }

    [Fact]
    public void The_score_is_that_of_the_predictions()
    {
        var texts = TextClassifierTests.Reviews(150);
        using var model = TextClassifierTests.New(o => o with { LabelWeights = [1f, 5f] });
        using var task = new TextClassifierTask(model, texts, texts, 16, 1) { EvaluatesAccuracy = true };
        var score = task.Score();
        var predictions = model.Predict([.. texts.Select(t => t.Text)]);
        score.Count.Should().Be(150);
        model.Score(texts).Should().Be(score);
        score.Accuracy.Should().Be(predictions.Zip(texts).Count(x => x.First.Label == x.Second.Labels[0]) / 150.0);
        score.Loss.Should().BeApproximately(predictions.Zip(texts).Average(x =>
            -Math.Log(x.First.Probabilities[x.Second.Labels[0] == "good" ? 1 : 0])), 1e-5);
        task.Evaluate(TestContext.Current.CancellationToken).Should().Be(score.Accuracy);
        (task.Goal, task.TieBreaker, score.MicroF1).Should().Be((EvaluationGoal.Maximize, score.Loss, null));
        using var byLoss = Task(model);
        byLoss.Goal.Should().Be(EvaluationGoal.Minimize);
        byLoss.DataHash.Should().NotBe(task.DataHash);
        byLoss.Evaluate(TestContext.Current.CancellationToken);
        byLoss.TieBreaker.Should().BeNull();
    }

    [Fact]
    public void The_evaluation_of_texts_with_several_labels_is_their_micro_F1()
    {
        LabelledText[] texts = [.. TextClassifierTests.Reviews(40).Select((t, i) =>
            new LabelledText(t.Text, i % 4 == 0 ? [] : i % 4 == 1 ? ["bad", "good"] : t.Labels))];
        using var model = TextClassifierTests.New(o => o with { IsMultiLabel = true });
        using var task = new TextClassifierTask(model, texts, texts, 16, 1) { EvaluatesAccuracy = true };
        var evaluation = task.Evaluate(TestContext.Current.CancellationToken);
        var predictions = model.Predict([.. texts.Select(t => t.Text)]);
        var hits = predictions.Zip(texts).Sum(x => x.First.Labels.Intersect(x.Second.Labels).Count());
        var given = predictions.Sum(p => p.Labels.Count) + texts.Sum(t => t.Labels.Count);
        hits.Should().BePositive();
        evaluation.Should().Be(2.0 * hits / given);
        var score = task.LastScore!.Value;
        (score.MicroF1, task.TieBreaker).Should().Be((evaluation, score.Loss));
        score.Accuracy.Should().Be(
            predictions.Zip(texts).Count(x => x.First.Labels.ToHashSet().SetEquals(x.Second.Labels)) / 40.0);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var model = TextClassifierTests.New();
        var texts = TextClassifierTests.Reviews(4);
        FluentActions.Invoking(() => new TextClassifierTask(model, [], texts, 2, 1)).Should().Throw<DataSourceException>()
            .WithMessage("There are 0 texts for training and 4 for validation*");
        FluentActions.Invoking(() => new TextClassifierTask(model, texts, texts, 0, 1)).Should().Throw<ArgumentException>()
            .WithMessage("*batchSize*");
        FluentActions.Invoking(() => new TextClassifierTask(model, texts, [new("a film", "ugly")], 2, 1)).Should()
            .Throw<ArgumentException>().WithMessage("*'ugly'*");
        var disposed = Task(model);
        disposed.Dispose();
        disposed.Invoking(d => d.NextLoss()).Should().Throw<ObjectDisposedException>();
        disposed.Invoking(d => d.Score()).Should().Throw<ObjectDisposedException>();
    }

    private static TextClassifierTask Task(TextClassifier model) =>
        new(model, TextClassifierTests.Reviews(60), TextClassifierTests.Reviews(20, seed: 2), batchSize: 16, seed: 1);
}
