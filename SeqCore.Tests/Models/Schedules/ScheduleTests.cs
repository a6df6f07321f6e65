using SeqCore.Models;

namespace SeqCore.Tests.Models.Schedules;

/// <summary>The expected factors are PyTorch's, as Goldens/schedules.py prints them.</summary>
public class ScheduleTests
{
    [Fact]
    public void Constant_is_one_for_ever() => Factors(new ConstantSchedule(), 3).Should().Equal(1, 1, 1);

    [Fact]
    public void Step_decay_is_that_of_PyTorch() =>
        ShouldBe(new StepDecaySchedule(3, 0.5), [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]);

    [Fact]
    public void Cosine_is_that_of_PyTorch() =>
        ShouldBe(new CosineSchedule(6, 0.1), [1.0, 0.939711432, 0.775, 0.55, 0.325, 0.160288568, 0.1]);

    [Fact]
    public void Further_schedules_are_those_of_PyTorch()
    {
        ShouldBe(new MultiStepSchedule([2, 5], 0.5), [1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]);
        ShouldBe(new ExponentialSchedule(0.9), [1.0, 0.9, 0.81, 0.729, 0.6561]);
        ShouldBe(new PolynomialSchedule(4, 2), [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]);
        ShouldBe(new CosineRestartsSchedule(3, 2, 0.1),
            [1.0, 0.775, 0.325, 1.0, 0.939711432, 0.775, 0.55, 0.325, 0.160288568, 1.0, 0.984666622, 0.939711432]);
        ShouldBe(new OneCycleSchedule(10),
            [0.04, 0.52, 1.0, 0.950484632, 0.811745654, 0.611262022, 0.388741978, 0.188258346, 0.049519368, 4e-06]);
        ShouldBe(new OneCycleSchedule(8, 0.5, 10, 100, linear: true), [0.1, 0.4, 0.7, 1.0, 0.75025, 0.5005, 0.25075, 0.001]);
    }

    [Fact]
    public void Further_schedules_have_a_factor_at_every_step()
    {
        LearningRateSchedule[] schedules =
        [
            new MultiStepSchedule([]), new ExponentialSchedule(0.9), new PolynomialSchedule(1), new CosineRestartsSchedule(1),
            new CosineRestartsSchedule(2, 3), new OneCycleSchedule(1), new OneCycleSchedule(5, 0), new OneCycleSchedule(5, 1),
            new OneCycleSchedule(10, 0.1), new InverseSquareRootSchedule(1), new WarmUpSchedule(3),
        ];
        foreach (var schedule in schedules)
        {
            foreach (var step in (long[])[0, 1, 2, 3, 4, 5, 9, 10, 1000, 1L << 40, long.MaxValue])
                schedule.Factor(step).Should().BeInRange(0, 1, $"{schedule.GetType().Name} at {step}");
        }
    }

    [Fact]
    public void Inverse_square_root_after_a_warm_up_is_that_of_the_whole()
    {
        var schedule = new WarmUpSchedule(100, new InverseSquareRootSchedule(100));
        schedule.Factor(100).Should().Be(1);
        schedule.Factor(400).Should().BeApproximately(0.5, 1e-12);
        schedule.Factor(0).Should().BeApproximately(1.0 / 101, 1e-12);
    }

    [Fact]
    public void Cosine_stays_at_its_end() => new CosineSchedule(6, 0.1).Factor(1000).Should().BeApproximately(0.1, 1e-12);

    [Fact]
    public void Linear_is_that_of_PyTorch() =>
        ShouldBe(new LinearSchedule(4, 0.25, 1), [0.25, 0.4375, 0.625, 0.8125, 1.0, 1.0]);

    [Fact]
    public void Warm_up_then_cosine_is_that_of_PyTorch() =>
        ShouldBe(new WarmUpSchedule(4, new CosineSchedule(4), 0.2),
            [0.2, 0.4, 0.6, 0.8, 1.0, 0.853553391, 0.5, 0.146446609, 0.0]);

