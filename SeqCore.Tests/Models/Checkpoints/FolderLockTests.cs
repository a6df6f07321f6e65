using System.Diagnostics;
using SeqCore.Models;
using SeqCore.Tests.Models.Training;

namespace SeqCore.Tests.Models.Checkpoints;

/// <summary>A folder in use is locked: the second run is refused and the first one unharmed.</summary>
public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_folder_that_is_held_is_refused_to_all_others_until_it_is_given_back()
    {
        var (first, second) = (Folder(), Folder());
        first.HasLocks.Should().BeTrue();
        var hold = first.Lock();
        first.Save(Small(1));
        Action[] writes = [() => second.Lock(), () => second.Save(Small(2)), () => second.SaveBest(Small(2)), second.Clear,
            () => first.Lock()];
        foreach (var write in writes)
        {
            write.Should().Throw<CheckpointException>().WithMessage($"The folder '{first.Location}' is in use by another run"
                + $" (process {Environment.ProcessId}, since ????-??-?? ??:??:?? UTC)."
                + " Wait for it to end, or choose another folder.");
        }

        second.ReadNewest()!.Step.Should().Be(1, "readers need no lock");
        hold.Dispose();
        second.Save(Small(2));
        first.Checkpoints().Should().HaveCount(2);
    }

    [Theory]
    [InlineData(".lock")]
    [InlineData(".lock-holder")]
    public void A_folder_in_the_place_of_the_lock_is_said_to_be_one(string name)
    {
        var folder = Folder();
        var path = Directory.CreateDirectory(Path.Combine(folder.Location, name)).FullName;
        folder.Invoking(f => f.Lock()).Should().Throw<CheckpointException>()
            .WithMessage($"The folder '{folder.Location}' cannot be written: '{path}' is a folder, but must be a file.*");
    }

    [Fact]
    public void What_a_killed_program_left_of_its_question_for_locks_goes_with_the_next_one()
    {
        var path = Folder().Location;
        File.WriteAllText(Path.Combine(path, ".lock-probe"), "");

        Parallel.For(0, 100, _ => new CheckpointFolder(path).HasLocks.Should().BeTrue());

        Directory.GetFileSystemEntries(path).Should().BeEmpty();
    }

    [Fact]
    public void A_folder_that_is_opened_beside_a_save_does_not_disturb_it()
    {
        var first = Folder();
        var checkpoint = Small(1);
        checkpoint.Tensors["model.large"] = Tensor.Ones([4_000_000]);
        var save = Task.Run(() => first.Save(checkpoint));
        while (!save.IsCompleted)
            _ = Folder();
        save.Invoking(s => s.GetAwaiter().GetResult()).Should().NotThrow();
    }

    [Fact]
    public void Threads_that_share_one_object_take_turns()
    {
        var folder = Folder(keep: 100);
        Parallel.For(1, 20, step => folder.Save(Small(20 - step)));
        folder.ReadNewest()!.Step.Should().BeInRange(1, 19);
    }

    [Fact]
    public void Another_process_is_refused_and_a_killed_one_leaves_no_lock()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/flock"))
            Assert.Skip("This needs the program flock of Linux.");
        var folder = Folder();
        folder.Lock().Dispose();
        var path = Path.Combine(folder.Location, ".lock");
        using (folder.Lock())
            Flock($"--nonblock \"{path}\" true").Should().Be(1, "the lock holds against other processes");
        using var holder = Process.Start("/usr/bin/flock", ["--no-fork", path, "sleep", "60"]);
        FluentActions.Invoking(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                folder.Lock().Dispose();
                Thread.Sleep(10);
            }
        }).Should().Throw<CheckpointException>().WithMessage("*is in use by another run*");
        holder.Kill();
        holder.WaitForExit();
        folder.Save(Small(1));

        static int Flock(string arguments)
        {
            using var process = Process.Start("/usr/bin/flock", arguments);
            process.WaitForExit();
            return process.ExitCode;
        }
    }

    [Fact]
    public void A_second_trainer_is_refused_and_the_first_one_ends_as_if_alone()
    {
        var run = Run("alone");
        run.Train();
        var expected = (SmallRun.Hash(run.Options.Folder!), SmallRun.Metrics(run.Options.Folder!));
        var shared = Run("shared");
        var refusals = new List<string>();
        shared.Train(watch: trainer => trainer.StepCompleted += (_, step) =>
        {
            if (step.Step is not (1 or 7))
                return;
            foreach (var resume in new[] { false, true })
            {
                refusals.Add(shared.Invoking(s => s.Train(resume))
                    .Should().Throw<CheckpointException>().Which.Message);
            }
        });
        refusals.Should().HaveCount(4).And.OnlyContain(m => m.Contains("is in use by another run (process "));
        (SmallRun.Hash(shared.Options.Folder!), SmallRun.Metrics(shared.Options.Folder!)).Should().BeEquivalentTo(expected);
    }

    [Fact]
    public void Two_trainers_that_start_together_leave_the_run_of_one()
    {
        var alone = Run("alone");
        alone.Train();
        var shared = Run("shared");
        var ends = new string[2];
        using var together = new Barrier(2);
        Parallel.Invoke(() => Start(0), () => Start(1));
        ends.Order().Should().Equal("Completed", "refused");
        SmallRun.Metrics(shared.Options.Folder!).Should().Equal(SmallRun.Metrics(alone.Options.Folder!));

        void Start(int i)
        {
            using var parts = new SmallRun.Parts(shared);
            together.SignalAndWait();
            try
            {
                ends[i] = parts.Trainer.Run().End.ToString();
            }
            catch (CheckpointException)
            {
                ends[i] = "refused";
            }
        }
    }

    [Fact]
    public void A_run_that_was_overtaken_since_it_resumed_is_refused()
    {
        var run = Run("run");
        using var cancel = new CancellationTokenSource();
        run.Train(cancellation: cancel.Token, watch: t => t.CheckpointSaved += (_, _) => cancel.Cancel());
        using var slow = new SmallRun.Parts(run);
        slow.Trainer.Resume().Should().BeTrue();
        run.Train(resume: true);
        slow.Trainer.Invoking(t => t.Run()).Should().Throw<CheckpointException>()
            .WithMessage("Another run has written to the folder*Resume again, or choose another folder.");
        slow.Trainer.Resume().Should().BeTrue();
        slow.Trainer.Run().End.Should().Be(TrainingEnd.Completed);
    }

    [Fact]
    public void A_trainer_that_failed_gives_its_folder_back()
    {
        var run = Run("run");
        run.Invoking(r => r.Train(watch: t => t.StepCompleted += (_, _) => throw new TimeoutException()))
            .Should().Throw<TimeoutException>();
        run.Train(resume: true).End.Should().Be(TrainingEnd.Completed);
    }

    private static CheckpointData Small(long step)
    {
        var checkpoint = new CheckpointData { Step = step };
        checkpoint.Tensors["model.weight"] = Tensor.Ones([2, 3]);
        return checkpoint;
    }

    private SmallRun Run(string name) => new()
    {
        Options = new TrainerOptions { Steps = 10, EvaluateEvery = 4, CheckpointEvery = 3, Folder = temporary.File(name) },
    };

    private CheckpointFolder Folder(int keep = 3) => new(temporary.File("run"), keep);
}
