using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Optimizers;

/// <summary>What <see cref="Optimizer"/> does for a rule that is written with tensor operations.</summary>
public class OwnOptimizerTests
{
    [Fact]
    public void A_rule_on_tensors_gives_the_bits_of_the_fused_one()
    {
        using Linear fused = new(5, 3, new RandomGenerator(1)), own = new(5, 3, new RandomGenerator(1));
        using var sgd = new Sgd(fused.Parameters(), 0.25f);
        using var descent = new Descent(own.Parameters(), 0.25f);
        for (var step = 0; step < 3; step++)
        {
            Train(fused, sgd, o => o.Step());
            Train(own, descent, o => o.Step());
        }

        own.Weight.Value.ToArray().Should().Equal(fused.Weight.Value.ToArray());
        own.Bias!.Value.ToArray().Should().Equal(fused.Bias!.Value.ToArray());
        descent.StepNumbers.Should().Equal(1, 1, 2, 2, 3, 3);
    }

    [Fact]
    public void A_step_of_another_thread_while_one_is_at_work_is_refused()
    {
        using var layer = new Linear(5, 3, new RandomGenerator(1), bias: false);
        using var optimizer = new Interrupted(layer.Parameters());
        Exception? error = null;
        optimizer.Once = () => error = Record.Exception(() => Task.Run(() => optimizer.Step()).GetAwaiter().GetResult());
        Gradients(layer);
        optimizer.Step();
        error.Should().BeOfType<InvalidOperationException>().Which.Message.Should()
            .StartWith("Interrupted.Step: two threads use it at once. Let one thread take the step");
        optimizer.StepCount.Should().Be(1, "the refused step is none");
        optimizer.Step();
        optimizer.StepCount.Should().Be(2);
    }

    [Fact]
    public void Gradients_come_scaled_and_stay_as_they_are()
    {
        using var layer = new Linear(5, 3, new RandomGenerator(1));
        using var optimizer = new Descent(layer.Parameters(), 1f);
        var before = layer.Weight.Value.ToArray();
        Gradients(layer);
        var gradient = layer.Weight.Gradient!.ToArray();
        optimizer.Step(0.5f);
        layer.Weight.Gradient!.ToArray().Should().Equal(gradient);
        layer.Weight.Value.ToArray().Should().Equal(before.Zip(gradient, (w, g) => w - (g * 0.5f)));
    }

    [Fact]
    public void Clipping_reaches_the_rule()
    {
        using Linear layer = new(5, 3, new RandomGenerator(1)), clipped = new(5, 3, new RandomGenerator(1));
        using Descent optimizer = new(layer.Parameters(), 1f), other = new(clipped.Parameters(), 1f);
        Gradients(layer);
        Gradients(clipped);
        using var found = other.StepClipped(0.125f);
        found.Scale.Should().BeLessThan(1f);
        optimizer.Step(found.Scale);
        clipped.Weight.Value.ToArray().Should().Equal(layer.Weight.Value.ToArray());
    }

    [Fact]
    public void A_norm_that_is_not_finite_changes_nothing()
    {
        using var layer = new Linear(2, 2, new RandomGenerator(1));
        using var optimizer = new Descent(layer.Parameters(), 1f);
        var before = layer.Weight.Value.ToArray();
        Gradients(layer);
        layer.Weight.Gradient!.FillInPlace(float.NaN);
        using var found = optimizer.StepClipped(1f);
        found.Scale.Should().Be(float.NaN);
        layer.Weight.Value.ToArray().Should().Equal(before);
        optimizer.StepNumbers.Should().BeEmpty();
        optimizer.StepCount.Should().Be(1);
    }

    [Fact]
    public void Temporary_tensors_of_a_rule_are_returned()
    {
        using var backend = new CpuBackend(1);
        using var layer = new Linear(64, 64, new RandomGenerator(1)).To(backend);
        using var optimizer = new Descent(layer.Parameters(), 1f);
        Gradients(layer);
        optimizer.Step(0.5f);
        var before = backend.Memory.InUse;
        for (var i = 0; i < 10; i++)
            optimizer.Step(0.5f);
        optimizer.Temporaries.Should().OnlyContain(t => t.IsDisposed);
        backend.Memory.InUse.Should().Be(before);
    }

