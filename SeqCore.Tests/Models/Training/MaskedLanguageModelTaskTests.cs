using System.Security.Cryptography;
using SeqCore.Autograd;
using SeqCore.Autograd.Functions;
using SeqCore.Models;
using SeqCore.Tensors;

namespace SeqCore.Tests.Models.Training;

public sealed class MaskedLanguageModelTaskTests : IDisposable
{
    private static readonly string text = string.Concat(Enumerable.Repeat("one two three four five six seven. ", 60));
    private static readonly MarkedCharacterVocabulary vocabulary = new(text);
    private static readonly int[] tokens = vocabulary.Encode(text);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_loss_is_the_mean_over_the_chosen_tokens_alone()
    {
        using var run = new Run();
        var masking = new TokenMasking(vocabulary, new RandomGenerator(3));
        var batch = new MaskedBatch(4, 22);
        batch.Fill(Windows().Next(), masking);
        using var x = IndexTensor.FromSpan(batch.Inputs, new Shape(4, 22));
        using var y = IndexTensor.FromSpan(batch.Targets, new Shape(4, 22));
        run.Model.Evaluate();
        var expected = run.Model.PredictTokens(run.Model.Encode(x)).CrossEntropy(y, ignoreIndex: TokenMasking.Ignored).Value.Item();
        run.Task.NextLoss().Value.Item().Should().BeApproximately(expected, 1e-5f);
        run.Task.TokensPerBatch.Should().Be(88);
    }

    [Fact]
    public void Gradients_are_those_of_the_whole_logits_with_ignored_targets()
    {
        using var run = new Run();
        using (var tape = new Tape())
            tape.Backward(run.Task.NextLoss());
        var actual = run.Model.Parameters().Select(p => p.Gradient!.ToArray()).ToArray();
        run.Model.ZeroGradients();
        var batch = new MaskedBatch(4, 22);
        batch.Fill(Windows().Next(), new TokenMasking(vocabulary, new RandomGenerator(3)));
        using var x = IndexTensor.FromSpan(batch.Inputs, new Shape(4, 22));
        using var y = IndexTensor.FromSpan(batch.Targets, new Shape(4, 22));
        using (var tape = new Tape())
            tape.Backward(run.Model.PredictTokens(run.Model.Encode(x)).CrossEntropy(y, ignoreIndex: TokenMasking.Ignored));
        foreach (var (parameter, gradient) in run.Model.Parameters().Zip(actual))
            gradient.ShouldBeCloseTo(parameter.Gradient!.ToArray(), 1e-5f, "gradient");
    }

    [Fact]
    public void Evaluation_masks_alike_each_time_and_draws_nothing_that_training_sees()
    {
        using var run = new Run();
        using var other = new Run();
        run.Task.LastScore.Should().BeNull();
        var first = run.Task.Score();
        run.Task.Evaluate(default).Should().Be(first.Loss);
        run.Task.LastScore.Should().Be(first);
        first.Accuracy.Should().BeInRange(0, 0.5);
        first.Count.Should().Be((tokens.Length / 10 - 1) / 20 * 3);
        run.Task.NextLoss().Value.Item().Should().Be(other.Task.NextLoss().Value.Item());
    }

    [Fact]
    public void Score_counts_what_a_plain_loop_counts()
    {
        using var run = new Run();
        run.Model.Evaluate();
        var batch = new MaskedBatch(1, 22);
        var masking = new TokenMasking(vocabulary, new RandomGenerator(0x76616C6964));
        var (loss, right, count) = (0.0, 0, 0);
        foreach (var window in Validation().Batches(1))
        {
            batch.Fill(window, masking);
            using var x = IndexTensor.FromSpan(batch.Inputs, new Shape(1, 22));
            var logits = run.Model.PredictTokens(run.Model.Encode(x)).Value.ToArray();
            for (var t = 0; t < 22; t++)
            {
                if (batch.Targets[t] == TokenMasking.Ignored)
                    continue;
                var row = logits.AsSpan(t * vocabulary.Count, vocabulary.Count).ToArray().Select(v => (double)v).ToArray();
                loss += Math.Log(row.Sum(Math.Exp)) - row[batch.Targets[t]];
                right += Array.IndexOf(row, row.Max()) == batch.Targets[t] ? 1 : 0;
                count++;
            }
        }

        var score = run.Task.Score();
        score.Loss.Should().BeApproximately(loss / count, 1e-5);
        score.Accuracy.Should().Be((double)right / count);
        score.Count.Should().Be(count);
    }

