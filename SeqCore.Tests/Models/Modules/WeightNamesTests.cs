using SeqCore.Models;

namespace SeqCore.Tests.Models.Modules;

public class WeightNamesTests
{
    [Fact]
    public void Two_weights_of_the_same_name_are_refused_by_both()
    {
        using var scope = new TensorScope();
        var random = new RandomGenerator(1);
        using var two = new Sequential(new Linear(2, 2, random), new Linear(2, 2, random));
        var names = new WeightNames("mine", [new("*", "x")]);
        var state = new Dictionary<string, Tensor> { ["x.weight"] = Tensor.Ones([2, 2]), ["x.bias"] = Tensor.Ones([2]) };
        const string Message = "Sequential: its weights cannot have the names of mine: 0.weight and 1.weight would both have the"
            + " name x.weight.";
        two.Invoking(m => m.StateDictionary(names)).Should().Throw<ArgumentException>().WithMessage(Message);
        two.Invoking(m => m.LoadStateDictionary(state, names)).Should().Throw<ArgumentException>().WithMessage(Message);
        using var one = new Sequential(new Linear(2, 2, random));
        one.LoadStateDictionary(state, names);
    }

    [Fact]
    public void Names_of_packed_weights_are_compared_too()
    {
        using var scope = new TensorScope();
        using var model = new MultiHeadAttention(4, 2, new RandomGenerator(1));
        var names = new WeightNames("mine",
            [new("in_proj_weight", "q+k+q.weight"), new("in_proj_bias", "q+k+v.bias"), new("out_proj", "o")]);
        model.Invoking(m => m.StateDictionary(names)).Should().Throw<ArgumentException>()
            .WithMessage("*in_proj_weight and in_proj_weight would both have the name q.weight.");
    }

    [Fact]
    public void A_shared_weight_may_have_one_name()
    {
        using var scope = new TensorScope();
        using var shared = new Sequential(new Linear(2, 2, new RandomGenerator(1)));
        using var both = new Sequential(shared, shared);
        var names = new WeightNames("mine", [new("*", "x")]);
        var state = both.StateDictionary(names);
        state.Keys.Should().Equal("x.0.weight", "x.0.bias");
        both.LoadStateDictionary(state, names);
    }

    [Theory]
    [InlineData("layers.*", "*.x.*", "'layers.*' to '*.x.*', has more numbers (*) in the other naming than here.")]
    [InlineData(null, "x", "'null' to 'x', should have both names.")]
    [InlineData("x", null, "'x' to 'null', should have both names.")]
    public void A_wrong_row_is_refused_by_name(string? own, string? foreign, string message)
    {
        var make = () => new WeightNames("mine", [new("a", "b"), new(own!, foreign!)]);
        make.Should().Throw<ArgumentException>().WithMessage($"WeightNames: row 1 of the table, {message}*");
    }
}
