using SeqCore.Models;

namespace SeqCore.Tests.Models.Recurrent;

public class RecurrentLayerTests
{
    [Fact]
    public void Parameters_start_as_those_of_PyTorch()
    {
        using var layer = new Lstm(3, 25, new RandomGenerator(1), new RecurrentLayerOptions { Layers = 2, Bidirectional = true });
        layer.StateDictionary().Keys.Should().Equal(
            "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0",
            "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse",
            "weight_ih_l1", "weight_hh_l1", "bias_ih_l1", "bias_hh_l1",
            "weight_ih_l1_reverse", "weight_hh_l1_reverse", "bias_ih_l1_reverse", "bias_hh_l1_reverse");
        layer.StateDictionary()["weight_ih_l1"].Shape.Should().Equal(100, 50);
        foreach (var parameter in layer.Parameters())
        {
            parameter.Value.ToArray().Should().OnlyContain(v => v >= -0.2f && v < 0.2f);
            parameter.Value.ToArray().Max().Should().BeGreaterThan(0.18f);
        }
    }

    [Fact]
    public void Forget_gates_start_open_where_asked()
    {
        using var layer = new Lstm(3, 4, new RandomGenerator(1), new RecurrentLayerOptions { ForgetGateBias = 1f });
        var (biasIh, biasHh) = (layer.Weights[0].BiasIh!.Value.ToArray(), layer.Weights[0].BiasHh!.Value.ToArray());
        biasIh[4..8].Should().OnlyContain(v => v == 1f);
        biasHh[4..8].Should().OnlyContain(v => v == 0f);
        biasIh[..4].Concat(biasIh[8..]).Concat(biasHh[..4]).Concat(biasHh[8..]).Should().OnlyContain(v => Math.Abs(v) <= 0.5f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dropout_between_layers_acts_in_training_only(bool locked)
    {
        using var layer = new Gru(3, 4, new RandomGenerator(1),
            new RecurrentLayerOptions { Layers = 2, Dropout = 0.5f, LockedDropout = locked });
        ShouldBeRandomInTrainingOnly(layer);
    }

    [Fact]
    public void Weight_dropout_acts_in_training_only() =>
        ShouldBeRandomInTrainingOnly(new Rnn(3, 4, new RandomGenerator(1), new RecurrentLayerOptions { WeightDropout = 0.5f }));

    [Fact]
    public void Weight_dropout_drops_recurrent_weights_and_scales_the_others()
    {
        using var layer = new Rnn(1, 30, new RandomGenerator(1),
            new RecurrentLayerOptions { WeightDropout = 0.5f, Bias = false });
        Initializer.Constant(layer.Weights[0].WeightHh.Value, 1f);
        Initializer.Constant(layer.Weights[0].WeightIh.Value, 0f);
        using var state = new RecurrentState([Tensor.Full([1, 30], 1e-4f)]);
        using var tape = new Tape();
        var (y, _) = layer.Forward(Tensor.Zeros([1, 1, 1]), state);
        foreach (var value in y.Value.ToArray())
        {
            var kept = value / 2e-4f;
            kept.Should().BeApproximately(MathF.Round(kept), 1e-3f).And.BeInRange(3f, 27f);
        }

        tape.Backward(y.Sum());
        layer.Weights[0].WeightHh.Gradient!.ToArray().Count(g => g == 0f)
            .Should().BeInRange(360, 540, "a dropped weight has no gradient");
    }

    [Fact]
    public void Zoneout_keeps_the_previous_state_at_random_in_training()
    {
        using var layer = new Gru(2, 200, new RandomGenerator(1), new RecurrentLayerOptions { ZoneoutHidden = 0.3f });
        using var state = new RecurrentState([Tensor.Full([1, 200], 0.77f)]);
        var y = layer.Forward(Tensor.Full([1, 1, 2], 1f), state).Output.Value.ToArray();
        y.Count(v => v == 0.77f).Should().BeInRange(40, 80);
    }

    [Fact]
    public void Zoneout_takes_its_expected_value_in_evaluation()
    {
        var options = new RecurrentLayerOptions { ZoneoutHidden = 0.25f, ZoneoutCell = 0.5f };
        using Lstm plain = new(2, 3, new RandomGenerator(1)), layer = new(2, 3, new RandomGenerator(1), options);
        layer.Evaluate();
        Variable x = Tensor.FromSpan([0.5f, -1f], [1, 1, 2]);
        using var state = new RecurrentState([Tensor.Full([1, 3], 0.4f)], [Tensor.Full([1, 3], -0.8f)]);
        var (_, zoned) = layer.Forward(x, state);
        var (_, free) = plain.Forward(x, state);
        zoned.Cell[0].Value.ShouldBeCloseTo((free.Cell[0].Value * 0.5f) + (0.5f * -0.8f), 1e-6f, "c");
    }

    [Fact]
    public void Zoneout_has_the_right_gradients()
    {
        using var layer = new Lstm(2, 3, new RandomGenerator(1),
            new RecurrentLayerOptions { ZoneoutHidden = 0.25f, ZoneoutCell = 0.5f });
        layer.Evaluate();
        GradientCheck.Run(v => layer.Forward(v[0], new RecurrentState([v[1]], [v[2]])).Output,
            [Random([2, 4, 2]), Random([2, 3]), Random([2, 3])]);
    }

    [Fact]
    public void Cells_are_their_layers_for_one_step()
    {
        var random = new RandomGenerator(1);
        using var rnnCell = new RnnCell(3, 4, random);
        using var gruCell = new GruCell(3, 4, random);
        using var lstmCell = new LstmCell(3, 4, random);
        using Rnn rnn = new(3, 4, random);
        using Gru gru = new(3, 4, random);
        using Lstm lstm = new(3, 4, random);
        rnnCell.StateDictionary().Keys.Should().Equal("weight_ih", "weight_hh", "bias_ih", "bias_hh");
        rnnCell.LoadStateDictionary(Renamed(rnn));
        gruCell.LoadStateDictionary(Renamed(gru));
        lstmCell.LoadStateDictionary(Renamed(lstm));
        var x = Random([2, 5, 3]);
        Variable? h = null, g = null;
        (Variable Hidden, Variable Cell)? s = null;
        for (var t = 0; t < 5; t++)
        {
            Variable step = x.Select(1, t).Contiguous();
            (h, g, s) = (rnnCell.Forward(step, h), gruCell.Forward(step, g), lstmCell.Forward(step, s));
        }

        h!.Value.ShouldBeCloseTo(rnn.Forward(x).State.Hidden[0].Value, 1e-6f, "rnn");
        g!.Value.ShouldBeCloseTo(gru.Forward(x).State.Hidden[0].Value, 1e-6f, "gru");
        s!.Value.Hidden.Value.ShouldBeCloseTo(lstm.Forward(x).State.Hidden[0].Value, 1e-6f, "lstm h");
        s!.Value.Cell.Value.ShouldBeCloseTo(lstm.Forward(x).State.Cell[0].Value, 1e-6f, "lstm c");

        static Dictionary<string, Tensor> Renamed(Module layer) =>
            layer.StateDictionary().ToDictionary(p => p.Key[..^"_l0".Length], p => p.Value);
    }

    [Fact]
    public void Layers_without_recorded_inputs_keep_nothing()
    {
        using var scope = new TensorScope();
        using var layer = new Lstm(3, 4, new RandomGenerator(1));
        layer.Forward(Random([2, 5, 3])).Output.IsLeaf.Should().BeTrue();
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_named()
    {
        var random = new RandomGenerator(1);
        using var lstm = new Lstm(3, 4, random, new RecurrentLayerOptions { Layers = 2 });
        using var gru = new Gru(3, 4, random, new RecurrentLayerOptions { Layers = 2 });
        var x = Tensor.Zeros([2, 5, 3]);
        lstm.Invoking(l => l.Forward(Tensor.Zeros([2, 5, 4])))
            .Should().Throw<ShapeException>().WithMessage("Lstm: x should have shape (B, T, I) = (B, T, 3); got (2, 5, 4).");
        lstm.Invoking(l => l.Forward(Tensor.Zeros([2, 0, 3]))).Should().Throw<ShapeException>()
            .WithMessage("Lstm: x should have shape (B, T, I) = (B, T, 3) with T at least 1; got (2, 0, 3).");
        lstm.Invoking(l => l.Forward(Tensor.Zeros([2, 3])))
            .Should().Throw<ShapeException>().WithMessage("*Hint: for one step use the cell*");
        lstm.Invoking(l => l.Forward(x, gru.ZeroState(2)))
            .Should().Throw<ArgumentException>().WithMessage("Lstm: the state has no cell states*");
        gru.Invoking(l => l.Forward(x, lstm.ZeroState(2)))
            .Should().Throw<ArgumentException>().WithMessage("Gru: the state has cell states*");
        lstm.Invoking(l => l.Forward(x, new RecurrentState([Tensor.Zeros([2, 4])], [Tensor.Zeros([2, 4])])))
            .Should().Throw<ArgumentException>().WithMessage("Lstm: the state should have 2 hidden states*got 1*");
        lstm.Invoking(l => l.Forward(x, lstm.ZeroState(3)))
            .Should().Throw<ShapeException>().WithMessage("*h0 should have shape (B, H) = (2, 4)*");
        using var lengths = IndexTensor.FromSpan([1, 2, 3], [3]);
        lstm.Invoking(l => l.Forward(x, null, lengths))
            .Should().Throw<ShapeException>().WithMessage("*lengths should have shape (B,) = (2,)*");
        Refuse<ArgumentOutOfRangeException>(() => new Lstm(0, 4, random), "*inputSize*");
        Refuse<ArgumentOutOfRangeException>(() => new Lstm(3, 0, random), "*hiddenSize*");
        Refuse<ArgumentOutOfRangeException>(() => new Lstm(3, 4, random, new RecurrentLayerOptions { Layers = 0 }),
            "Lstm: Layers should be at least 1*");
        Refuse<ArgumentOutOfRangeException>(() => new Gru(3, 4, random, new RecurrentLayerOptions { Dropout = 1f }),
            "Gru: Dropout should be in [0, 1)*");
        Refuse<ArgumentOutOfRangeException>(() => new Gru(3, 4, random, new RecurrentLayerOptions { WeightDropout = -1f }),
            "Gru: WeightDropout*");
        Refuse<ArgumentException>(() => new Gru(3, 4, random, new RecurrentLayerOptions { ZoneoutCell = 0.1f }),
            "Gru: ZoneoutCell needs a cell state*");
        Refuse<ArgumentException>(() => new Lstm(3, 4, random, new RecurrentLayerOptions { ForgetGateBias = 1f, Bias = false }),
            "Lstm: ForgetGateBias needs Bias*");
        using var cell = new LstmCell(3, 4, random);
        cell.Invoking(c => c.Forward(x)).Should().Throw<ShapeException>()
            .WithMessage("LstmCell: x should have shape (B, I) = (B, 3); got (2, 5, 3). Hint: for whole sequences use the layer");
        ((Action)(() => _ = new RecurrentState([]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new RecurrentState([x, x], [x])))
            .Should().Throw<ArgumentException>().WithMessage("*2 hidden states but 1 cell*");
    }

    private static void Refuse<T>(Func<object> make, string message) where T : Exception =>
        ((Action)(() => make())).Should().Throw<T>().WithMessage(message);

    private static Tensor Random(int[] sizes) => Tensor.RandomNormal(sizes, new RandomGenerator(9));

    private static void ShouldBeRandomInTrainingOnly(RecurrentLayer layer)
    {
        var x = Random([2, 5, 3]);
        layer.Forward(x).Output.Value.ToArray().Should().NotEqual(layer.Forward(x).Output.Value.ToArray());
        layer.Evaluate();
        layer.Forward(x).Output.Value.ToArray().Should().Equal(layer.Forward(x).Output.Value.ToArray());
    }
}