    [Fact]
    public void Training_learns_to_fill_what_the_context_decides()
    {
        using var run = new Run(learningRate: 0.02f, steps: 150);
        var before = run.Task.Score();
        run.Train();
        var after = run.Task.Score();
        before.Accuracy.Should().BeLessThan(0.2);
        after.Accuracy.Should().BeGreaterThan(0.85);
        after.Loss.Should().BeLessThan(before.Loss / 4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_was_stopped_ends_with_the_same_bits(bool whole)
    {
        using (var straight = new Run(folder.File("whole"), whole))
            straight.Train();
        using (var first = new Run(folder.File("parts"), whole))
        {
            using var stop = new CancellationTokenSource();
            first.Trainer.StepCompleted += (_, e) =>
            {
                if (e.Step == 7)
                    stop.Cancel();
            };
            first.Trainer.Run(stop.Token).End.Should().Be(TrainingEnd.Cancelled);
        }

        using (var second = new Run(folder.File("parts"), whole))
        {
            second.Trainer.Resume().Should().BeTrue();
            second.Train();
        }

        Hash("parts").Should().Be(Hash("whole"));

        string Hash(string name) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(new CheckpointFolder(folder.File(name)).Checkpoints()[0])));
    }

    [Fact]
    public void Texts_without_a_known_token_and_windows_too_long_are_errors()
    {
        using var model = new BothWays(vocabulary.Count, new RandomGenerator(1));
        var unknown = new int[200];
        Array.Fill(unknown, SpecialToken.Unknown);
        using var task = new MaskedLanguageModelTask(model, new RandomWindows(unknown, 2, 8, new RandomGenerator(1)), new TokenWindows(unknown, 8),
            new TokenMasking(vocabulary, new RandomGenerator(2)));
        task.Invoking(t => t.NextLoss()).Should().Throw<DataSourceException>().WithMessage("The training part*nothing to guess*");
        task.Invoking(t => t.Score()).Should().Throw<DataSourceException>().WithMessage("The validation part*nothing to guess*");
        FluentActions.Invoking(() => new MaskedLanguageModelTask(model, new RandomWindows(tokens, 2, 63, new RandomGenerator(1)), new TokenWindows(tokens, 8),
            new TokenMasking(vocabulary, new RandomGenerator(2)))).Should().Throw<ArgumentException>().WithMessage("*have 65 tokens; the model can read 64*");
    }

    private static RandomWindows Windows() => new(tokens.AsMemory(0, tokens.Length * 9 / 10), 4, 20, new RandomGenerator(2));

    private static TokenWindows Validation() => new(tokens.AsMemory(tokens.Length * 9 / 10), 20);

    private sealed class Run : IDisposable
    {
        private readonly Adam optimizer;

        internal Run(string? folder = null, bool whole = false, float learningRate = 0.01f, int steps = 12)
        {
            var random = new RandomGenerator(1);
            Model = new BothWays(vocabulary.Count, random, folder is null ? 0f : 0.1f);
            Task = new MaskedLanguageModelTask(Model, Windows(), Validation(), new TokenMasking(vocabulary, new RandomGenerator(3)) { WholeWords = whole }, random);
            optimizer = new Adam(Model.Parameters(), learningRate);
            Trainer = new Trainer(Task, optimizer, null, new TrainerOptions { Steps = steps, Folder = folder });
        }

        internal BothWays Model { get; }

        internal MaskedLanguageModelTask Task { get; }

        internal Trainer Trainer { get; }

        internal void Train()
        {
            Trainer.Run().End.Should().Be(TrainingEnd.Completed);
            Model.Evaluate();
        }

        public void Dispose()
        {
            Task.Dispose();
            optimizer.Dispose();
            Model.Dispose();
        }
    }
}
