using SeqCore.Models;

namespace SeqCore.Tests.Models.Modules;

public class ModuleTests
{
    private static readonly string[] Names = ["scale", "first.weight", "first.bias", "second.weight", "second.bias"];

    [Fact]
    public void Values_load_under_renamed_names_unless_two_become_one()
    {
        using var scope = new TensorScope();
        using Linear from = new(2, 3, new RandomGenerator(1)), to = new(2, 3, new RandomGenerator(2));
        var state = from.StateDictionary().ToDictionary(p => "_orig_mod." + p.Key, p => p.Value);
        state.Add("step", Tensor.Scalar(7f));
        to.Invoking(m => m.LoadStateDictionary(state)).Should().Throw<StateDictionaryException>();
        to.LoadStateDictionary(state, name => name == "step" ? null : name.Replace("_orig_mod.", ""));
        to.Weight.Value.ToArray().Should().Equal(from.Weight.Value.ToArray());
        to.Invoking(m => m.LoadStateDictionary(state, name => name == "step" ? null : "weight"))
            .Should().Throw<ArgumentException>()
            .WithMessage("Linear: '_orig_mod.weight' and '_orig_mod.bias' both become 'weight'.*");
    }

    [Fact]
    public void Values_that_are_the_module_s_own_under_other_names_are_all_read_before_any_is_written()
    {
        using var module = new Pair();
        var state = module.StateDictionary();
        float[] first = state["first.weight"].ToArray(), bias = state["first.bias"].ToArray();
        using var same = new Sequential(new Linear(2, 2, new RandomGenerator(1)), new Linear(2, 2, new RandomGenerator(2)));
        var own = same.StateDictionary();
        var expected = own.ToDictionary(p => p.Key, p => p.Value.ToArray());
        same.LoadStateDictionary(own, name => name.StartsWith('0') ? "1" + name[1..] : "0" + name[1..]);
        foreach (var (name, value) in same.StateDictionary())
            value.ToArray().Should().Equal(expected[(name.StartsWith('0') ? "1" : "0") + name[1..]], name);
        module.LoadStateDictionary(state);
        module.StateDictionary()["first.weight"].ToArray().Should().Equal(first);
        module.StateDictionary()["first.bias"].ToArray().Should().Equal(bias);
    }

    [Fact]
    public void Names_are_flat_own_parameters_first()
    {
        using var module = new Pair();
        module.NamedParameters().Select(p => p.Key).Should().Equal(Names);
        module.StateDictionary().Keys.Should().Equal(Names);
        module.Parameters().Should().HaveCount(5);
    }

    [Fact]
    public void Parameters_are_counted() => new Pair().ParameterCount.Should().Be(2 + (3 * 2) + 3 + (2 * 3) + 2);

    [Fact]
    public void Shared_parameters_count_once_and_have_both_names_in_the_state()
    {
        using var module = new Tied();
        module.ParameterCount.Should().Be(6 + 3);
        module.NamedParameters().Select(p => p.Key).Should().Equal("table.weight", "head.bias");
        module.StateDictionary().Keys.Should().Equal("table.weight", "head.weight", "head.bias");
        module.StateDictionary()["head.weight"].Should().BeSameAs(module.StateDictionary()["table.weight"]);
    }

    [Fact]
    public void One_name_of_a_shared_parameter_is_enough_to_load_it()
    {
        using Tied from = new(), to = new();
        var state = from.StateDictionary();
        state.Remove("head.weight");
        to.LoadStateDictionary(state);
        to.StateDictionary()["head.weight"].ToArray().Should().Equal(state["table.weight"].ToArray());
    }

    [Fact]
    public void Names_of_a_shared_parameter_with_different_values_are_refused()
    {
        using Tied from = new(), to = new();
        var state = from.StateDictionary();
        state["head.weight"] = state["table.weight"].Copy();
        to.LoadStateDictionary(state);
        state["head.weight"] = state["table.weight"] + 1f;
        to.Invoking(m => m.LoadStateDictionary(state)).Should().Throw<StateDictionaryException>()
            .WithMessage("Tied: the state dictionary does not fit;"
                + " table.weight and head.weight are one parameter here, but were given different values*");
        to.StateDictionary()["table.weight"].ToArray().Should().Equal(state["table.weight"].ToArray());
    }

    [Fact]
    public void Loading_copies_every_value()
    {
        using Pair from = new(seed: 1), to = new(seed: 2);
        to.LoadStateDictionary(from.StateDictionary());
        foreach (var (name, value) in from.StateDictionary())
        {
            to.StateDictionary()[name].ToArray().Should().Equal(value.ToArray(), name);
            to.StateDictionary()[name].Should().NotBeSameAs(value);
        }
    }

    [Fact]
    public void A_state_that_does_not_fit_is_refused_whole_and_every_misfit_is_named()
    {
        using Pair from = new(seed: 1), to = new(seed: 2);
        var before = to.StateDictionary()["first.weight"].ToArray();
        var state = from.StateDictionary();
        state.Remove("scale");
        state["second.bias"] = Tensor.Zeros([7]);
        state["third.weight"] = Tensor.Zeros([1]);
        to.Invoking(m => m.LoadStateDictionary(state)).Should().Throw<StateDictionaryException>()
            .WithMessage("Pair: the state dictionary does not fit; missing: scale; unexpected: third.weight;"
                + " second.bias should have shape (2,), got (7,). Hint:*");
        to.StateDictionary()["first.weight"].ToArray().Should().Equal(before);
    }

