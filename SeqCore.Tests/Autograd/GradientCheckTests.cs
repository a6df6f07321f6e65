namespace SeqCore.Tests.Autograd;

public class GradientCheckTests
{
    /// <summary>y = x^2 whose gradient is wrong by one part in two hundred at element 5.</summary>
    private sealed class NearlySquareFunction(Variable x) : Function(x)
    {
        protected override Tensor Forward() => x.Value * x.Value;

        protected override void Backward(Tensor dY)
        {
            var factors = Enumerable.Repeat(2f, x.Value.ElementCount).ToArray();
            factors[5] = 2.01f;
            AddGradient(x, dY * x.Value * Tensor.FromSpan(factors, x.Shape));
        }
    }

    /// <summary>x b, whose backward pass is wrong in one situation.</summary>
    private sealed class SometimesWrongFunction(Variable x, Variable b, Func<Variable, Variable, bool> isWrong,
        float factor = 1f) : Function(x, b)
    {
        protected override Tensor Forward() => x.Value * b.Value;

        protected override void Backward(Tensor dY)
        {
            AddGradient(b, dY * x.Value);
            if (!isWrong(x, b))
                AddGradient(x, dY * b.Value * factor);
        }
    }

    /// <summary>The sum of three inputs, wrong for one where the other two are constants.</summary>
    private sealed class LonelyFunction(int wrong, params Variable[] x) : Function(x)
    {
        protected override Tensor Forward() => Inputs[0].Value + Inputs[1].Value + Inputs[2].Value;

        protected override void Backward(Tensor dY)
        {
            var isAlone = Inputs.ToArray().Count(NeedsGradient) == 1;
            for (var i = 0; i < Inputs.Length; i++)
                AddGradient(Inputs[i], isAlone && i == wrong ? dY * 2f : dY);
        }
    }

    private static readonly Tensor Input = Samples.Uniform(3, 1, 2, 10);

    [Fact]
    public void A_right_gradient_passes_by_a_wide_margin()
    {
        var report = GradientCheck.Run(x => x[0] * x[0] * x[0], [Input]);
        report.Checked.Should().Be(10);
        report.Worst.Error.Should().BeLessThan(1e-4);
    }

