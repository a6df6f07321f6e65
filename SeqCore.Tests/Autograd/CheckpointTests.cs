using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd;

public class CheckpointTests
{
    private readonly Tensor input = Samples.Of(1, 4, 3);
    private readonly Variable weight = new(Samples.Of(2, 3, 3), requiresGradient: true);

    private Variable Part(Variable x) => Variable.MatMul(x * x, weight) * 2f;

    private (float[] Loss, float[] Input, float[] Weight) Gradients(Func<Variable, Variable> part)
    {
        var x = new Variable(input, requiresGradient: true);
        weight.ZeroGradient();
        using var tape = new Tape();
        var y = part(x);
        var loss = (y * y).Sum();
        tape.Backward(loss);
        return (loss.Value.ToArray(), x.Gradient!.ToArray(), weight.Gradient!.ToArray());
    }

    [Fact]
    public void Gradients_of_inputs_and_captured_parameters_are_those_without_a_checkpoint() =>
        Gradients(x => Checkpoint.Run(Part, x)).Should().BeEquivalentTo(Gradients(Part), o => o.WithStrictOrdering());

    [Fact]
    public void Checkpoints_nest() =>
        Gradients(x => Checkpoint.Run(y => Checkpoint.Run(Part, y * 3f) + y, x)).Should()
            .BeEquivalentTo(Gradients(x => Part(x * 3f) + x), o => o.WithStrictOrdering());

    [Fact]
    public void A_second_run_that_draws_fewer_numbers_or_gives_other_shapes_is_refused()
    {
        var random = new RandomGenerator(1);
        var again = false;
        var x = new Variable(input, requiresGradient: true);
        using (var tape = new Tape())
        {
            var y = Checkpoint.Run(v => again ? v * 2f : v.Dropout(0.5f, random), x).Sum();
            again = true;
            tape.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>()
                .WithMessage("The second run of a piece of work drew different random numbers from the first.*order and mode.");
        }

        again = false;
        using (var tape = new Tape())
        {
            var y = Checkpoint.Run(v => again ? v.Slice(0, 0, 2) : v * 1f, x).Sum();
            again = true;
            tape.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>()
                .WithMessage("Checkpoint: the part returned results of shapes (2, 3) in its second run and of shapes (4, 3)"
                    + " in its*");
        }
    }

