using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>
/// What a program brings to a training of its own: a task of delegates, a callback, a sink; and the best weights.
/// </summary>
public sealed class OpenTrainingTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_task_of_delegates_trains_and_resumes_bit_for_bit()
    {
        var whole = Run(new TrainerOptions { Steps = 12, Folder = temporary.File("whole"), CheckpointEvery = 5 }, resume: false);
        Run(new TrainerOptions { Steps = 7, Folder = temporary.File("parts"), CheckpointEvery = 5 }, resume: false);
        var resumed = Run(new TrainerOptions { Steps = 12, Folder = temporary.File("parts"), CheckpointEvery = 5 }, resume: true);
        resumed.Should().Equal(whole);
    }

    [Fact]
    public void The_callback_sees_every_gradient_before_clipping_and_may_change_it()
    {
        var norms = new List<double>();
        var steps = new List<long>();
        using var parts = new Classifier();
        var options = new TrainerOptions
        {
            Steps = 3,
            ClipNorm = 0.5f,
            AfterBackward = ready =>
            {
                steps.Add(ready.Step);
                foreach (var parameter in ready.Parameters)
                    parameter.Gradient!.MultiplyInPlace(100f);
                norms.Add(Math.Sqrt(ready.Parameters.Sum(p => p.Gradient!.ToArray().Sum(g => (double)g * g))));
            },
        };
        var trainer = new Trainer(parts.Task, parts.Optimizer, options);
        var logged = new List<double>();
        trainer.StepCompleted += (_, step) => logged.Add(step.GradientNorm!.Value);
        trainer.Run();
        steps.Should().Equal(1, 2, 3);
        logged.Should().HaveCount(3);
        for (var i = 0; i < 3; i++)
            logged[i].Should().BeApproximately(norms[i], 1e-4 * norms[i]);
    }

    [Fact]
    public void A_loss_that_is_not_one_number_is_refused_with_its_shape()
    {
        using var layer = new Linear(2, 3, new RandomGenerator(1));
        using var batches = new LabelledBatches([new LabelledSequence([0], 1)], 1, seed: 1);
        using var task = TrainingTask.Of(layer, batches, _ => layer.Weight.Square(), _ => 0);
        using var optimizer = new Sgd(layer.Parameters());
        new Trainer(task, optimizer, new TrainerOptions { Steps = 1 }).Invoking(t => t.Run())
            .Should().Throw<InvalidOperationException>().WithMessage("Trainer.Run: the loss of a batch should be one number; the"
                + " task returned one of shape (3, 2). Reduce it with Mean() or Sum().");
    }

    [Fact]
    public void A_callback_that_throws_ends_a_step_that_has_changed_nothing_and_whose_batch_is_drawn()
    {
        using var parts = new Classifier();
        var before = parts.Model.Parameters().First().Value.ToArray();
        var fails = true;
        var trainer = new Trainer(parts.Task, parts.Optimizer, new TrainerOptions
        {
            Steps = 2,
            AfterBackward = _ =>
            {
                if (fails)
                    throw new InvalidDataException("no network");
            },
        });
        trainer.Invoking(t => t.Run()).Should().Throw<InvalidDataException>();
        trainer.Step.Should().Be(0);
        parts.Model.Parameters().First().Value.ToArray().Should().Equal(before);
        Position().Should().Be(1);
        fails = false;
        trainer.Run().Step.Should().Be(2);
        Position().Should().Be(3);

        ulong Position()
        {
            using var checkpoint = new CheckpointData();
            parts.Task.Save(checkpoint);
            return checkpoint.GetUInt64("data.position");
        }
    }

    [Fact]
    public void A_model_that_is_frozen_whole_is_refused()
    {
        using var parts = new Classifier();
        parts.Model.Freeze();
        new Trainer(parts.Task, parts.Optimizer, new TrainerOptions { Steps = 1 }).Invoking(t => t.Run())
            .Should().Throw<InvalidOperationException>().WithMessage("*every parameter of the model is frozen*Unfreeze.");
    }

    [Fact]
    public void A_sink_gets_what_the_file_gets()
    {
        var sink = new Recorder();
        using var parts = new Classifier();
        new Trainer(parts.Task, parts.Optimizer,
            new TrainerOptions { Steps = 4, EvaluateEvery = 2, LogLayersEvery = 2, Sinks = [sink] }).Run();
        sink.Lines.Should().Equal("begin 0", "step 1", "step 2", "layers 2", "evaluated 2", "step 3", "step 4", "layers 4",
            "evaluated 4", "flush");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_early_stopping_the_model_has_its_best_weights(bool hasFolder)
    {
        double[] losses = [3, 1, 2, 2.5];
        var evaluation = 0;
        var weights = new List<float[]>();
        using var parts = new Classifier(evaluate: (model, _) =>
        {
            weights.Add(model.Parameters().First().Value.ToArray());
            return losses[evaluation++];
        });
        var options = new TrainerOptions
        {
            Steps = 100,
            EvaluateEvery = 1,
            Patience = 2,
            Goal = EvaluationGoal.Minimize,
            Folder = hasFolder ? temporary.File("run") : null,
        };
        var result = new Trainer(parts.Task, parts.Optimizer, options).Run();
        result.End.Should().Be(TrainingEnd.StoppedEarly);
        parts.Model.Parameters().First().Value.ToArray().Should().Equal(weights[1]).And.NotEqual(weights[3]);
        if (!hasFolder)
            return;
        using var newest = new CheckpointFolder(temporary.File("run")).ReadNewest();
        newest!.Part("model").Values.First().ToArray()
            .Should().Equal(weights[3], "the newest is what a resumption continues from");
    }

    [Fact]
    public void An_evaluation_that_returns_NaN_is_an_error_that_names_the_step()
    {
        var evaluation = 0;
        using var parts = new Classifier(evaluate: (_, _) => ++evaluation < 3 ? double.PositiveInfinity : double.NaN);
        var options = new TrainerOptions
        {
            Steps = 10,
            EvaluateEvery = 2,
            Patience = 3,
            Goal = EvaluationGoal.Minimize,
            Folder = temporary.File("run"),
        };
        new Trainer(parts.Task, parts.Optimizer, options).Invoking(t => t.Run()).Should().Throw<InvalidOperationException>()
            .WithMessage("Trainer.Run: the evaluation after step 6 returned NaN*Hint: look for a mean over no example, such as an"
                + " empty validation set*");
        new CheckpointFolder(temporary.File("run")).ReadNewest()!.Step.Should().Be(6, "the steps before it are saved");
    }

    [Fact]
    public void A_completed_run_keeps_its_last_weights_unless_asked_for_the_best()
    {
        foreach (var restore in new[] { false, true })
        {
            double[] losses = [1, 3];
            var evaluation = 0;
            var weights = new List<float[]>();
            using var parts = new Classifier(evaluate: (model, _) =>
            {
                weights.Add(model.Parameters().First().Value.ToArray());
                return losses[evaluation++];
            });
            var options = new TrainerOptions
            {
                Steps = 2,
                EvaluateEvery = 1,
                RestoreBest = restore,
                Goal = EvaluationGoal.Minimize,
            };
            new Trainer(parts.Task, parts.Optimizer, options).Run();
            parts.Model.Parameters().First().Value.ToArray().Should().Equal(weights[restore ? 0 : 1]);
        }
    }

    [Fact]
    public void A_folder_loads_as_its_best_model_and_a_resumption_by_another_model_is_refused()
    {
        var run = new SmallRun { Options = new TrainerOptions { Steps = 6, EvaluateEvery = 2, Folder = temporary.File("run") } };
        run.Train();
        using (var best = CheckpointFolder.Read(new CheckpointFolder(temporary.File("run")).BestPath))
        using (var loaded = LanguageModel.Load(temporary.File("run")))
        {
            foreach (var (name, value) in loaded.StateDictionary())
                value.ToArray().Should().Equal(best.Part("model")[name].ToArray(), name);
        }

        var wider = run with { Hidden = 16, Kind = RecurrentKind.Gru };
        wider.Invoking(w => w.Train(resume: true)).Should().Throw<CheckpointException>()
            .WithMessage("*belongs to another run: hidden_size is 12 there and 16 here; kind is Lstm there and Gru here. Hint:*");
    }

    [Fact]
    public void A_callback_that_failed_once_changes_nothing_of_a_resumption()
    {
        var whole = Run(new TrainerOptions { Steps = 8, Folder = temporary.File("calm"), CheckpointEvery = 3 }, resume: false);
        var fails = true;
        using var parts = new Classifier();
        var trainer = new Trainer(parts.Task, parts.Optimizer, new TrainerOptions
        {
            Steps = 8,
            Goal = EvaluationGoal.Minimize,
            Folder = temporary.File("failing"),
            CheckpointEvery = 3,
            AfterBackward = ready =>
            {
                if (ready.Step == 5 && fails)
                    throw new TimeoutException();
            },
        });
        trainer.Invoking(t => t.Run()).Should().Throw<TimeoutException>();
        fails = false;
        trainer.Resume().Should().BeTrue();
        trainer.Run();
        parts.Model.Parameters().SelectMany(p => p.Value.ToArray()).Should().Equal(whole);
    }

    [Fact]
    public void The_best_weights_outlive_a_run_that_was_cancelled()
    {
        double[] losses = [3, 1, 5];
        var evaluation = 0;
        var weights = new List<float[]>();
        using var cancel = new CancellationTokenSource();
        using var parts = new Classifier(evaluate: (model, _) =>
        {
            weights.Add(model.Parameters().First().Value.ToArray());
            return losses[evaluation++];
        });
        var trainer = new Trainer(parts.Task, parts.Optimizer,
            new TrainerOptions { Steps = 3, EvaluateEvery = 1, RestoreBest = true, Goal = EvaluationGoal.Minimize });
        trainer.StepCompleted += (_, step) =>
        {
            if (step.Step == 3)
                cancel.Cancel();
        };
        trainer.Evaluated += (_, e) =>
        {
            if (e.Step == 2)
                cancel.Cancel();
        };
        trainer.Run(cancel.Token).End.Should().Be(TrainingEnd.Cancelled);
        trainer.Run().BestValidationLoss.Should().Be(1);
        parts.Model.Parameters().First().Value.ToArray().Should().Equal(weights[1]);
    }

    [Fact]
    public void Settings_with_the_name_of_a_model_option_are_compared_too()
    {
        SmallRun With(string kind) => new()
        {
            Options = new TrainerOptions
            {
                Steps = 2,
                Folder = temporary.File("named"),
                Configuration = new Dictionary<string, string> { ["kind"] = kind },
            },
        };
        With("a").Train();
        With("b").Invoking(r => r.Train(resume: true))
            .Should().Throw<CheckpointException>().WithMessage("*kind is a there and b here.*");
    }

    private float[] Run(TrainerOptions options, bool resume)
    {
        using var parts = new Classifier();
        var trainer = new Trainer(parts.Task, parts.Optimizer, options with { Goal = EvaluationGoal.Minimize });
        if (resume)
            trainer.Resume().Should().BeTrue();
        trainer.Run();
        return [.. parts.Model.Parameters().SelectMany(p => p.Value.ToArray())];
    }

    private sealed class Recorder : MetricsSink
    {
        public List<string> Lines { get; } = [];

        public override void Begin(long step) => Lines.Add($"begin {step}");

        public override void Write(in StepCompleted step) => Lines.Add($"step {step.Step}");

        public override void Write(in LayersLogged layers) => Lines.Add($"layers {layers.Step}");

        public override void Write(in Evaluated evaluation) => Lines.Add($"evaluated {evaluation.Step}");

        public override void Flush() => Lines.Add("flush");
    }

    /// <summary>Distinguishes sequences that begin with an even token from the others.</summary>
    private sealed class Classifier : IDisposable
    {
        private readonly LabelledBatches batches;

        internal Classifier(Func<Module, CancellationToken, double>? evaluate = null)
        {
            var random = new RandomGenerator(1);
            var embedding = new Embedding(10, 6, random);
            var head = new Linear(6, 2, random);
            var dropout = new Dropout(0.2f, random);
            Model = new ModuleList<Module>([embedding, dropout, head]);
            batches = new LabelledBatches(
                [.. Enumerable.Range(0, 20).Select(i => new LabelledSequence([i % 10, (i * 3) % 10], i % 2))], 4, seed: 7);
            Task = TrainingTask.Of(Model, batches, batch => Loss(batch),
                cancellation => evaluate?.Invoke(Model, cancellation) ?? 0, random);
            Optimizer = new Adam(Model.Parameters(), 0.01f);

            Variable Loss(PaddedBatch batch) =>
                head.Forward(dropout.Forward(embedding.Forward(batch.Tokens).Mean(1))).CrossEntropy(batch.Labels!);
        }

        internal Module Model { get; }

        internal TrainingTask Task { get; }

        internal Optimizer Optimizer { get; }

        public void Dispose()
        {
            Task.Dispose();
            batches.Dispose();
            Optimizer.Dispose();
            Model.Dispose();
        }
    }
}
