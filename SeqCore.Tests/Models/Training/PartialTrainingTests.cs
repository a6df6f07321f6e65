using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>An optimizer over a part of a model, steps that fail, and optimizers that several trainers share.</summary>
public sealed class PartialTrainingTests
{
    [Fact]
    public void A_head_trains_alike_with_and_without_clipping_while_its_norm_is_below_the_bound()
    {
        var clipped = TrainHead(clipNorm: 1e3f, steps: 40, out var norms);
        var free = TrainHead(clipNorm: null, steps: 40, out _);
        clipped.Should().Equal(free);
        norms.Should().HaveCount(40).And.OnlyContain(n => n < 5, "gradients of what is not trained do not add up");
    }

    [Fact]
    public void Clipping_is_over_what_the_optimizer_changes_and_nothing_is_left_of_the_other_gradients()
    {
        using var parts = new Parts();
        double head = 0, logged = 0;
        var trainer = new Trainer(parts.Task, parts.OverHead(), new TrainerOptions
        {
            Steps = 1,
            ClipNorm = 1e-3f,
            AfterBackward = _ => head = Norm(parts.Model.Head),
        });
        trainer.StepCompleted += (_, step) => logged = step.GradientNorm!.Value;
        trainer.Run();
        logged.Should().BeApproximately(head, 1e-5 * head);
        parts.Model.Parameters().Should().OnlyContain(p => ReferenceEquals(p.Gradient, null));
    }

    [Fact]
    public void What_is_not_in_the_optimizer_or_frozen_stays_as_it_is()
    {
        using var parts = new Parts();
        parts.Model.Head.Bias!.RequiresGradient = false;
        var before = parts.Model.StateDictionary().ToDictionary(p => p.Key, p => p.Value.ToArray());
        new Trainer(parts.Task, parts.OverHead(), new TrainerOptions { Steps = 3 }).Run();
        var after = parts.Model.StateDictionary();
        after.Where(p => !p.Value.ToArray().AsSpan().SequenceEqual(before[p.Key])).Select(p => p.Key)
            .Should().Equal("head.weight");
    }

    [Fact]
    public void An_optimizer_of_other_parameters_is_refused()
    {
        using Parts parts = new(), others = new();
        FluentActions.Invoking(() => new Trainer(parts.Task, others.OverHead(), new TrainerOptions { Steps = 1 }))
            .Should().Throw<ArgumentException>()
            .WithMessage("Trainer: 2 of the optimizer's 2 parameters do not belong to the model*Hint: give*");
    }

    [Fact]
    public void An_optimizer_whose_parameters_are_all_frozen_is_refused()
    {
        using var parts = new Parts();
        parts.Model.Head.Freeze();
        new Trainer(parts.Task, parts.OverHead(), new TrainerOptions { Steps = 1 }).Invoking(t => t.Run())
            .Should().Throw<InvalidOperationException>().WithMessage("*every parameter of the optimizer is frozen*Unfreeze.");
    }

    [Fact]
    public void A_parameter_twice_in_a_group_or_in_two_is_refused()
    {
        using var head = new Linear(2, 3, new RandomGenerator(1));
        FluentActions.Invoking(() => new ParameterGroup([head.Weight, head.Bias!, head.Weight]))
            .Should().Throw<ArgumentException>().WithMessage("*a parameter is listed twice*");
        FluentActions.Invoking(() => new Sgd([new ParameterGroup([head.Weight]), new ParameterGroup(head.Parameters())], 1f))
            .Should().Throw<ArgumentException>().WithMessage("*a parameter is listed twice*");
    }

    [Fact]
    public void Frozen_gradients_take_nothing_from_the_others()
    {
        var (frozen, free) = (new Parameter(Tensor.Ones([2])), new Parameter(Tensor.Ones([2])));
        Optimizers.Gradients.Set(frozen, [300f, 400f]);
        Optimizers.Gradients.Set(free, [3f, 4f]);
        frozen.RequiresGradient = false;
        GradientClip.ByGlobalNorm([frozen, free], 10f).Norm.Should().Be(5);
    }

    [Theory]
    [InlineData(float.NaN, null)]
    [InlineData(float.PositiveInfinity, null)]
    [InlineData(float.NaN, 1f)]
    public void A_gradient_that_is_not_finite_changes_no_weight_though_the_loss_is_finite(float value, float? clipNorm)
    {
        using var parts = new Parts();
        using var optimizer = new Adam(parts.Model.Parameters());
        float[]? before = null;
        var trainer = new Trainer(parts.Task, optimizer, new TrainerOptions
        {
            Steps = 5,
            ClipNorm = clipNorm,
            AfterBackward = ready =>
            {
                if (ready.Step != 3)
                    return;
                before = [.. ready.Parameters.SelectMany(p => p.Value.ToArray())];
                ready.Parameters[^1].Gradient!.MultiplyInPlace(value);
            },
        });
        trainer.Invoking(t => t.Run()).Should().Throw<TrainingDivergedException>()
            .WithMessage("Training diverged: the gradient's norm of step 3 is*").Which.Step.Should().Be(3);
        parts.Model.Parameters().SelectMany(p => p.Value.ToArray()).Should().Equal(before);
    }

    [Fact]
    public void A_second_run_with_the_same_optimizer_starts_from_its_learning_rate_again()
    {
        using var parts = new Parts();
        using var optimizer = parts.OverHead();
        var rates = new List<double>();
        for (var run = 0; run < 2; run++)
        {
            var trainer = new Trainer(parts.Task, optimizer, new TrainerOptions { Steps = 3 }, new StepDecaySchedule(1, 0.5));
            trainer.StepCompleted += (_, step) => rates.Add(step.LearningRate);
            trainer.Run();
            optimizer.LearningRate.Should().Be(0.5f);
        }

        rates.Should().Equal(0.5, 0.25, 0.125, 0.5, 0.25, 0.125);
    }

    [Fact]
    public void An_optimizer_serves_one_trainer_at_a_time()
    {
        using var parts = new Parts();
        using var optimizer = parts.OverHead();
        var (first, second) = (New(), New());
        first.StepCompleted += (_, _) => second.Invoking(t => t.Run()).Should().Throw<InvalidOperationException>()
            .WithMessage("Trainer.Run: another trainer that runs is using this optimizer.*");
        first.Run();
        second.Run().End.Should().Be(TrainingEnd.Completed);

        Trainer New() => new(parts.Task, optimizer, new TrainerOptions { Steps = 2 });
    }

    private static double Norm(Module module) =>
        Math.Sqrt(module.Parameters().Sum(p => p.Gradient!.ToArray().Sum(g => (double)g * g)));

    private static float[] TrainHead(float? clipNorm, long steps, out List<double> norms)
    {
        using var parts = new Parts();
        var seen = new List<double>();
        var trainer = new Trainer(parts.Task, parts.OverHead(), new TrainerOptions { Steps = steps, ClipNorm = clipNorm });
        trainer.StepCompleted += (_, step) => seen.Add(step.GradientNorm ?? 0);
        trainer.Run();
        norms = seen;
        return [.. parts.Model.Head.Parameters().SelectMany(p => p.Value.ToArray())];
    }

    private sealed class Parts : IDisposable
    {
        private readonly SmallRun.Parts all = new(new SmallRun { Options = new TrainerOptions { Steps = 1 } });

        internal RecurrentLanguageModel Model => all.Model;

        internal LanguageModelTask Task => all.Task;

        internal Sgd OverHead() => new(Model.Head.Parameters(), 0.5f);

        public void Dispose() => all.Dispose();
    }
}
