using FsCheck;
using FsCheck.Fluent;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>A run that was stopped, whatever the moment and the manner, ends with the same bits as one that never was.</summary>
public sealed class ResumptionTests : IDisposable
{
    private const int Steps = 40;
    private readonly TemporaryFolder temporary = new();
    private int runs;

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData(RecurrentKind.Lstm, false, 0f, 1)]
    [InlineData(RecurrentKind.Lstm, true, 0.3f, 1)]
    [InlineData(RecurrentKind.Gru, true, 0f, 2)]
    [InlineData(RecurrentKind.Rnn, false, 0.2f, 2)]
    public void Crashes_and_cancellations_at_any_step_do_not_show(RecurrentKind kind, bool streams,
        float dropout, int accumulation)
    {
        var run = Run(kind, streams, dropout, accumulation);
        run.Train();
        var expected = (SmallRun.Hash(run.Options.Folder!), SmallRun.Metrics(run.Options.Folder!));
        Prop.ForAll(Stops.ToArbitrary(), stops =>
        {
            var again = run with { Options = run.Options with { Folder = NewFolder() } };
            var resume = false;
            foreach (var (step, crash) in stops)
            {
                StopAt(again, step, crash, resume);
                resume = true;
            }

            again.Train(resume);
            SmallRun.Hash(again.Options.Folder!).Should().Be(expected.Item1, "it was stopped at {0}", string.Join(", ", stops));
            SmallRun.Metrics(again.Options.Folder!).Should().Equal(expected.Item2);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(4));
    }

    [Theory]
    [InlineData("evaluated")]
    [InlineData("checkpoint")]
    [InlineData("best")]
    public void A_crash_right_after_an_evaluation_or_a_checkpoint_does_not_show(string moment)
    {
        var run = Run(RecurrentKind.Lstm, true, 0.1f, 1);
        run.Train();
        var expected = SmallRun.Hash(run.Options.Folder!);
        for (var at = 10; at < Steps; at += 10)
        {
            var again = run with { Options = run.Options with { Folder = NewFolder() } };
            FluentActions.Invoking(() => again.Train(watch: trainer =>
            {
                trainer.Evaluated += (_, e) => Crash(moment == "evaluated" && e.Step >= at);
                trainer.CheckpointSaved += (_, e) => Crash((moment == "best") == e.IsBest
                    && moment != "evaluated" && e.Step >= at);
            })).Should().Throw<SimulatedCrash>();
            again.Train(resume: true);
            SmallRun.Hash(again.Options.Folder!).Should().Be(expected);
        }
    }

    [Fact]
    public void A_damaged_checkpoint_is_named_and_the_one_before_it_leads_to_the_same_end()
    {
        var run = Run(RecurrentKind.Gru, true, 0.1f, 1);
        run.Train();
        var expected = SmallRun.Hash(run.Options.Folder!);
        for (var damaged = 1; damaged <= 3; damaged++)
        {
            var again = run with { Options = run.Options with { Folder = NewFolder() } };
            StopAt(again, 33, crash: true, resume: false);
            var paths = new CheckpointFolder(again.Options.Folder!).Checkpoints();
            foreach (var path in paths.Take(damaged))
                File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
            var skipped = new List<string>();
            again.Train(resume: true, trainer => trainer.CheckpointSkipped += (_, e) => skipped.Add(e.Path));
            skipped.Should().Equal(paths.Take(damaged));
            SmallRun.Hash(again.Options.Folder!).Should().Be(expected);
        }
    }

    [Fact]
    public void A_cancelled_evaluation_is_made_again()
    {
        var run = Run(RecurrentKind.Lstm, true, 0f, 1);
        run.Train();
        var expected = (SmallRun.Hash(run.Options.Folder!), SmallRun.Metrics(run.Options.Folder!));
        var again = run with { Options = run.Options with { Folder = NewFolder() } };
        using var cancel = new CancellationTokenSource();
        again.Train(cancellation: cancel.Token, watch: trainer => trainer.StepCompleted += (_, e) =>
        {
            if (e.Step == 8)
                cancel.Cancel();
        }).Should().Be(new TrainingResult(TrainingEnd.Cancelled, 8, null, null));
        again.Train(resume: true);
        (SmallRun.Hash(again.Options.Folder!), SmallRun.Metrics(again.Options.Folder!)).Should().BeEquivalentTo(expected);
    }

    [Fact]
    public void Resuming_a_finished_run_does_nothing_and_reports_the_same()
    {
        var run = Run(RecurrentKind.Lstm, false, 0f, 1);
        var first = run.Train();
        var hash = SmallRun.Hash(run.Options.Folder!);
        run.Train(resume: true).Should().Be(first);
        SmallRun.Hash(run.Options.Folder!).Should().Be(hash);
    }

    [Fact]
    public void Another_configuration_or_model_is_refused_with_what_differs()
    {
        var run = Run(RecurrentKind.Lstm, false, 0f, 1);
        run.Train();
        FluentActions.Invoking(() => (run with
        {
            Options = run.Options with { Configuration = new Dictionary<string, string> { ["hidden"] = "13" } },
        }).Train(resume: true))
            .Should().Throw<CheckpointException>().WithMessage("*belongs to another run: hidden is 12 there and 13 here.*");
        FluentActions.Invoking(() => (run with { Hidden = 13 }).Train(resume: true))
            .Should().Throw<CheckpointException>().WithMessage("*belongs to another run: hidden_size is 12 there and 13 here.*");
    }

    [Fact]
    public void A_new_run_does_not_mix_with_the_checkpoints_of_another()
    {
        var run = Run(RecurrentKind.Lstm, false, 0f, 1);
        run.Train();
        FluentActions.Invoking(() => run.Train()).Should().Throw<CheckpointException>()
            .WithMessage("*holds the checkpoints of another run, the newest checkpoint-000000040.safetensors.*");
    }

    /// <summary>One to three stops: the step, and whether it was a crash (nothing saved) or a cancellation.</summary>
    private static Gen<(int Step, bool Crash)[]> Stops =>
        from count in Gen.Choose(1, 3)
        from steps in Gen.Choose(1, Steps - 1).ArrayOf(count)
        from crashes in Gen.Elements(true, false).ArrayOf(count)
        select steps.Order().Zip(crashes).ToArray();

    private static void StopAt(SmallRun run, int step, bool crash, bool resume)
    {
        using var cancel = new CancellationTokenSource();
        try
        {
            run.Train(resume, cancellation: cancel.Token, watch: trainer => trainer.StepCompleted += (_, e) =>
            {
                if (e.Step < step)
                    return;
                Crash(crash);
                cancel.Cancel();
            });
        }
        catch (SimulatedCrash)
        {
            // The trainer is abandoned as it is; only what is on the disk is resumed.
        }
    }

    private static void Crash(bool now)
    {
        if (now)
            throw new SimulatedCrash();
    }

    private string NewFolder() => temporary.File($"run{++runs}");

    private SmallRun Run(RecurrentKind kind, bool streams, float dropout, int accumulation) => new()
    {
        Kind = kind,
        Streams = streams,
        Dropout = dropout,
        Schedule = () => new WarmUpSchedule(5, new PlateauSchedule(patience: 0, threshold: 0.05)),
        Options = new TrainerOptions
        {
            Steps = Steps,
            Accumulation = accumulation,
            EvaluateEvery = 8,
            CheckpointEvery = 5,
            Folder = NewFolder(),
            Configuration = new Dictionary<string, string> { ["hidden"] = "12" },
        },
    };

    private sealed class SimulatedCrash : Exception;
}