    [Fact]
    public void A_wrong_gradient_is_reported_with_its_place_and_both_numbers()
    {
        var options = new GradientCheckOptions { AbsoluteTolerance = 1e-6 };
        var thrown = FluentActions.Invoking(() => GradientCheck.Run(x => x[1] + new NearlySquareFunction(x[0]).Apply(),
            [Input, Input], options))
            .Should().Throw<GradientCheckException>()
            .WithMessage("GradientCheck: the gradient of input 0 is wrong at element 5*").Which;
        (thrown.Difference.Analytic / thrown.Difference.Numeric).Should().BeApproximately(1.005, 1e-3);
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_is_wrong() =>
        FluentActions.Invoking(() => GradientCheck.Run(x => new SometimesWrongFunction(x[0], x[1], (_, _) => false, float.NaN)
            .Apply(), [Input, Input])).Should().Throw<GradientCheckException>()
            .WithMessage("GradientCheck: the gradient of input 0 is wrong at element 0: the backward pass gives NaN*");

    [Fact]
    public void A_missing_gradient_is_wrong() =>
        FluentActions.Invoking(() => GradientCheck.Run(x => x[0] * x[1].Detach(), [Input, Input]))
            .Should().Throw<GradientCheckException>().WithMessage("*no gradient arrived at input 1*AddGradient*");

    [Fact]
    public void Results_too_large_for_differences_are_not_blamed_on_the_backward_pass()
    {
        Func<Variable[], Variable> square = x => x[0].Square();
        FluentActions.Invoking(() => GradientCheck.Run(square, [Input * 20000f])).Should().Throw<GradientCheckException>()
            .WithMessage("*cannot be checked*so large that their rounding*magnitude of about 1*double precision.");
        FluentActions.Invoking(() => GradientCheck.Run(x => new NearlySquareFunction(x[0]).Apply(), [Input * 10f]))
            .Should().Throw<GradientCheckException>().WithMessage("*is wrong at*", "5e-3 of it is more than rounding");
    }

    [Fact]
    public void Inputs_are_as_they_were_afterwards()
    {
        var copy = Input.ToArray();
        GradientCheck.Run(x => x[0] * x[0], [Input]);
        Input.ToArray().Should().Equal(copy);
    }

    [Fact]
    public void Large_inputs_are_sampled() =>
        GradientCheck.Run(x => x[0] * 2f, [Samples.Of(1, 1000)], new GradientCheckOptions { MaxElements = 17 }).Checked
            .Should().Be(17);

    [Fact]
    public void A_definition_in_double_serves_as_the_oracle_of_result_and_gradient()
    {
        double[] Definition(double[][] x) => [.. x[0].Select(v => v * v * v)];
        GradientCheck.Run(x => x[0] * x[0] * x[0], Definition, [Input]).Worst.Error.Should().BeLessThan(1e-5);
        FluentActions.Invoking(() => GradientCheck.Run(x => x[0] * x[0] * x[0] * 1.01f, Definition, [Input]))
            .Should().Throw<GradientCheckException>()
            .WithMessage("GradientCheck: the forward pass is wrong at result 0, element 0*");
        FluentActions.Invoking(() => GradientCheck.Run(x => x[0] * x[0] * x[0].Detach(), Definition, [Input]))
            .Should().Throw<GradientCheckException>().WithMessage("GradientCheck: the gradient of input 0*");
    }

    public static TheoryData<string, Func<Variable, Variable, bool>> Situations => new()
    {
        { "where the inputs are results of other operations:", (x, _) => !x.IsLeaf },
        { "where the inputs have a gradient already and are used by other operations too:", (x, _) => x.Gradient is not null },
        { "where input 1 is a constant:", (_, b) => !b.RequiresGradient },
    };

    [Theory]
    [MemberData(nameof(Situations))]
    public void A_gradient_that_is_wrong_in_one_situation_is_found(string text, Func<Variable, Variable, bool> isWrong) =>
        FluentActions.Invoking(() => GradientCheck.Run(v => new SometimesWrongFunction(v[0], v[1], isWrong).Apply(),
            [Input, Samples.Of(1, 10)])).Should().Throw<GradientCheckException>()
            .WithMessage($"GradientCheck: the gradient of input 0 is wrong at element 0 {text} the backward pass gives 0, but*");

    [Fact]
    public void Other_situations_take_passes_but_no_differences()
    {
        var calls = 0;
        GradientCheck.Run(v =>
        {
            calls++;
            return v[0] * v[1] + v[2];
        }, [Input, Input, Input]);
        calls.Should().Be(1 + 6 * 30 + 3 + 3 + 3);
    }

    [Fact]
    public void A_function_may_have_inputs_that_it_does_not_use() =>
        GradientCheck.Run(v => v[0] * 2f, [Input, Input]).Checked.Should().Be(20);

    public static TheoryData<string, float, Func<Variable, Variable>> Corners => new()
    {
        { "a corner or a jump at input 0, element 1 [0, 1], which is 0: its slope is*", 0f, x => x.Relu() },
        { "not smooth near input 0, element 1 [0, 1], which is 1.02: *as the shorter steps do*Step to 0.00390625.", 1.02f,
            x => x.Clamp(-1f, 1f) },
        { "not smooth near*as the shorter steps do*", -0.05f, x => x.Relu() },
        { "NaN or infinity within 0.0938 of input 0, element 1 [0, 1], which is 0.02, so*", 0.02f, x => x.Log() },
        { "NaN or infinity at the inputs themselves. Hint*", -1f, x => x.Log() },
    };

    [Theory]
    [MemberData(nameof(Corners))]
    public void A_corner_or_the_end_of_the_domain_is_not_blamed_on_the_backward_pass(string text, float x,
        Func<Variable, Variable> function) =>
        FluentActions.Invoking(() => GradientCheck.Run(v => function(v[0]), [Tensor.FromArray(new[,] { { 3f, x, 2f } })]))
            .Should().Throw<GradientCheckException>().WithMessage($"GradientCheck: the function *{text}");

    [Fact]
    public void A_corner_is_found_with_a_definition_in_double_too() =>
        FluentActions.Invoking(() => GradientCheck.Run(v => v[0].Relu(), x => [.. x[0].Select(v => Math.Max(v, 0))],
            [Tensor.FromArray([0f, 1f])])).Should().Throw<GradientCheckException>()
            .WithMessage("GradientCheck: the function has a corner or a jump at input 0, element 0, which is 0: *");

    [Fact]
    public void A_wrong_gradient_of_a_function_that_bends_is_wrong() =>
        FluentActions.Invoking(() => GradientCheck.Run(v => (v[0] * 3f).Sin() + v[0].Detach().Exp(), [Input])).Should()
            .Throw<GradientCheckException>().WithMessage("GradientCheck: the gradient of input 0 is wrong at element 0: *");

    [Fact]
    public void A_function_with_random_numbers_is_not_blamed_on_the_backward_pass()
    {
        var random = new RandomGenerator(1);
        const string text = "GradientCheck: the function is not deterministic: two evaluations*Hint: switch dropout off*";
        FluentActions.Invoking(() => GradientCheck.Run(v => v[0].Dropout(0.5f, random), [Input])).Should()
            .Throw<GradientCheckException>().WithMessage(text);
        FluentActions.Invoking(() => GradientCheck.Run(v => v[0].Dropout(0.5f, random), x => x[0], [Input])).Should()
            .Throw<GradientCheckException>().WithMessage(text);
        GradientCheck.Run(v => v[0].Dropout(0.5f, new RandomGenerator(1)), [Input]).Checked.Should().Be(10);
    }

    [Fact]
    public void A_report_is_one_line_of_text()
    {
        GradientCheck.Run(v => v[0] + v[1], [Input, Input]).ToString().Should().MatchRegex(
            "^GradientCheck: 20 gradients compared, (all equal to|the largest relative difference is ).*$");
        new GradientReport(18, new GradientDifference(1, 3, 0.5, 0.5)).ToString().Should()
            .Be("GradientCheck: 18 gradients compared, all equal to those of differences");
        new GradientReport(18, new GradientDifference(1, 3, 0.5, 0.4)).ToString().Should().Be("GradientCheck: 18 gradients"
            + " compared, the largest relative difference is 2.0e-01, at input 1, element 3: 0.5, by differences 0.4");
        GradientCheck.Run(v => v[0], [Tensor.Zeros([0])]).ToString().Should()
            .Be("GradientCheck: no gradient compared, since the inputs have no elements");
    }

    [Fact]
    public void Without_any_difference_the_first_element_is_the_worst()
    {
        var worst = GradientCheck.Run(v => v[0] * 0f, [Input]).Worst;
        worst.Should().Be(new GradientDifference(0, 0, worst.Analytic, worst.Analytic));
        GradientCheck.Run(v => v[0] + 0f, x => x[0], [Tensor.FromArray([0f])]).Worst.Analytic.Should().NotBe(0);
    }

    public static TheoryData<string, float, Func<Variable, Variable>, double> Large => new()
    {
        { "step of 0.03125 is too short for input 0, element 0, which is 1e+06: * 0.0625 apart*Step to 1024.", 1e6f, x => x * 3f,
            1024 },
        { "step of 0.03125 is too short for input 0, element 0, which is 1e+06: *", 1e6f, x => x * x, 1024 },
        { "gradient of input 0 at element 0 cannot be checked: *rounding*Step*", 1e5f, x => x * x, 128 },
        { "gradient of input 0 at element 0 cannot be checked: *", 1e4f, x => x * x, 16 },
        { "gradient of input 0 at element 0 cannot be checked: *", 0.3f, x => x.Tanh() + 1e5f, 0 },
    };

    [Theory]
    [MemberData(nameof(Large))]
    public void Numbers_that_are_rounded_too_much_are_not_blamed_on_the_backward_pass(string text, float x,
        Func<Variable, Variable> function, double step)
    {
        FluentActions.Invoking(() => GradientCheck.Run(v => function(v[0]), [Tensor.FromArray([x])])).Should()
            .Throw<GradientCheckException>().WithMessage($"GradientCheck: the {text}");
        if (step > 0)
            GradientCheck.Run(v => function(v[0]), [Tensor.FromArray([x])], new() { Step = step }).Checked.Should().Be(1);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(300)]
    public void So_it_is_in_a_sum_of_many(int size)
    {
        FluentActions.Invoking(() => GradientCheck.Run(v => v[0].Square().Sum(), [Samples.Of(1, size, size) * 3f])).Should()
            .Throw<GradientCheckException>().WithMessage("*cannot be checked*Hint: choose fewer inputs*");
    }

    [Fact]
    public void So_it_is_in_a_sum_that_cancels()
    {
        var failures = new List<string>();
        for (var seed = 1; seed <= 8; seed++)
        {
            try
            {
                GradientCheck.Run(v => (v[0] - v[0].Mean()).Sum(), [Samples.Of(seed, 100, 100)]);
            }
            catch (GradientCheckException failure)
            {
                failures.Add(failure.Message);
            }
        }

        failures.Should().NotBeEmpty().And.OnlyContain(f => f.Contains("cannot be checked"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_gradient_that_is_wrong_where_no_other_input_needs_one_is_found(int input) =>
        FluentActions.Invoking(() => GradientCheck.Run(
            v => new LonelyFunction(input, v[0], v[1], v[2]).Apply(), [Input, Input, Input])).Should()
            .Throw<GradientCheckException>()
            .WithMessage($"*of input {input} is wrong at element 0 where all inputs but input {input} are constants*");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Options_without_meaning_are_refused(double value)
    {
        FluentActions.Invoking(() => new GradientCheckOptions { Step = value }).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("GradientCheckOptions: Step should be finite and above 0.*");
        FluentActions.Invoking(() => new GradientCheckOptions { MaxElements = value > 0 ? 0 : (int)value }).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("GradientCheckOptions: MaxElements should be at least 1.*");
        if (value == 0)
            return;
        FluentActions.Invoking(() => new GradientCheckOptions { RelativeTolerance = value }).Should()
            .Throw<ArgumentOutOfRangeException>()
            .WithMessage("GradientCheckOptions: RelativeTolerance should be finite and at least 0.*");
        FluentActions.Invoking(() => new GradientCheckOptions { AbsoluteTolerance = value }).Should()
            .Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Func<Variable[], Variable> twice = v => v[0] * 2f;
        FluentActions.Invoking(() => GradientCheck.Run(twice, [Input, null!])).Should().Throw<ArgumentException>()
            .WithMessage("GradientCheck: input 1 is null.*");
        FluentActions.Invoking(() => GradientCheck.Run(twice, x => x[0], [null!])).Should().Throw<ArgumentException>()
            .WithMessage("GradientCheck: input 0 is null.*");
        FluentActions.Invoking(() => GradientCheck.Run(_ => (Variable)null!, [Input])).Should()
            .Throw<InvalidOperationException>().WithMessage("GradientCheck: the function returned null instead of a result.");
        FluentActions.Invoking(() => GradientCheck.Run(twice, _ => (double[])null!, [Input])).Should()
            .Throw<InvalidOperationException>().WithMessage("GradientCheck: the definition returned null instead of a result.");
        FluentActions.Invoking(() => GradientCheck.Run(v => [twice(v), v[0]], x => [x[0]], [Input])).Should()
            .Throw<ArgumentException>().WithMessage("GradientCheck: the function gives 2 results, but its definition gives 1.");
    }
}
