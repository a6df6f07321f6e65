using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Models.Training;

/// <summary>A trainer whose device runs behind it: what it reports, when it waits, and how it stops.</summary>
[Collection(ChangesTheDefaultDevice.Name)]
public sealed class QueuedTrainingTests : IDisposable
{
    private readonly GpuBackend gpu = TestGpu.Backend;
    private readonly Backend before = Backend.Default;
    private readonly CpuBackend cpu = new(1);

    public void Dispose()
    {
        Backend.Default = before;
        cpu.Dispose();
    }

    [Theory]
    [InlineData(1, 0.5f)]
    [InlineData(3, null)]
    public void Events_and_metrics_are_those_of_the_CPU(int accumulation, float? clip)
    {
        using TemporaryFolder first = new(), second = new();
        var options = new TrainerOptions
        {
            Steps = 40,
            EvaluateEvery = 9,
            Accumulation = accumulation,
            ClipNorm = clip,
            Folder = first.Path,
        };
        var expected = Train(cpu, options);
        var actual = Train(gpu, options with { Folder = second.Path });
        actual.Select(s => s.Step).Should().Equal(expected.Select(s => s.Step));
        actual.Select(s => s.Loss).Should().Equal(expected.Select(s => s.Loss), (a, b) => Math.Abs(a - b) < 1e-5);
        actual.Select(s => s.GradientNorm).Should().Equal(expected.Select(s => s.GradientNorm),
            (a, b) => a is null ? b is null : Math.Abs(a.Value - b!.Value) < 1e-5);
        actual.Should().OnlyContain(s => s.IsKnown && s.TokensPerSecond > 0 && double.IsFinite(s.TokensPerSecond));
        Steps(second).Should().Equal(Steps(first));
    }

    [Fact]
    public void Steps_wait_only_when_no_row_is_free()
    {
        Backend.Default = gpu;
        var waits = new List<long>();
        Train(gpu, new TrainerOptions { Steps = 64 }, (_, e) => waits.Add(gpu.Waits));
        (waits[^1] - waits[0]).Should().Be(3, "of 64 steps those after the 16th, 32nd and 48th waited");
    }

    [Fact]
    public void Reading_a_loss_waits_once()
    {
        var waits = new List<long>();
        Train(gpu, new TrainerOptions { Steps = 6 }, (_, e) =>
        {
            var start = gpu.Waits;
            e.Loss.Should().BePositive();
            e.GradientNorm.Should().BePositive();
            e.IsKnown.Should().BeTrue();
            waits.Add(gpu.Waits - start);
        });
        waits.Should().OnlyContain(w => w == 1);
    }

    [Theory]
    [InlineData(1f, 5, false)]
    [InlineData(1f, 5, true)]
    [InlineData(1f, 20, false)]
    [InlineData(null, 7, false)]
    public void After_a_step_that_diverged_the_weights_are_those_before_it(float? clip, int bad, bool look)
    {
        Backend.Default = gpu;
        var options = new TrainerOptions { Steps = 40, ClipNorm = clip };
        using var whole = new Regression();
        new Trainer(whole, whole.Optimizer, options with { Steps = bad - 1 }).Run();
        using var broken = new Regression { BadStep = bad };
        var trainer = new Trainer(broken, broken.Optimizer, options);
        var seen = 0L;
        trainer.StepCompleted += (_, e) => seen = look && double.IsFinite(e.Loss) ? e.Step : seen;
        trainer.Invoking(t => t.Run()).Should().Throw<TrainingDivergedException>()
            .WithMessage($"Training diverged: the loss of step {bad} is NaN. Hint:*").Which.Step.Should().Be(bad);
        trainer.Step.Should().Be(bad - 1);
        broken.Layer.Weight.Value.ToArray().Should().Equal(whole.Layer.Weight.Value.ToArray());
        if (look)
            seen.Should().Be(bad - 1, "who looks at every loss learns of it at once");
    }

    private static List<StepCompleted> Train(Backend device, TrainerOptions options, EventHandler<StepCompleted>? watch = null)
    {
        Backend.Default = device;
        using var task = new Regression();
        var steps = new List<StepCompleted>();
        var trainer = new Trainer(task, task.Optimizer, options);
        trainer.StepCompleted += (_, e) => steps.Add(e);
        trainer.StepCompleted += watch;
        trainer.Run();
        return steps;
    }

    // Order and kind of the lines, without the numbers.
    private static string[] Steps(TemporaryFolder folder) =>
        [.. File.ReadAllLines(Path.Combine(folder.Path, "metrics.jsonl")).Select(line =>
            line[..line.IndexOf(',', StringComparison.Ordinal)] + line.Contains("validation", StringComparison.Ordinal))];

    /// <summary>A line through points, with a loss that is NaN at one step.</summary>
    private sealed class Regression : TrainingTask
    {
        private readonly RandomGenerator random = new(1);
        private int step;

        internal Linear Layer { get; } = new(6, 3, new RandomGenerator(2));

        internal int BadStep { get; init; }

        internal Optimizer Optimizer => field ??= new Adam(Layer.Parameters(), 0.01f);

        public override Module Model => Layer;

        public override int TokensPerBatch => 8;

        public override EvaluationGoal? Goal => EvaluationGoal.Minimize;

        public override Variable NextLoss()
        {
            var x = Tensor.RandomNormal([8, 6], random);
            var loss = (Layer.Forward(x) - x.Slice(1, 0, 3)).Square().Mean();
            return ++step == BadStep ? loss * float.NaN : loss;
        }

        public override double Evaluate(CancellationToken cancellation) => 1;

        public override void Save(CheckpointData checkpoint) => checkpoint.Set("task.step", step);

        public override void Restore(CheckpointData checkpoint) => step = (int)checkpoint.GetInt64("task.step");

        protected override void Dispose(bool disposing)
        {
            Optimizer.Dispose();
            Layer.Dispose();
        }
    }
}