    [Fact]
    public void Its_state_is_saved_and_loaded_by_name()
    {
        using var layer = new Linear(2, 2, new RandomGenerator(1));
        using Descent from = new(layer.Parameters(), 1f), to = new(layer.Parameters(), 1f);
        Gradients(layer);
        from.Step();
        var state = from.StateDictionary();
        state.Tensors.Keys.Should().Equal("0.sum", "1.sum");
        state.Tensors["0.sum"].ToArray().Should().Equal(layer.Weight.Gradient!.ToArray());
        to.LoadStateDictionary(state);
        to.StateDictionary().Tensors["0.sum"].ToArray().Should().Equal(state.Tensors["0.sum"].ToArray());
        to.StepCount.Should().Be(1);
    }

    [Fact]
    public void Its_state_follows_a_module_that_moves()
    {
        using var other = new CpuBackend(1);
        using Linear moved = new(5, 3, new RandomGenerator(1)), stayed = new(5, 3, new RandomGenerator(1));
        using Adam optimizer = new(moved.Parameters(), 0.1f), reference = new(stayed.Parameters(), 0.1f);
        for (var step = 0; step < 4; step++)
        {
            if (step == 2)
                moved.To(other);
            Train(moved, optimizer, o => o.Step());
            Train(stayed, reference, o => o.Step());
        }

        moved.Weight.Value.Backend.Should().BeSameAs(other);
        moved.Weight.Value.ToArray().Should().Equal(stayed.Weight.Value.ToArray());
        optimizer.StateDictionary().Tensors.Values.Should().OnlyContain(t => t.Backend == other);
    }

    [Fact]
    public void An_unknown_state_and_bad_names_are_refused()
    {
        using var layer = new Linear(2, 2, new RandomGenerator(1));
        using var optimizer = new Descent(layer.Parameters(), 1f, asks: "momentum");
        Gradients(layer);
        optimizer.Invoking(o => o.Step()).Should().Throw<ArgumentException>()
            .WithMessage("Optimizer: there is no state 'momentum'; the constructor has sum.*");
        FluentActions.Invoking(() => new Descent(layer.Parameters(), 1f, "a.b")).Should().Throw<ArgumentException>()
            .WithMessage("Descent: the names of states should be different and without dots; got 'a.b'.*");
        FluentActions.Invoking(() => new Descent(layer.Parameters(), 1f, "")).Should().Throw<ArgumentException>();
    }

    private static void Train(Linear layer, Optimizer optimizer, Action<Optimizer> step)
    {
        Gradients(layer);
        step(optimizer);
        optimizer.ZeroGradients();
    }

    private static void Gradients(Linear layer)
    {
        using var tape = new Tape();
        var x = Tensor.RandomNormal(new Shape(4, layer.Weight.Shape[1]), new RandomGenerator(7),
            backend: layer.Weight.Value.Backend);
        tape.Backward(layer.Forward(x).Square().Sum());
    }

    /// <summary>Lets something happen in the middle of a step.</summary>
    private sealed class Interrupted(IEnumerable<Parameter> parameters) : Optimizer([new ParameterGroup(parameters)], 0.1f)
    {
        internal Action? Once { get; set; }

        protected override void Update(ReadOnlySpan<ParameterUpdate> parameters, in OptimizerStep step)
        {
            var action = Once;
            Once = null;
            action?.Invoke();
        }
    }

    private sealed class Descent(IEnumerable<Parameter> parameters, float learningRate, string name = "sum", string asks = "sum")
        : Optimizer([new ParameterGroup(parameters)], learningRate, name)
    {
        internal List<long> StepNumbers { get; } = [];

        internal List<Tensor> Temporaries { get; } = [];

        protected override void Update(ReadOnlySpan<ParameterUpdate> parameters, in OptimizerStep step)
        {
            foreach (var parameter in parameters)
            {
                parameter.State(asks).AddInPlace(parameter.Gradient);
                var change = parameter.Gradient * step.LearningRate;
                parameter.Value.SubtractInPlace(change);
                Temporaries.Add(change);
                StepNumbers.Add(step.Number);
            }
        }
    }
}
