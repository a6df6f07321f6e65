using SeqCore.Models;

namespace SeqCore.Tests.Models.Layers;

public class SequentialTests
{
    [Fact]
    public void A_recurrent_layer_hands_on_its_output_and_keeps_its_names()
    {
        var random = new RandomGenerator(1);
        var lstm = new Lstm(3, 4, random, new RecurrentLayerOptions { Bidirectional = true });
        var head = new Linear(8, 2, random);
        using var chain = new Sequential(lstm, new Dropout(0f, random), head);
        var x = Tensor.RandomNormal([2, 5, 3], random);
        chain.Forward(x).Value.ToArray().Should().Equal(head.Forward(lstm.Forward(x).Output).Value.ToArray());
        chain.StateDictionary().Keys.Should()
            .Contain("0.weight_ih_l0").And.Contain("0.weight_hh_l0_reverse").And.Contain("2.bias");
        chain.Parameters().Should().HaveCount(10);
    }

    [Fact]
    public void Every_layer_over_sequences_can_stand_in_it()
    {
        var random = new RandomGenerator(1);
        var options = new TransformerBlockOptions { ModelSize = 4, HeadCount = 2, FeedForwardSize = 8 };
        using var chain = new Sequential(
            new SinusoidalPositions(4),
            new TransformerBlock(options, random),
            new TransformerStack(1, options, random),
            new Gru(4, 4, random),
            new Rnn(4, 4, random),
            new LayerNormLstm(4, 4, random),
            new CellLayer(4, 4, width => new LstmCell(width, 4, random), random));
        using var tape = new Tape();
        var y = chain.Forward(Tensor.RandomNormal([2, 5, 4], random));
        y.Shape.Should().Equal(2, 5, 4);
        tape.Backward(y.Square().Sum());
        chain.Parameters().Should().OnlyContain(p => !ReferenceEquals(p.Gradient, null));
    }

    [Fact]
    public void What_is_no_module_is_refused() =>
        FluentActions.Invoking(() => new Sequential(new Twice())).Should().Throw<ArgumentException>()
            .WithMessage("Sequential: layer 0, a Twice, should be a Module. Hint: derive it from Layer.*");

    private sealed class Twice : ILayer
    {
        public Variable Forward(Variable x) => x * 2f;
    }
}
