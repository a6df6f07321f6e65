using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Modules;

public class FreezeTests
{
    [Fact]
    public void A_frozen_part_gets_no_gradient_and_does_not_change()
    {
        using var model = new Sequential(new Linear(3, 4, new RandomGenerator(1)), new Linear(4, 2, new RandomGenerator(2)));
        using var optimizer = new AdamW(model.Parameters(), 0.1f, weightDecay: 0.5f);
        var (first, second) = (model.Children[0].Value, model.Children[1].Value);
        first.Freeze();
        var before = first.StateDictionary()["weight"].ToArray();
        var changes = second.StateDictionary()["weight"].ToArray();
        Backward(model);
        first.Parameters().Should().OnlyContain(p => ReferenceEquals(p.Gradient, null) && !p.RequiresGradient);
        second.Parameters().Should().OnlyContain(p => !ReferenceEquals(p.Gradient, null) && p.RequiresGradient);
        optimizer.Step();
        first.StateDictionary()["weight"].ToArray().Should().Equal(before);
        second.StateDictionary()["weight"].ToArray().Should().NotEqual(changes);
        optimizer.ZeroGradients();
        first.Unfreeze();
        Backward(model);
        first.Parameters().Should().OnlyContain(p => !ReferenceEquals(p.Gradient, null));
    }

    [Fact]
    public void The_gradients_of_the_others_have_the_same_bits()
    {
        using Sequential model = Model(), frozen = Model();
        foreach (var i in (int[])[1, 3])
            frozen.Children[i].Value.Freeze();
        Backward(model);
        Backward(frozen);
        foreach (var (all, some) in model.Parameters().Zip(frozen.Parameters()).Where(p => p.Second.RequiresGradient))
            some.Gradient!.ToArray().Should().Equal(all.Gradient!.ToArray());

        static Sequential Model()
        {
            var random = new RandomGenerator(1);
            return new Sequential(new Linear(3, 4, random), new LayerNorm(4), new Linear(4, 4, random), new RmsNorm(4),
                new Linear(4, 2, random));
        }
    }

    [Fact]
    public void Clipping_leaves_frozen_parameters_out_and_freezing_forgets_a_gradient()
    {
        using var model = new Sequential(new Linear(3, 4, new RandomGenerator(1)), new Linear(4, 2, new RandomGenerator(2)));
        Backward(model);
        model.Children[0].Value.Freeze();
        model.Children[0].Value.Parameters().Should().OnlyContain(p => ReferenceEquals(p.Gradient, null));
        using var all = GradientClip.ByGlobalNorm(model.Parameters(), 1e9f);
        using var trained = GradientClip.ByGlobalNorm(model.Children[1].Value.Parameters(), 1e9f);
        all.Norm.Should().Be(trained.Norm);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("product")]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("rnn")]
    [InlineData("norm")]
    [InlineData("table")]
    public void No_gradient_is_computed_for_a_frozen_weight(string kind)
    {
        // Each weight is far larger than all else, so that a gradient that is computed and thrown away shows in the memory used.
        using var backend = new CpuBackend(1);
        var random = new RandomGenerator(1);
        Module module = kind switch
        {
            "linear" => new Linear(1024, 1024, random),
            "lstm" => new Lstm(512, 256, random),
            "gru" => new Gru(512, 256, random),
            "rnn" => new Rnn(1024, 512, random),
            "norm" => new LayerNorm(1 << 18),
            "table" => new Embedding(4096, 256, random),
            _ => new Weight(1024),
        };
        using var owner = module.To(backend);
        var trained = MostUsed();
        var gradients = module.Parameters().Sum(p => (long)p.Value.ElementCount * sizeof(float));
        module.Freeze();
        (trained - MostUsed()).Should().BeGreaterThan(gradients * 3 / 4);

        long MostUsed()
        {
            backend.TrimMemory();
            var start = backend.Memory.InUse;
            using (var tape = new Tape())
            {
                var x = new Variable(Tensor.Full(new Shape(1, 1, kind == "norm" ? 1 << 18 : 1024), 0.5f, backend),
                    requiresGradient: true);
                var input = kind is "lstm" or "gru" ? x.Slice(2, 0, 512) : x;
                var y = module switch
                {
                    Embedding table => table.Forward(IndexTensor.FromSpan([1, 2], [1, 2], backend)).Sum() + x.Sum(),
                    RecurrentLayer recurrent => recurrent.Forward(input).Output.Sum(),
                    Layer layer => layer.Forward(input).Sum(),
                    _ => ((Weight)module).Forward(input),
                };
                tape.Backward(y);
                x.Gradient.Should().NotBeNull();
                x.ZeroGradient();
            }

            module.ZeroGradients();
            return backend.Memory.PeakInUse - start;
        }
    }

    [Fact]
    public void Freezing_between_forward_and_backward_is_refused()
    {
        using var layer = new Linear(2, 2, new RandomGenerator(1));
        using var tape = new Tape();
        layer.Freeze();
        layer.Unfreeze();
        layer.Forward(Tensor.Full([1, 2], 1f));
        layer.Invoking(l => l.Freeze()).Should().Throw<InvalidOperationException>()
            .WithMessage("Parameter.RequiresGradient: 1 operations are recorded on the open tape. Hint: change parameters "
                + "between steps*");
        layer.Weight.RequiresGradient.Should().BeTrue();
    }

    [Fact]
    public void An_inner_tape_does_not_hide_what_an_outer_one_recorded()
    {
        using var other = new CpuBackend(1);
        using var layer = new Linear(2, 2, new RandomGenerator(1));
        using var outer = new Tape();
        var loss = layer.Forward(Tensor.Full([1, 2], 1f)).Sum();
        using (var inner = new Tape())
        {
            Tape.AllOpen.Should().Equal(inner, outer);
            foreach (Action change in (Action[])[() => layer.To(other), layer.Freeze])
            {
                change.Should().Throw<InvalidOperationException>().WithMessage(
                    "*: 2 operations are recorded on an open tape outside this one. Hint: change parameters between steps*");
            }
        }

        outer.Backward(loss);
        layer.To(other).Weight.Value.Backend.Should().Be(other);
    }

    [Fact]
    public void A_model_that_is_frozen_whole_records_nothing()
    {
        using var layer = new Linear(2, 2, new RandomGenerator(1));
        layer.Freeze();
        using var tape = new Tape();
        layer.Forward(Tensor.Full([1, 2], 1f)).RequiresGradient.Should().BeFalse();
        tape.Count.Should().Be(0);
    }

    private static void Backward(Layer model)
    {
        using var tape = new Tape();
        tape.Backward(model.Forward(Tensor.RandomNormal(new Shape(5, 3), new RandomGenerator(3))).Square().Mean());
    }

    private sealed class Weight : Module
    {
        private readonly Parameter weight;

        internal Weight(int size) => weight = Register("weight", Tensor.Full(new Shape(size, size), 0.5f));

        internal Variable Forward(Variable x) => Variable.MatMul(x, weight).Sum();
    }
}