    [Fact]
    public void Long_lists_of_misfits_are_abbreviated_in_the_message_only()
    {
        using var module = new Pair();
        var state = Enumerable.Range(0, 20).ToDictionary(i => $"x{i}", _ => Tensor.Zeros([1]));
        var thrown = module.Invoking(m => m.LoadStateDictionary(state))
            .Should().Throw<StateDictionaryException>().WithMessage("*x7 and 12 more*").Which;
        thrown.Unexpected.Should().HaveCount(20);
        thrown.Missing.Should().Equal(Names);
    }

    [Fact]
    public void Mode_reaches_every_part()
    {
        using var module = new Pair();
        module.IsTraining.Should().BeTrue();
        module.Evaluate();
        module.Children.Should().OnlyContain(c => !c.Value.IsTraining);
        module.Train();
        module.Children.Should().OnlyContain(c => c.Value.IsTraining);
    }

    [Fact]
    public void Summary_is_a_table() => new Tied().Summary().Should().Be(
        """
        parameter     module     shape           count
        ----------------------------------------------
        table.weight  Embedding  (3, 2)              6
        head.weight   Linear     = table.weight      0
        head.bias     Linear     (3,)                3
        ----------------------------------------------
        total         Tied       0.0 MB              9

        """);

    [Fact]
    public void Its_text_lists_the_parts_with_their_parameters()
    {
        var random = new RandomGenerator(1);
        using var model = new ModuleList<Module>(
        [
            new Embedding(1000, 4, random),
            new Sequential(new Dropout(0.5f, random), new Linear(4, 2, random)),
            new RmsNorm(1),
        ]);
        model.ToString().Should().Be(
            """
            ModuleList, 4,011 parameters
              0: Embedding, 4,000 parameters
              1: Sequential, 10 parameters
                0: Dropout
                1: Linear, 10 parameters
              2: RmsNorm, 1 parameter
            """);
        model.Dispose();
        model.ToString().Should().StartWith("ModuleList, 4,011 parameters");
    }

    [Fact]
    public void A_buffer_is_saved_moved_and_loaded_but_never_trained()
    {
        using Scaled from = new(2f), to = new(1f);
        from.Parameters().Should().Equal(from.Layer.Parameters());
        from.StateDictionary().Keys.Should().Equal("scale", "layer.weight", "layer.bias");
        from.Unfreeze();
        from.Scale.RequiresGradient.Should().BeFalse();
        to.LoadStateDictionary(from.StateDictionary());
        to.Scale.Value.ToArray().Should().Equal(2f, 2f);

        using var device = new SeqCore.Kernels.CpuBackend();
        from.To(device).Scale.Value.Backend.Should().BeSameAs(device);
        from.Scale.Value.ToArray().Should().Equal(2f, 2f);
    }

    private sealed class Scaled : Module
    {
        internal Scaled(float scale)
        {
            Scale = RegisterBuffer("scale", Tensor.Full([2], scale));
            Layer = Register("layer", new Linear(2, 1, new RandomGenerator(1)));
        }

        internal Parameter Scale { get; }

        internal Linear Layer { get; }
    }

    [Fact]
    public void Summary_lists_buffers_but_does_not_count_them()
    {
        using var layer = new BatchNorm(3);
        layer.Summary().Should().Be(
            """
            parameter            module     shape    count
            ----------------------------------------------
            weight               BatchNorm  (3,)         3
            bias                 BatchNorm  (3,)         3
            running_mean         BatchNorm  (3,)    buffer
            running_var          BatchNorm  (3,)    buffer
            num_batches_tracked  BatchNorm  ()      buffer
            ----------------------------------------------
            total                BatchNorm  0.0 MB       6

            """);
    }

    [Fact]
    public void Zeroing_forgets_every_gradient()
    {
        using var module = new Pair();
        foreach (var parameter in module.Parameters())
            parameter.Accumulate(Tensor.Zeros(parameter.Shape));
        module.ZeroGradients();
        module.Parameters().Should().OnlyContain(p => ReferenceEquals(p.Gradient, null));
    }

    [Fact]
    public void Disposing_closes_every_parameter()
    {
        var module = new Pair();
        var parameters = module.Parameters().ToList();
        module.Dispose();
        parameters.Should().OnlyContain(p => p.Value.IsDisposed);
    }

    [Fact]
    public void Parameters_outlive_the_scope_in_which_they_were_made()
    {
        Pair module;
        using (new TensorScope())
            module = new Pair();
        module.StateDictionary()["scale"].ToArray().Should().Equal(1f, 1f);
        module.Dispose();
    }

    [Theory]
    [InlineData("a.b", "*'a.b' has a dot*")]
    [InlineData("taken", "*'taken' is registered already*")]
    [InlineData("", "*")]
    public void Names_that_cannot_be_are_refused(string name, string message) =>
        ((Action)(() => _ = new Named(name))).Should().Throw<ArgumentException>().WithMessage(message);

    private sealed class Pair : Module
    {
        public Pair(ulong seed = 1)
        {
            var random = new RandomGenerator(seed);
            Register("first", new Linear(2, 3, random));
            Register("second", new Linear(3, 2, random));
            Register("scale", Tensor.Full([2], 1f));
        }
    }

    private sealed class Tied : Module
    {
        public Tied()
        {
            var table = Register("table", new Embedding(3, 2, new RandomGenerator(1)));
            Register("head", new Linear(table.Weight));
        }
    }

    private sealed class Named : Module
    {
        public Named(string name)
        {
            Register("taken", Tensor.Full([2], 1f));
            Register(name, Tensor.Full([2], 1f));
        }
    }
}
