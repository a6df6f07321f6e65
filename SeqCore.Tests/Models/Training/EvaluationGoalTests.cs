using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>Runs whose evaluation is an accuracy.</summary>
public sealed class EvaluationGoalTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_maximizes_stops_at_the_highest_and_keeps_its_weights(bool hasFolder)
    {
        using var run = new Run(0.5, 0.8, 0.7, 0.6, 0.9);
        var best = new List<bool>();
        var trainer = run.Trainer(Options(hasFolder) with { Patience = 2 });
        trainer.Evaluated += (_, e) => best.Add(e.IsBest);
        var result = trainer.Run();
        best.Should().Equal(true, true, false, false);
        result.Should().Be(new TrainingResult(TrainingEnd.StoppedEarly, 4, 0.6, 0.8));
        run.Layer.Weight.Value.ToArray().Should().Equal(run.Weights[1]);
        if (hasFolder)
            CheckpointFolder.Read(new CheckpointFolder(temporary.File("run")).BestPath).Step.Should().Be(2);
    }

    [Theory]
    [InlineData(EvaluationGoal.Maximize, false, false)]
    [InlineData(EvaluationGoal.Maximize, true, true)]
    [InlineData(EvaluationGoal.Minimize, false, true)]
    [InlineData(EvaluationGoal.Minimize, true, false)]
    public void An_infinite_evaluation_may_be_the_best(EvaluationGoal goal, bool hasFolder, bool stopsEarly)
    {
        var sign = goal == EvaluationGoal.Maximize ? 1 : -1;
        using var run = new Run(sign * 2, sign * double.PositiveInfinity, sign * 5, sign * double.NegativeInfinity);
        var options = Options(hasFolder) with { Goal = goal, Steps = 4, RestoreBest = !stopsEarly };
        var result = run.Trainer(options with { Patience = stopsEarly ? 2 : null }).Run();
        result.Should().Be(new TrainingResult(stopsEarly ? TrainingEnd.StoppedEarly : TrainingEnd.Completed, 4,
            sign * double.NegativeInfinity, sign * double.PositiveInfinity));
        run.Layer.Weight.Value.ToArray().Should().Equal(run.Weights[1]);
    }

    [Fact]
    public void The_worst_infinity_is_never_the_best()
    {
        using var run = new Run(double.NegativeInfinity, double.NegativeInfinity);
        var result = run.Trainer(Options(hasFolder: false) with { Steps = 2, RestoreBest = true }).Run();
        result.Should().Be(new TrainingResult(TrainingEnd.Completed, 2, double.NegativeInfinity, null));
        run.Layer.Weight.Value.ToArray().Should().Equal(run.Weights[1]);
    }

    [Fact]
    public void A_resumed_run_goes_on_maximizing_and_one_with_the_other_goal_is_refused()
    {
        using (var first = new Run(0.5, 0.8))
            first.Trainer(Options(hasFolder: true) with { Steps = 2 }).Run();

        using var other = new Run();
        other.Trainer(Options(hasFolder: true) with { Goal = EvaluationGoal.Minimize }).Invoking(t => t.Resume())
            .Should().Throw<CheckpointException>().WithMessage("*a run whose Goal was Maximize, and it is Minimize here*")
            .Which.IsFromAnotherRun.Should().BeTrue();

        using var second = new Run(0.7, 0.6);
        var trainer = second.Trainer(Options(hasFolder: true) with { Steps = 4, RestoreBest = true });
        trainer.Resume().Should().BeTrue();
        trainer.Run().Should().Be(new TrainingResult(TrainingEnd.Completed, 4, 0.6, 0.8));
    }

    [Fact]
    public void A_checkpoint_without_a_goal_is_of_a_run_that_minimized()
    {
        var options = Options(hasFolder: true) with { Goal = EvaluationGoal.Minimize, Steps = 1 };
        using (var first = new Run(0.5))
            first.Trainer(options).Run();
        var folder = new CheckpointFolder(temporary.File("run"));
        using (var checkpoint = folder.ReadNewest()!)
        {
            checkpoint.Values.Remove("evaluation.goal").Should().BeTrue();
            folder.Save(checkpoint);
        }

        using var second = new Run();
        second.Trainer(options with { Goal = EvaluationGoal.Maximize }).Invoking(t => t.Resume())
            .Should().Throw<CheckpointException>();
        second.Trainer(options).Resume().Should().BeTrue();
    }

    [Fact]
    public void Of_equal_evaluations_the_one_with_the_lower_second_number_is_the_best_after_a_resumption_too()
    {
        var options = Options(hasFolder: true) with { RestoreBest = true };
        using (var first = new Run(0.5, 0.8, 0.8) { TieBreakers = [1, 3, 3] })
            first.Trainer(options with { Steps = 3 }).Run();
        var folder = new CheckpointFolder(temporary.File("run"));
        CheckpointFolder.Read(folder.BestPath).Step.Should().Be(2, "the third evaluation is equal in both numbers");

        using var second = new Run(0.8, 0.8, 0.7) { TieBreakers = [4, 2, 1] };
        var best = new List<bool>();
        var trainer = second.Trainer(options with { Steps = 6 });
        trainer.Evaluated += (_, e) => best.Add(e.IsBest);
        trainer.Resume().Should().BeTrue();
        trainer.Run().Should().Be(new TrainingResult(TrainingEnd.Completed, 6, 0.7, 0.8));
        best.Should().Equal(false, true, false);
        second.Layer.Weight.Value.ToArray().Should().Equal(second.Weights[1]);
    }

    [Fact]
    public void A_schedule_that_watches_for_the_other_goal_is_refused()
    {
        using var run = new Run();
        var schedule = new WarmUpSchedule(2, new PlateauSchedule());
        FluentActions.Invoking(() => run.Trainer(Options(hasFolder: false), schedule)).Should().Throw<ArgumentException>()
            .WithMessage("Trainer: the schedule watches for evaluations to Minimize, and the Goal of the run is Maximize.*");
        run.Trainer(Options(hasFolder: false), new PlateauSchedule { Goal = EvaluationGoal.Maximize });
        run.Trainer(Options(hasFolder: false), new CosineSchedule(3));
    }

    [Fact]
    public void A_run_that_depends_on_the_goal_requires_it_where_the_task_does_not_know_it()
    {
        using var run = new Run(0.5, 0.8, 0.2);
        var options = Options(hasFolder: false) with { Goal = null, Steps = 3 };
        Refused(options with { Patience = 2 }, "Patience");
        Refused(options with { RestoreBest = true }, "RestoreBest");
        Refused(options with { Folder = temporary.File("run") }, "the best checkpoint in the Folder");
        Refused(options, "the schedule", new WarmUpSchedule(2, new PlateauSchedule()));

        var best = new List<bool>();
        var trainer = run.Trainer(options, new CosineSchedule(3));
        trainer.Evaluated += (_, e) => best.Add(e.IsBest);
        trainer.Run().Should().Be(new TrainingResult(TrainingEnd.Completed, 3, 0.2, null));
        best.Should().Equal(false, false, false);

        void Refused(TrainerOptions depends, string use, LearningRateSchedule? schedule = null) =>
            FluentActions.Invoking(() => run.Trainer(depends, schedule)).Should().Throw<ArgumentException>().WithMessage(
                $"Trainer: {use} depends on which of two evaluations is better, and the task does not know it. Hint:"
                    + " set TrainerOptions.Goal to EvaluationGoal.Minimize if*EvaluationGoal.Maximize if*");
    }

    [Fact]
    public void A_task_whose_evaluation_is_a_loss_needs_no_goal_and_has_no_other()
    {
        using var parts = new SmallRun.Parts(new SmallRun
        {
            Options = new TrainerOptions { Steps = 2, EvaluateEvery = 1, Patience = 1, RestoreBest = true },
        });
        parts.Trainer.Run().BestValidationLoss.Should().NotBeNull();
        FluentActions.Invoking(() => new Trainer(parts.Task, parts.Optimizer,
                new TrainerOptions { Steps = 2, Goal = EvaluationGoal.Maximize })).Should().Throw<ArgumentException>()
            .WithMessage("Trainer: the options' Goal is Maximize, but LanguageModelTask has evaluations to Minimize. Hint:*");
    }

    private TrainerOptions Options(bool hasFolder) => new()
    {
        Steps = 10,
        EvaluateEvery = 1,
        Goal = EvaluationGoal.Maximize,
        Folder = hasFolder ? temporary.File("run") : null,
    };

    /// <summary>A layer that trains, with evaluations that are given.</summary>
    private sealed class Run : IDisposable
    {
        private readonly TrainingTask task;
        private readonly Sgd optimizer;

        internal Run(params double[] evaluations)
        {
            var evaluation = 0;
            var batches = new ShuffledBatches<float>([1f, 2f], batchSize: 2, seed: 1);
            task = new TieBreakingTask(TrainingTask.Of(Layer, batches, _ => Layer.Forward(Tensor.Ones([1, 2])).Sum(), _ =>
            {
                Weights.Add(Layer.Weight.Value.ToArray());
                return evaluations[evaluation++];
            }), () => TieBreakers is { } second ? second[evaluation - 1] : null);
            optimizer = new Sgd(Layer.Parameters(), 0.1f);
        }

        internal Linear Layer { get; } = new(2, 1, new RandomGenerator(1));

        internal List<float[]> Weights { get; } = [];

        /// <summary>The second number of each evaluation; null for none.</summary>
        internal double[]? TieBreakers { get; init; }

        internal Trainer Trainer(TrainerOptions options, LearningRateSchedule? schedule = null) =>
            new(task, optimizer, options, schedule);

        public void Dispose()
        {
            task.Dispose();
            optimizer.Dispose();
            Layer.Dispose();
        }
    }

    /// <summary>A task of delegates whose evaluations have a second number.</summary>
    private sealed class TieBreakingTask(TrainingTask task, Func<double?> second) : TrainingTask
    {
        public override Module Model => task.Model;

        public override int TokensPerBatch => task.TokensPerBatch;

        public override double? TieBreaker => second();

        public override Variable NextLoss() => task.NextLoss();

        public override double Evaluate(CancellationToken cancellation) => task.Evaluate(cancellation);

        public override void Save(CheckpointData checkpoint) => task.Save(checkpoint);

        public override void Restore(CheckpointData checkpoint) => task.Restore(checkpoint);

        protected override void Dispose(bool disposing) => task.Dispose();
    }
}
