using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

public sealed class TrainerTests
{
    [Fact]
    public void Training_learns()
    {
        var losses = new List<double>();
        var result = new SmallRun { Hidden = 32, Batch = 8, Length = 16, Options = new TrainerOptions { Steps = 200 } }
            .Train(watch: trainer => trainer.StepCompleted += (_, e) => losses.Add(e.Loss));
        losses.Should().HaveCount(200);
        losses[0].Should().BeApproximately(Math.Log(8), 0.2);
        // Each word has log 4 nats in at least four characters.
        losses.TakeLast(20).Average().Should().BeLessThan(0.5);
        result.End.Should().Be(TrainingEnd.Completed);
        result.ValidationLoss.Should().BeLessThan(0.5).And.BeGreaterThan(0.2);
    }

    [Fact]
    public void Events_come_in_order_with_their_values()
    {
        using var temporary = new TemporaryFolder();
        var events = new List<string>();
        var steps = new List<StepCompleted>();
        var run = new SmallRun
        {
            Schedule = () => new LinearSchedule(4, 1, 0.5),
            Options = new TrainerOptions
            {
                Steps = 5,
                EvaluateEvery = 2,
                CheckpointEvery = 3,
                Folder = temporary.Path,
                ClipNorm = 0.1f,
            },
        };
        run.Train(watch: trainer =>
        {
            trainer.StepCompleted += (_, e) => steps.Add(e);
            trainer.StepCompleted += (_, e) => events.Add($"step {e.Step}");
            trainer.Evaluated += (_, e) => events.Add($"evaluated {e.Step} {e.IsBest}");
            trainer.CheckpointSaved += (_, e) => events.Add($"saved {e.Step} {(e.IsBest ? "best" : Path.GetFileName(e.Path))}");
        });
        events.Should().Equal(
            "step 1", "step 2", "saved 2 best", "evaluated 2 True", "step 3",
            "saved 3 checkpoint-000000003.safetensors", "step 4",
            "saved 4 best", "evaluated 4 True", "step 5", "saved 5 best", "evaluated 5 True",
            "saved 5 checkpoint-000000005.safetensors");
        steps.Select(s => s.LearningRate)
            .Should().Equal(new[] { 0.01, 0.00875, 0.0075, 0.00625, 0.005 }, (a, b) => Math.Abs(a - b) < 1e-8);
        steps.Should().OnlyContain(s => s.GradientNorm > 0.1 && s.TokensPerSecond > 0);
    }

    [Fact]
    public void Accumulated_batches_are_one_large_batch()
    {
        var large = Losses(new SmallRun { Batch = 6, Options = new TrainerOptions { Steps = 12 } });
        var accumulated = Losses(new SmallRun { Batch = 2, Options = new TrainerOptions { Steps = 12, Accumulation = 3 } });
        accumulated.Should().Equal(large, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Accumulated_batches_move_the_weights_as_one_large_batch_does()
    {
        using SmallRun.Parts large = new(new SmallRun { Batch = 6, Options = new TrainerOptions { Steps = 3 } }),
            accumulated = new(new SmallRun { Batch = 2, Options = new TrainerOptions { Steps = 3, Accumulation = 3 } });
        var start = large.Model.Head.Weight.Value.ToArray();
        large.Trainer.Run();
        accumulated.Trainer.Run();
        foreach (var (name, value) in large.Model.StateDictionary())
            accumulated.Model.StateDictionary()[name].ShouldBeCloseTo(value, 1e-4f, name);
        large.Model.Head.Weight.Value.ToArray().Zip(start).Max(p => Math.Abs(p.First - p.Second)).Should().BeGreaterThan(0.01f);
    }

    [Fact]
    public void It_stops_early_when_the_loss_gets_no_better()
    {
        var evaluations = new List<Evaluated>();
        var result =
            new SmallRun { LearningRate = 0f, Options = new TrainerOptions { Steps = 100, EvaluateEvery = 3, Patience = 2 } }
                .Train(watch: trainer => trainer.Evaluated += (_, e) => evaluations.Add(e));
        evaluations.Select(e => (e.Step, e.IsBest)).Should().Equal((3, true), (6, false), (9, false));
        result.End.Should().Be(TrainingEnd.StoppedEarly);
        result.Step.Should().Be(9);
        result.BestValidationLoss.Should().Be(evaluations[0].Loss);
    }

    [Fact]
    public void A_plateau_lowers_the_learning_rate()
    {
        var rates = new List<double>();
        new SmallRun
        {
            LearningRate = 1e-12f,
            Schedule = () => new PlateauSchedule(decay: 0.5, patience: 0),
            Options = new TrainerOptions { Steps = 6, EvaluateEvery = 2 },
        }.Train(watch: trainer => trainer.StepCompleted += (_, e) => rates.Add(e.LearningRate * 1e12));
        rates.Should().Equal(new[] { 1, 1, 1, 1, 0.5, 0.5 }, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Divergence_is_an_error_before_the_weights_are_lost()
    {
        var run = new SmallRun { LearningRate = 3e38f, Options = new TrainerOptions { Steps = 50, ClipNorm = null } };
        using var parts = new SmallRun.Parts(run);
        parts.Trainer.Invoking(t => t.Run())
            .Should().Throw<TrainingDivergedException>().WithMessage("Training diverged: the loss of step * is *. Hint:*");
        parts.Model.Parameters().Should().OnlyContain(p => p.Value.IsFinite());
    }

    [Fact]
    public void Evaluation_changes_nothing_that_training_sees()
    {
        var run = new SmallRun { Streams = true, Dropout = 0.2f, Options = new TrainerOptions { Steps = 20 } };
        Losses(run with { Options = run.Options with { EvaluateEvery = 1 } }).Should().Equal(Losses(run));
    }

    [Fact]
    public void Wrong_options_are_named()
    {
        FluentActions.Invoking(() => new SmallRun { Options = new TrainerOptions { Steps = 1, Accumulation = 0 } }.Train())
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Accumulation*");
        FluentActions.Invoking(() => new SmallRun { Options = new TrainerOptions { Steps = 1, LogLayersEvery = -1 } }.Train())
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*LogLayersEvery*");
        FluentActions.Invoking(() => new SmallRun { Options = new TrainerOptions { Steps = 1, ClipNorm = 0 } }.Train())
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*ClipNorm*");
        FluentActions.Invoking(() => new SmallRun { Options = new TrainerOptions { Steps = 1 } }.Train(resume: true))
            .Should().Throw<InvalidOperationException>().WithMessage("*no folder*");
    }

    private static List<double> Losses(SmallRun run)
    {
        var losses = new List<double>();
        run.Train(watch: trainer => trainer.StepCompleted += (_, e) => losses.Add(e.Loss));
        return losses;
    }
}
