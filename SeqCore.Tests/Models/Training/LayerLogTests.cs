using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

public sealed class LayerLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Norms_and_ratios_are_those_calculated_by_hand()
    {
        // dLoss/dA is (6, 8), dLoss/dB is (0, 0, 2), and C has no gradient. Step t uses the rate 0.1 t.
        var logged = new List<LayersLogged>();
        using var task = new Slopes();
        using var optimizer = new Sgd(task.Model.Parameters(), 0.1f);
        var options = new TrainerOptions
        {
            Steps = 5,
            LogLayersEvery = 2,
            ClipNorm = null,
            Folder = folder.Path,
            Goal = EvaluationGoal.Minimize,
            AllowUnreachedParameters = true,
        };
        var trainer = new Trainer(task, optimizer, options, new LinearSchedule(10, 1, 11));
        trainer.LayersLogged += (_, e) => logged.Add(e);
        trainer.Run();

        logged.Select(l => l.Step).Should().Equal(2, 4);
        logged[0].Parameters.Select(p => p.Name).Should().Equal("a", "b", "c");
        // After step 1, A = (3, 4) - 0.1 (6, 8) has norm 4 and B = -0.1 (0, 0, 2) has 0.2; step 2 moves them by 0.2
        // times the gradient.
        Close(logged[0].Parameters[0], 10, 4, 2 / 4.0);
        Close(logged[0].Parameters[1], 2, 0.2, 0.4 / 0.2);
        Close(logged[0].Parameters[2], 0, 5, 0);
        // After step 3, A = (3, 4) - 0.6 (6, 8) has norm 1; step 4 moves it by 4.
        Close(logged[1].Parameters[0], 10, 1, 4);
        var lines = File.ReadAllLines(folder.File("metrics.jsonl"));
        lines.Should().HaveCount(5 + 2 + 1).And.ContainSingle(l =>
            l.StartsWith("""{"step":4,"layers":{"a":{"gradient_norm":10,"weight_norm":""", StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_step_from_zero_weights_has_no_ratio_and_clipping_shows_in_the_update_only()
    {
        var logged = new List<LayersLogged>();
        using var task = new Slopes();
        using var optimizer = new Sgd(task.Model.Parameters(), 0.1f);
        var trainer = new Trainer(task, optimizer,
            new TrainerOptions
            {
                Steps = 1,
                LogLayersEvery = 1,
                ClipNorm = MathF.Sqrt(104) / 2,
                AllowUnreachedParameters = true,
            });
        trainer.LayersLogged += (_, e) => logged.Add(e);
        trainer.Run();
        Close(logged[0].Parameters[0], 10, 5, 0.1 * 10 / 2 / 5);
        logged[0].Parameters[1].UpdateRatio.Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void Watching_changes_nothing_that_training_sees_and_off_it_says_nothing()
    {
        var losses = new List<double>[] { [], [] };
        for (var i = 0; i < 2; i++)
        {
            var list = losses[i];
            new SmallRun { Dropout = 0.2f, Options = new TrainerOptions { Steps = 10, LogLayersEvery = i } }
                .Train(watch: trainer =>
            {
                trainer.StepCompleted += (_, e) => list.Add(e.Loss);
                if (trainer.Step == 0 && list == losses[0])
                    trainer.LayersLogged += (_, _) => throw new InvalidOperationException("Nothing should be logged.");
            });
        }

        losses[1].Should().Equal(losses[0]).And.HaveCount(10);
    }

    [Fact]
    public void A_run_that_was_stopped_has_the_same_lines_as_one_that_was_not()
    {
        using var other = new TemporaryFolder();
        var run = new SmallRun
        {
            Options = new TrainerOptions { Steps = 9, LogLayersEvery = 2, CheckpointEvery = 3, Folder = folder.Path },
        };
        run.Train();
        using var stop = new CancellationTokenSource();
        var again = run with { Options = run.Options with { Folder = other.Path } };
        again.Train(watch: trainer => trainer.StepCompleted += (_, e) => Cancel(e.Step), cancellation: stop.Token);
        again.Train(resume: true);
        SmallRun.Metrics(other.Path).Should().Equal(SmallRun.Metrics(folder.Path))
            .And.Contain(l => l.StartsWith("""{"step":8,"layers":""", StringComparison.Ordinal));

        void Cancel(long step)
        {
            if (step == 5)
                stop.Cancel();
        }
    }

    private static void Close(ParameterStatistics actual, double gradientNorm, double weightNorm, double ratio)
    {
        actual.GradientNorm.Should().BeApproximately(gradientNorm, 1e-5, actual.Name);
        actual.WeightNorm.Should().BeApproximately(weightNorm, 1e-5, actual.Name);
        actual.UpdateRatio.Should().BeApproximately(ratio, 1e-5, actual.Name);
    }

    /// <summary>loss = 6 a_0 + 8 a_1 + 2 b_2; a starts as (3, 4), b as 0, c as (0, 5).</summary>
    private sealed class Slopes : TrainingTask
    {
        private readonly Weights weights = new();

        public override Module Model => weights;

        public override int TokensPerBatch => 1;

        public override Variable NextLoss() =>
            (weights.A * new Variable(Tensor.FromSpan([6f, 8f], [2]))).Sum()
                + (weights.B * new Variable(Tensor.FromSpan([0f, 0f, 2f], [3]))).Sum();

        public override double Evaluate(CancellationToken cancellation) => 0;

        public override void Save(CheckpointData checkpoint)
        {
        }

        public override void Restore(CheckpointData checkpoint)
        {
        }

        protected override void Dispose(bool disposing) => weights.Dispose();
    }

    private sealed class Weights : Module
    {
        internal Weights()
        {
            A = Register("a", Tensor.FromSpan([3f, 4f], [2]));
            B = Register("b", Tensor.Zeros([3]));
            Register("c", Tensor.FromSpan([0f, 5f], [2]));
        }

        internal Parameter A { get; }

        internal Parameter B { get; }
    }
}