    [Fact]
    public void Warm_up_then_cosine_to_a_tenth_is_nanoGPT_s_rate()
    {
        const double Rate = 1e-3, Low = 1e-4;
        const int WarmUp = 100, Steps = 2000;
        var schedule = new WarmUpSchedule(WarmUp, new CosineSchedule(Steps - WarmUp, Low / Rate));
        for (var it = 0; it < Steps; it++)
        {
            var expected = it < WarmUp
                ? Rate * (it + 1) / (WarmUp + 1)
                : Low + (0.5 * (Rate - Low) * (1 + Math.Cos(Math.PI * (it - WarmUp) / (Steps - WarmUp))));
            (Rate * schedule.Factor(it)).Should().BeApproximately(expected, 1e-15, $"iteration {it}");
        }
    }

    [Fact]
    public void Noam_rises_to_its_peak_and_falls_with_the_root_as_in_PyTorch() =>
        ShouldBe(new NoamSchedule(16, 4, 2), [0.0625, 0.125, 0.1875, 0.25, 0.223606798, 0.204124145, 0.188982237, 0.176776695]);

    [Theory]
    [InlineData(0, 1.746928107421711e-07)]
    [InlineData(3999, 0.0006987712429686843)]
    [InlineData(99999, 0.00013975424859373687)]
    public void Noam_is_the_rate_of_the_paper_s_base_model(long step, double rate) =>
        new NoamSchedule(512, 4000).Factor(step).Should().BeApproximately(rate, 1e-9 * rate);

    [Fact]
    public void Warm_up_of_no_steps_is_what_follows() =>
        new WarmUpSchedule(0, new StepDecaySchedule(2)).Factor(2).Should().BeApproximately(0.1, 1e-12);

    [Fact]
    public void Plateau_is_that_of_PyTorch()
    {
        var schedule = new PlateauSchedule(0.5, patience: 1, cooldown: 1, minimum: 0.2);
        double[] metrics = [1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8];
        double[] expected = [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2];
        for (var i = 0; i < metrics.Length; i++)
        {
            schedule.Factor(i).Should().BeApproximately(expected[i], 1e-8, $"step {i}");
            schedule.Observe(metrics[i]);
        }
    }

    [Fact]
    public void Plateau_of_a_metric_to_maximize_is_that_of_PyTorch()
    {
        var schedule = new PlateauSchedule(0.5, patience: 1, threshold: 0.1) { Goal = EvaluationGoal.Maximize };
        double[] metrics = [0.5, 0.54, 0.56, 0.6, 0.61, 0.3, 0.7, 0.7, 0.7];
        double[] expected = [1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25];
        for (var i = 0; i < metrics.Length; i++)
        {
            schedule.Factor(i).Should().Be(expected[i], $"step {i}");
            schedule.Observe(metrics[i]);
        }

        schedule.Factor(metrics.Length).Should().Be(expected[^1]);
    }

    [Theory]
    [InlineData(EvaluationGoal.Maximize)]
    [InlineData(EvaluationGoal.Minimize)]
    public void Plateau_of_a_negative_metric_counts_only_what_is_better(EvaluationGoal goal)
    {
        var sign = goal == EvaluationGoal.Maximize ? 1 : -1;
        foreach (var change in new[] { -5, 0, 5, 9, 11, 30 })
        {
            var schedule = NewSchedule();
            schedule.Observe(-100);
            schedule.Observe(-100 + (sign * change));
            schedule.Factor(2).Should().Be(change > 10 ? 1 : 0.5, $"the change was {change}, and 10 % are needed");
        }

        var falling = NewSchedule();
        foreach (var worse in Enumerable.Range(0, 3))
            falling.Observe(-100 - (sign * worse));
        falling.Factor(3).Should().Be(0.25, "two of the three metrics are worse than the first");

        PlateauSchedule NewSchedule() => new(0.5, patience: 0, threshold: 0.1) { Goal = goal };
    }

    [Fact]
    public void Plateau_with_a_threshold_of_1_counts_the_first_metric()
    {
        foreach (var goal in Enum.GetValues<EvaluationGoal>())
        {
            var schedule = new PlateauSchedule(0.5, patience: 0, threshold: 1) { Goal = goal };
            schedule.Observe(3);
            schedule.Factor(1).Should().Be(1, goal.ToString());
        }
    }

