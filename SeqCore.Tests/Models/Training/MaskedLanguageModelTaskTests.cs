using System.Security.Cryptography;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

public sealed class MaskedLanguageModelTaskTests : IDisposable
{
    private const string Line = "one two three four five six seven.";
    private static readonly MarkedCharacterTokenizer vocabulary = new(Line);
    private static readonly int[][] training = [.. Enumerable.Range(0, 30)
        .Select(i => vocabulary.Encode(Line)[(i % 9)..(12 + i % 21)])];
    private static readonly int[][] validation = [.. Enumerable.Range(0, 20)
        .Select(i => vocabulary.Encode(Line)[(i % 10)..(13 + i % 20)])];
    private const int Length = 36;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_loss_is_the_mean_over_the_chosen_tokens_alone()
    {
        using var run = new Run();
        var masking = new TokenMasking(vocabulary, new RandomGenerator(3));
        var batch = new MaskedBatch(4, Length);
        batch.Fill(Drawn(), masking);
        using var x = IndexTensor.FromSpan(batch.Inputs, new Shape(4, Length));
        using var y = IndexTensor.FromSpan(batch.Targets, new Shape(4, Length));
        run.Model.Evaluate();
        var expected = run.Model.PredictTokens(run.Model.Encode(x))
            .CrossEntropy(y, ignoreIndex: TokenMasking.IgnoreIndex).Value.Item();
        run.Task.NextLoss().Value.Item().Should().BeApproximately(expected, 1e-5f);
        run.Task.TokensPerBatch.Should().Be(4 * Length);
    }

    [Fact]
    public void Gradients_are_those_of_the_whole_logits_with_ignored_targets()
    {
        using var run = new Run();
        using (var tape = new Tape())
            tape.Backward(run.Task.NextLoss());
        var actual = run.Model.Parameters().Select(p => p.Gradient!.ToArray()).ToArray();
        run.Model.ZeroGradients();
        var batch = new MaskedBatch(4, Length);
        batch.Fill(Drawn(), new TokenMasking(vocabulary, new RandomGenerator(3)));
        using var x = IndexTensor.FromSpan(batch.Inputs, new Shape(4, Length));
        using var y = IndexTensor.FromSpan(batch.Targets, new Shape(4, Length));
        using (var tape = new Tape())
            tape.Backward(run.Model.PredictTokens(run.Model.Encode(x)).CrossEntropy(y, ignoreIndex: TokenMasking.IgnoreIndex));
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
        first.Count.Should().Be(validation.Sum(s => Math.Max(1,
            (int)MathF.Round(0.15f * s.Length, MidpointRounding.AwayFromZero))));
        run.Task.NextLoss().Value.Item().Should().Be(other.Task.NextLoss().Value.Item());
    }

    [Fact]
    public void Score_counts_what_a_plain_loop_counts()
    {
        using var run = new Run();
        run.Model.Evaluate();
        var batch = new MaskedBatch(1, Length);
        var masking = new TokenMasking(vocabulary, new RandomGenerator(0x76616C6964));
        var (loss, right, count) = (0.0, 0, 0);
        foreach (var sequence in validation)
        {
            batch.Fill([sequence], masking);
            using var x = IndexTensor.FromSpan(batch.Inputs, new Shape(1, Length));
            var logits = run.Model.PredictTokens(run.Model.Encode(x)).Value.ToArray();
            for (var t = 0; t < Length; t++)
            {
                if (batch.Targets[t] == TokenMasking.IgnoreIndex)
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

        string Hash(string name) =>
            Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(new CheckpointFolder(folder.File(name)).Checkpoints()[0])));
    }

    [Fact]
    public void Texts_without_a_known_token_and_sequences_too_long_are_errors()
    {
        using var model = new BothWays(vocabulary.Count, new RandomGenerator(1));
        int[][] unknown = [[SpecialToken.Unknown, SpecialToken.Unknown]];
        using var task = NewTask(model, unknown, unknown, 8);
        task.Invoking(t => t.NextLoss()).Should().Throw<DataSourceException>()
            .WithMessage("The training part*nothing to predict*");
        task.Invoking(t => t.Score()).Should().Throw<DataSourceException>()
            .WithMessage("The validation part*nothing to predict*");
        FluentActions.Invoking(() => NewTask(model, training, validation, 65))
            .Should().Throw<ArgumentException>().WithMessage("*than the model can read, 64; got 65*");
        FluentActions.Invoking(() => NewTask(model, [[5, 6, 7]], unknown, 4))
            .Should().Throw<ArgumentException>().WithMessage("*at most T - 2 = 2 tokens; one has 3*");
        FluentActions.Invoking(() => NewTask(model, training, [], Length))
            .Should().Throw<DataSourceException>().WithMessage("The text has 30 sequences for training and 0 for validation*");
    }

    private static MaskedLanguageModelTask NewTask(BothWays model, int[][] forTraining, int[][] forValidation, int length) =>
        new(model, forTraining, forValidation, 2, length, new RandomGenerator(1),
            new TokenMasking(vocabulary, new RandomGenerator(2)));

    /// <summary>The sequences of the first batch.</summary>
    private static int[][] Drawn()
    {
        var draws = new RandomGenerator(2);
        return [.. Enumerable.Range(0, 4).Select(_ => training[draws.NextInt32(training.Length)])];
    }

    private sealed class Run : IDisposable
    {
        private readonly Adam optimizer;

        internal Run(string? folder = null, bool whole = false, float learningRate = 0.01f, int steps = 12)
        {
            var random = new RandomGenerator(1);
            Model = new BothWays(vocabulary.Count, random, folder is null ? 0f : 0.1f);
            Task = new MaskedLanguageModelTask(Model, training, validation, 4, Length, new RandomGenerator(2),
                new TokenMasking(vocabulary, new RandomGenerator(3)) { WholeWords = whole }, random);
            optimizer = new Adam(Model.Parameters(), learningRate);
            Trainer = new Trainer(Task, optimizer, new TrainerOptions { Steps = steps, Folder = folder });
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