    [Fact]
    public void A_captured_result_of_the_outer_tape_gets_its_gradient()
    {
        float[] With(Func<Func<Variable, Variable>, Variable, Variable> run)
        {
            var x = new Variable(input, requiresGradient: true);
            using var tape = new Tape();
            var scale = x * 2f;
            tape.Backward(run(y => y * scale, x).Sum());
            return x.Gradient!.ToArray();
        }

        With((f, x) => Checkpoint.Run(f, x)).Should().Equal(With((f, x) => f(x)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_captured_result_that_the_part_returns_unchanged_gets_its_gradient(bool nested)
    {
        Variable[] Run(Func<Variable[], Variable[]> part, Variable x) =>
            nested ? Checkpoint.Run(v => Checkpoint.Run(part, v), [x]) : Checkpoint.Run(part, [x]);

        void Check(float expected, Func<Variable, Variable, Variable> loss)
        {
            var x = new Variable(input, requiresGradient: true);
            using var tape = new Tape();
            tape.Backward(loss(x, x * 3f).Sum());
            x.Gradient!.ToArray().Should().AllBeEquivalentTo(expected);
        }

        Check(3f, (x, h) => Run(_ => [h], x)[0]);
        Check(6f, (x, h) => Run(_ => [h], x)[0] + h);
        Check(9f, (x, h) => h * 2f + Run(_ => [h], x)[0]);
        Check(8f, (x, h) => Run(v => [v[0] * 5f, h], x) is [var a, var b] ? a + b : x);
        Check(6f, (x, h) => Run(_ => [h, h], x) is [var a, var b] ? a + b : x);
    }

    [Fact]
    public void A_part_that_returns_null_or_writes_to_its_input_is_refused()
    {
        var x = new Variable(Samples.Of(1, 2, 3), requiresGradient: true);
        using var tape = new Tape();
        const string isNull = "Checkpoint: the part of the model returned null instead of a variable.";
        FluentActions.Invoking(() => Checkpoint.Run(_ => null!, x)).Should().Throw<InvalidOperationException>()
            .WithMessage(isNull);
        FluentActions.Invoking(() => Checkpoint.Run(_ => null!, [x])).Should().Throw<InvalidOperationException>()
            .WithMessage(isNull);
        FluentActions.Invoking(() => Checkpoint.Run(v => [v[0], null!], [x])).Should().Throw<InvalidOperationException>()
            .WithMessage(isNull);
        FluentActions.Invoking(() => Checkpoint.Run(v =>
        {
            v[1].Value[1].AddInPlace(1f);
            return [v[0] * v[1]];
        }, [x * 2f, x])).Should().Throw<InvalidOperationException>()
            .WithMessage("Checkpoint: the part of the model wrote to its input 1, of shape (2, 3), or*Hint: write to a Copy().");
    }

    [Fact]
    public void Parameters_get_gradients_where_no_input_asks_for_one()
    {
        using var tape = new Tape();
        tape.Backward(Checkpoint.Run(Part, new Variable(input)).Sum());
        weight.Gradient.Should().NotBeNull();
    }

    [Fact]
    public void Several_inputs_and_results_pass_through()
    {
        Variable[] Two(Variable[] x) => [x[0] * x[1], x[0] + x[1], x[1] * 2f];
        GradientCheck.Run(x => Checkpoint.Run(Two, x), [Samples.Of(1, 5), Samples.Of(2, 5)]);
        GradientCheck.Run(x => Checkpoint.Run(Two, x)[1], [Samples.Of(1, 5), Samples.Of(2, 5)]);
    }

    [Fact]
    public void Dropout_repeats_in_the_second_run_and_the_generator_continues_where_it_was()
    {
        (float[], ulong) With(bool checkpoint)
        {
            var random = new RandomGenerator(7);
            var x = new Variable(Samples.Of(1, 100), requiresGradient: true);
            Variable Drop(Variable y) => (y * y).Dropout(0.5f, random);
            using var tape = new Tape();
            var y = checkpoint ? Checkpoint.Run(Drop, x) : Drop(x);
            tape.Backward(y.Sum());
            return (x.Gradient!.ToArray(), random.Counter);
        }

        With(true).Should().BeEquivalentTo(With(false), o => o.WithStrictOrdering());
    }

    [Fact]
    public void A_second_run_that_fails_leaves_the_generator_where_it_was()
    {
        var random = new RandomGenerator(1);
        var x = new Variable(Samples.Of(1, 8), requiresGradient: true);
        var runs = 0;
        using var tape = new Tape();
        var loss = Checkpoint.Run(v => ++runs == 1 ? v.Dropout(0.5f, random) : throw new InvalidDataException("second run"), x)
            .Sum();
        var counter = random.Counter;
        tape.Invoking(t => t.Backward(loss)).Should().Throw<InvalidDataException>();
        random.Counter.Should().Be(counter);
    }

    [Fact]
    public void Checkpoints_at_once_with_one_generator_repeat_the_masks_that_they_drew()
    {
        var random = new RandomGenerator(5);
        for (var round = 0; round < 10; round++)
        {
            Variable[] x = [.. Enumerable.Range(0, 8).Select(i => new Variable(Samples.Of(i + 1, 64), requiresGradient: true))];
            var y = new Variable[x.Length];
            using var tape = new Tape();
            Parallel.For(0, x.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => y[i] = Checkpoint.Run(
                v => v.Dropout(0.3f, random).Dropout(0.3f, random).Dropout(0.3f, random), x[i]));
            var before = random.Counter;
            var sum = y[0].Sum();
            for (var i = 1; i < y.Length; i++)
                sum += y[i].Sum();
            tape.Backward(sum);
            random.Counter.Should().Be(before, "the second run takes nothing from the generator");
            for (var i = 0; i < x.Length; i++)
            {
                // Where dropout scaled x by its gradient, the result has to agree.
                (x[i].Value * x[i].Gradient!).AllClose(y[i].Value).Should().BeTrue();
            }
        }
    }

    [Fact]
    public void A_second_run_that_draws_otherwise_is_refused()
    {
        var random = new RandomGenerator(1);
        var x = new Variable(Samples.Of(1, 8), requiresGradient: true);
        var runs = 0;
        using var tape = new Tape();
        var loss = Checkpoint.Run(v => ++runs == 1 ? v : v.Dropout(0.5f, random), x).Sum();
        tape.Invoking(t => t.Backward(loss)).Should().Throw<InvalidOperationException>()
            .WithMessage("The second run of a piece of work drew different random numbers from the first.*");
    }

    [Fact]
    public void An_input_or_a_constant_that_is_passed_on_stays_its_owners()
    {
        var constant = Samples.Of(3, 2);
        var x = new Variable(Samples.Of(4, 2), requiresGradient: true);
        using (var tape = new Tape())
        {
            var results = Checkpoint.Run(y => [y[0], constant], [x]);
            tape.Backward((results[0] * results[1]).Sum());
        }

        constant.IsDisposed.Should().BeFalse();
        x.Value.IsDisposed.Should().BeFalse();
        x.Gradient!.ToArray().Should().Equal(constant.ToArray());
    }

    [Fact]
    public void What_happens_inside_holds_no_memory_between_the_passes()
    {
        using var backend = new CpuBackend(1);
        using var input = Tensor.Full(new Shape(1 << 16), 0.5f, backend);
        long Held(Func<Func<Variable, Variable>, Variable, Variable> run)
        {
            var x = new Variable(input, requiresGradient: true);
            using var tape = new Tape();
            var before = backend.Memory.InUse;
            run(y => y * y * y * y * y, x);
            return backend.Memory.InUse - before;
        }

        Held((f, x) => f(x)).Should().Be(4 * (4 << 16));
        Held((f, x) => Checkpoint.Run(f, x)).Should().Be(4 << 16);
    }

    [Fact]
    public void A_part_without_inputs_may_be_used_twice()
    {
        var w = new Variable(Tensor.Full(new Shape(1), 3f), requiresGradient: true);
        using var tape = new Tape();
        var y = Checkpoint.Run(_ => [w * w], [])[0];
        tape.Backward(y * 2f + y * y);
        w.Gradient!.ToArray().Should().Equal(2 * 6f + 2 * 9f * 6f);
    }

    [Fact]
    public void What_is_missing_is_refused_at_the_call()
    {
        Variable x = Samples.Of(1, 2);
        Refused("function", () => Checkpoint.Run((Func<Variable, Variable>)null!, x));
        Refused("function", () => Checkpoint.Run((Func<Variable[], Variable[]>)null!, [x]));
        Refused("input", () => Checkpoint.Run(v => v, (Variable)null!));
        Refused("inputs", () => Checkpoint.Run(v => v, (Variable[])null!));

        static void Refused(string name, Action call) =>
            call.Should().Throw<ArgumentNullException>().WithParameterName(name);
    }
}