    [Fact]
    public void Plateau_continues_from_its_state_as_if_never_stopped()
    {
        LearningRateSchedule whole = Make(), first = Make(), second = Make();
        for (var i = 0; i < 20; i++)
        {
            var metric = 1.0 / (1 + (i / 6));
            whole.Observe(metric);
            if (i == 9)
                second.LoadStateDictionary(first.StateDictionary());
            (i < 9 ? first : second).Observe(metric);
            if (i >= 9)
                second.Factor(i).Should().Be(whole.Factor(i));
        }

        whole.Factor(20).Should().BeLessThan(1);

        static LearningRateSchedule Make() => new WarmUpSchedule(2, new PlateauSchedule(0.5, patience: 2, cooldown: 1));
    }

    [Fact]
    public void State_of_another_schedule_is_refused_by_name() =>
        new PlateauSchedule().Invoking(s => s.LoadStateDictionary(new Dictionary<string, double> { ["other"] = 1 }))
            .Should().Throw<StateDictionaryException>().WithMessage("*missing: factor, best, bad, cooling; unexpected: other*");

    [Theory]
    [InlineData("factor", double.NaN)]
    [InlineData("factor", -1)]
    [InlineData("best", double.NaN)]
    [InlineData("bad", double.NaN)]
    [InlineData("cooling", 0.5)]
    public void State_that_cannot_be_is_refused_and_changes_nothing(string name, double value)
    {
        var schedule = new PlateauSchedule();
        var before = schedule.StateDictionary();
        schedule.Invoking(s => s.LoadStateDictionary(new Dictionary<string, double>(before) { [name] = value }))
            .Should().Throw<StateDictionaryException>().WithMessage($"PlateauSchedule: *{name} cannot be *");
        schedule.StateDictionary().Should().Equal(before);
    }

    [Fact]
    public void Arguments_out_of_range_are_named()
    {
        ((Action)(() => _ = new StepDecaySchedule(0))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("every");
        ((Action)(() => _ = new CosineSchedule(0))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("steps");
        ((Action)(() => _ = new CosineSchedule(1, 1.5)))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("minimum");
        ((Action)(() => _ = new LinearSchedule(-1))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("steps");
        ((Action)(() => _ = new WarmUpSchedule(-1))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("steps");
        ((Action)(() => _ = new NoamSchedule(0))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("modelSize");
        ((Action)(() => _ = new NoamSchedule(1, 0))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("warmUp");
        ((Action)(() => _ = new NoamSchedule(1, 1, 0))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("scale");
        ((Action)(() => _ = new MultiStepSchedule([-1]))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new MultiStepSchedule([2, 1]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new OneCycleSchedule(10, 1.5))).Should().Throw<ArgumentOutOfRangeException>()
            .WithParameterName("rise");
        ((Action)(() => _ = new PolynomialSchedule(0))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("steps");
        ((Action)(() => _ = new WarmUpSchedule(2, start: 2))).Should().Throw<ArgumentOutOfRangeException>()
            .WithParameterName("start");
        ((Action)(() => _ = new PlateauSchedule(1))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("decay");
    }

    public static TheoryData<LearningRateSchedule> All() =>
    [
        new ConstantSchedule(), new CosineRestartsSchedule(3), new CosineRestartsSchedule(3, 2), new CosineSchedule(3),
        new ExponentialSchedule(0.5), new InverseSquareRootSchedule(3), new LinearSchedule(3), new MultiStepSchedule([1]),
        new NoamSchedule(8), new OneCycleSchedule(3), new PlateauSchedule(), new PolynomialSchedule(3),
        new StepDecaySchedule(3), new WarmUpSchedule(3), new WarmUpSchedule(0),
    ];

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void A_negative_step_is_refused(LearningRateSchedule schedule)
    {
        schedule.Factor(0);
        schedule.Invoking(s => s.Factor(-1)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage($"{schedule.GetType().Name}.Factor: step should be at least 0.*").WithParameterName("step");
    }

    [Fact]
    public void Every_schedule_of_the_library_is_asked_for_a_negative_step() =>
        All().Select(row => row.Data.GetType()).Distinct().Should().BeEquivalentTo(
            typeof(LearningRateSchedule).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(LearningRateSchedule))));

    private static double[] Factors(LearningRateSchedule schedule, int steps) =>
        [.. Enumerable.Range(0, steps).Select(i => schedule.Factor(i))];

    private static void ShouldBe(LearningRateSchedule schedule, double[] expected)
    {
        for (var i = 0; i < expected.Length; i++)
            schedule.Factor(i).Should().BeApproximately(expected[i], 1e-8, $"step {i}");
    }
}
