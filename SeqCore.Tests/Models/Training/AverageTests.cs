using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>A run can end with the average of its last checkpoints, whether it was stopped meanwhile or not.</summary>
public sealed class AverageTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private int runs;

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void The_average_of_checkpoints_is_the_mean_of_their_weights()
    {
        var run = Run(average: 0, keep: 10);
        run.Train();
        var folder = new CheckpointFolder(run.Options.Folder!);
        using var average = folder.ReadAverage(3);
        var read = folder.Checkpoints().Take(3).Select(p => CheckpointFolder.Read(p)).ToArray();
        average.Step.Should().Be(22);
        average.Part("model").Should().NotBeEmpty();
        foreach (var (name, tensor) in average.Tensors)
        {
            var expected = name.StartsWith("model.", StringComparison.Ordinal)
                ? Mean([.. read.Select(r => r.Tensors[name].ToArray())])
                : read[0].Tensors[name].ToArray();
            tensor.ToArray().Should().Equal(expected, name);
        }

        using var all = folder.ReadAverage(1000);
        using var one = folder.ReadAverage(1);
        one.Tensors.Should().AllSatisfy(t => t.Value.ToArray().Should().Equal(read[0].Tensors[t.Key].ToArray()));
        all.Part("model").First().Value.ToArray().Should().NotEqual(average.Part("model").First().Value.ToArray());
        Array.ForEach(read, r => r.Dispose());
    }

    [Fact]
    public void A_run_ends_with_the_average_and_reports_its_evaluation()
    {
        var run = Run(average: 3, keep: 1);
        var weights = new List<float[]>();
        float[]? final = null;
        var result = Train(run, _ => { }, model => final = First(model));
        foreach (var path in new CheckpointFolder(run.Options.Folder!).Checkpoints())
        {
            using var checkpoint = CheckpointFolder.Read(path);
            weights.Add(checkpoint.Part("model").First().Value.ToArray());
        }

        weights.Should().HaveCountGreaterThanOrEqualTo(3, "those of the average are kept, although only one is to be kept");
        final.Should().Equal(Mean([.. weights.Take(3)]));
        result.AveragedLoss.Should().BePositive();
        result.AverageReadError.Should().BeNull();
        result.BestValidationLoss.Should().BeLessThanOrEqualTo(result.AveragedLoss!.Value);
        Train(Run(average: 0, keep: 1), _ => { }, _ => { }).AveragedLoss.Should().BeNull();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(17)]
    [InlineData(21)]
    public void Cancellations_do_not_show(int at)
    {
        var whole = Run(average: 3, keep: 1);
        float[]? expected = null, actual = null;
        var first = Train(whole, _ => { }, model => expected = First(model));
        var parts = Run(average: 3, keep: 1);
        using var cancel = new CancellationTokenSource();
        Train(parts, trainer => trainer.StepCompleted += (_, e) =>
        {
            if (e.Step == at)
                cancel.Cancel();
        }, _ => { }, cancellation: cancel.Token).Should().Match<TrainingResult>(
            r => r.End == TrainingEnd.Cancelled && r.AveragedLoss == null);
        var second = Train(parts, _ => { }, model => actual = First(model), resume: true);
        actual.Should().Equal(expected);
        second.Should().Be(first);
        SmallRun.Hash(parts.Options.Folder!).Should().Be(SmallRun.Hash(whole.Options.Folder!));
        Train(parts, _ => { }, model => actual = First(model), resume: true).Should().Be(first);
        actual.Should().Equal(expected, "a finished run that is resumed has the same average");
    }

    [Fact]
    public void An_average_that_is_better_than_every_evaluation_is_the_best()
    {
        // Each step of size 1/2 goes to the example's minimum, 1 or -1, and the mean of an epoch is in the middle.
        using var model = new Linear(1, 1, new RandomGenerator(1), bias: false);
        using var task = TrainingTask.Of(model, new ShuffledBatches<float>([1f, -1f], 1, seed: 3),
            batch => (model.Weight - batch[0]).Square().Sum(), _ => model.Weight.Value.Item() * model.Weight.Value.Item());
        using var optimizer = new Sgd(model.Parameters(), 0.5f);
        var options = Run(average: 2, keep: 1, restoreBest: true).Options with
        {
            Steps = 6,
            EvaluateEvery = 1,
            CheckpointEvery = 1,
            ClipNorm = null,
            Goal = EvaluationGoal.Minimize,
        };
        var result = new Trainer(task, optimizer, options).Run();
        result.ValidationLoss.Should().BeApproximately(1, 1e-5);
        result.AveragedLoss.Should().BeApproximately(0, 1e-5);
        result.BestValidationLoss.Should().Be(result.AveragedLoss);
        var final = model.Weight.Value.ToArray();
        var folder = new CheckpointFolder(options.Folder!);
        using var best = CheckpointFolder.Read(folder.BestPath);
        best.Part("model").First().Value.ToArray().Should().Equal(final);
        using var newest = folder.ReadNewest();
        newest!.GetDouble("evaluation.best").Should().Be(result.AveragedLoss, "a resumption has to know it");
        newest.Part("model").First().Value.ToArray().Should().NotEqual(final);
    }

    [Fact]
    public void A_damaged_checkpoint_is_reported_and_the_weights_stay()
    {
        var run = Run(average: 3, keep: 1);
        float[]? final = null;
        var result = Train(run, trainer => trainer.CheckpointSaved += (_, e) =>
        {
            if (e.Step == 15)
                File.WriteAllBytes(e.Path, File.ReadAllBytes(e.Path)[..^1]);
        }, model => final = First(model));
        result.AveragedLoss.Should().BeNull();
        result.AverageReadError.Should().Contain("checkpoint-000000015.safetensors");
        using var newest = new CheckpointFolder(run.Options.Folder!).ReadNewest();
        final.Should().Equal(newest!.Part("model").First().Value.ToArray());
    }

    [Fact]
    public void What_cannot_be_averaged_is_refused()
    {
        var folder = new CheckpointFolder(temporary.File("mixed"));
        FluentActions.Invoking(() => folder.ReadAverage(2)).Should().Throw<CheckpointException>()
            .WithMessage("*has no checkpoint to average. Train first*");
        FluentActions.Invoking(() => folder.ReadAverage(0)).Should().Throw<ArgumentException>().WithMessage("*count*at least 1*");
        for (var step = 1; step <= 2; step++)
        {
            var checkpoint = new CheckpointData { Step = step };
            checkpoint.Tensors["model.w"] = Tensor.Zeros([step, 2]);
            folder.Save(checkpoint);
        }

        FluentActions.Invoking(() => folder.ReadAverage(2)).Should().Throw<CheckpointException>()
            .WithMessage("*000000001.safetensors' have other names or shapes than those of *000000002.safetensors'*");
        FluentActions.Invoking(() => Run(average: -1, keep: 1).Train()).Should().Throw<ArgumentException>()
            .WithMessage("*AverageCheckpoints should be at least 0*");
        var run = Run(average: 2, keep: 1);
        foreach (var wrong in new[] { run.Options with { Folder = null }, run.Options with { CheckpointEvery = 0 } })
        {
            FluentActions.Invoking(() => (run with { Options = wrong }).Train()).Should().Throw<ArgumentException>()
                .WithMessage("*AverageCheckpoints averages checkpoints, so Folder and CheckpointEvery should be set*");
        }
    }

    private static float[] Mean(IReadOnlyList<float[]> weights) => [.. Enumerable.Range(0, weights[0].Length)
        .Select(i => (float)(weights.Sum(w => (double)w[i]) / weights.Count))];

    private static float[] First(Module model) => model.StateDictionary()
        .OrderBy(w => w.Key, StringComparer.Ordinal).First().Value.ToArray();

    private static TrainingResult Train(SmallRun run, Action<Trainer> watch, Action<Module> use, bool resume = false,
        CancellationToken cancellation = default)
    {
        using var parts = new SmallRun.Parts(run);
        watch(parts.Trainer);
        if (resume)
            parts.Trainer.Resume();
        var result = parts.Trainer.Run(cancellation);
        use(parts.Model);
        return result;
    }

    private SmallRun Run(int average, int keep, bool restoreBest = false) => new()
    {
        Dropout = 0.1f,
        Options = new TrainerOptions
        {
            Steps = 22,
            EvaluateEvery = 7,
            CheckpointEvery = 5,
            KeepCheckpoints = keep,
            AverageCheckpoints = average,
            RestoreBest = restoreBest,
            Folder = temporary.File($"run{++runs}"),
        },
    };
}
