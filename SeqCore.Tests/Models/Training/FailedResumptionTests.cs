using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>A resumption that fails changes nothing, and neither it nor a lost best file takes what was reached.</summary>
public sealed class FailedResumptionTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("optimizer.0.exp_avg", "optimizer")]
    [InlineData("optimizer.step", "optimizer")]
    [InlineData("schedule.factor", "schedule")]
    [InlineData("random.0.seed", "seed")]
    [InlineData("data.position", "data")]
    [InlineData("metrics.lines", "progress")]
    [InlineData("model.head.bias", "model")]
    [InlineData("state.hidden.0", "carried state")]
    public void A_checkpoint_that_lacks_something_leaves_everything_as_it_was(string missing, string what)
    {
        var run = Run();
        run.Train();
        Damage(missing);
        using var parts = new SmallRun.Parts(run);
        using var fresh = new SmallRun.Parts(run);
        parts.Trainer.Invoking(t => t.Resume()).Should().Throw<CheckpointException>(what);
        Everything(parts).Should().BeEquivalentTo(Everything(fresh), o => o.WithStrictOrdering(), what);
        parts.Trainer.Step.Should().Be(0);
        parts.Trainer.Invoking(t => t.Run()).Should().Throw<CheckpointException>("the folder is not this run's")
            .WithMessage("*holds the checkpoints of another run*");
    }

    [Fact]
    public void A_seed_of_another_run_leaves_everything_as_it_was()
    {
        var run = Run();
        run.Train();
        Change(read => read.Set("random.0.seed", 77UL));
        using var parts = new SmallRun.Parts(run);
        using var fresh = new SmallRun.Parts(run);
        parts.Trainer.Invoking(t => t.Resume()).Should().Throw<CheckpointException>().WithMessage("*random seed 0 is 77 there*");
        Everything(parts).Should().BeEquivalentTo(Everything(fresh), o => o.WithStrictOrdering());
    }

    [Fact]
    public void Where_only_the_best_checkpoint_is_whole_the_run_continues_from_it()
    {
        var run = Run();
        run.Train();
        var expected = SmallRun.Hash(run.Options.Folder!);
        var folder = new CheckpointFolder(run.Options.Folder!);
        foreach (var path in folder.Checkpoints())
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        using (var best = CheckpointFolder.Read(folder.BestPath))
            best.Step.Should().BePositive();
        var skipped = new List<string>();
        using var parts = new SmallRun.Parts(run);
        parts.Trainer.CheckpointSkipped += (_, s) => skipped.Add(s.Path);
        parts.Trainer.Resume().Should().BeTrue();
        parts.Trainer.Step.Should().BePositive();
        parts.Trainer.Run();
        skipped.Should().HaveCount(3);
        SmallRun.Hash(run.Options.Folder!).Should().Be(expected);
    }

    [Fact]
    public void Where_no_checkpoint_is_whole_the_run_does_not_begin_again_over_them()
    {
        var run = Run();
        run.Train();
        var folder = new CheckpointFolder(run.Options.Folder!);
        string[] paths = [.. folder.Checkpoints(), folder.BestPath];
        foreach (var path in paths)
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        using var parts = new SmallRun.Parts(run);
        var skipped = 0;
        parts.Trainer.CheckpointSkipped += (_, _) => skipped++;

        parts.Trainer.Invoking(t => t.Resume()).Should().Throw<CheckpointException>()
            .WithMessage($"No checkpoint in the folder '{folder.Location}' is intact. Delete them to start the run again, or"
                + " choose another folder. *")
            .Which.Message.Should().ContainAll(paths).And.Contain("truncated");
        parts.Trainer.Invoking(t => t.Run()).Should().Throw<CheckpointException>().WithMessage("*of another run*");
        skipped.Should().Be(0, "none was passed over for another");
        paths.Should().OnlyContain(p => File.Exists(p));

        foreach (var path in paths)
            File.Delete(path);
        parts.Trainer.Resume().Should().BeFalse();
        parts.Trainer.Run().Step.Should().Be(12);
    }

    [Fact]
    public void A_checkpoint_that_is_not_damaged_is_never_passed_over()
    {
        var run = Run();
        run.Train();
        var folder = new CheckpointFolder(run.Options.Folder!);
        var newest = folder.Checkpoints()[0];
        using (var file = File.Create(newest))
            SafetensorsFile.Write(file, new Dictionary<string, Tensor> { ["w"] = Tensor.Ones([1]) },
                metadata: new Dictionary<string, string> { ["format"] = "seqcore-checkpoint 9" }, checksum: true);
        using var parts = new SmallRun.Parts(run);
        parts.Trainer.Invoking(t => t.Resume()).Should().Throw<CheckpointException>().WithMessage("*'seqcore-checkpoint 9'*");
        File.Exists(newest).Should().BeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_best_file_that_is_lost_does_not_take_the_result_of_the_training(bool isMissing)
    {
        var run = Run();
        var best = Path.Combine(run.Options.Folder!, "best.safetensors");
        using var parts = new SmallRun.Parts(run);
        parts.Trainer.CheckpointSaved += (_, saved) =>
        {
            if (saved.IsBest || saved.Step < run.Options.Steps)
                return;
            if (isMissing)
                File.Delete(best);
            else
                File.WriteAllBytes(best, File.ReadAllBytes(best)[..100]);
        };
        var result = parts.Trainer.Run();
        result.End.Should().Be(TrainingEnd.Completed);
        result.BestReadError.Should().Contain(best).And.Contain(isMissing ? "does not exist" : "truncated");
        parts.Model.Parameters().Should().OnlyContain(p => p.Value.IsFinite());
        using var newest = new CheckpointFolder(run.Options.Folder!).ReadNewest();
        parts.Model.Head.Weight.Value.ToArray().Should().Equal(newest!.Part("model")["head.weight"].ToArray());
    }

    private SmallRun Run() => new()
    {
        Streams = true,
        Dropout = 0.1f,
        Schedule = () => new PlateauSchedule(patience: 0),
        Options = new TrainerOptions
        {
            Steps = 12,
            EvaluateEvery = 4,
            CheckpointEvery = 3,
            RestoreBest = true,
            Folder = temporary.File("run"),
        },
    };

    /// <summary>All that a checkpoint would hold, as text.</summary>
    private static Dictionary<string, string> Everything(SmallRun.Parts parts)
    {
        using var data = new CheckpointData();
        data.Add("model", parts.Model.StateDictionary());
        data.Add("optimizer", parts.Optimizer.StateDictionary().Tensors);
        parts.Task.Save(data);
        var all = data.Tensors.ToDictionary(t => t.Key, t => string.Join(' ', t.Value.ToArray()));
        foreach (var (name, value) in data.Values)
            all.Add(name, value);
        foreach (var (name, value) in parts.Optimizer.StateDictionary().Scalars)
            all.Add("optimizer." + name, $"{value}");
        return all;
    }

    private void Damage(string name) => Change(read =>
    {
        if (!read.Tensors.Remove(name, out _))
            read.Values.Remove(name).Should().BeTrue(name);
    });

    private void Change(Action<CheckpointData> change)
    {
        var folder = new CheckpointFolder(temporary.File("run"));
        using var read = folder.ReadNewest()!;
        change(read);
        folder.Save(read);
    }
}
