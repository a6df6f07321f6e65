using SeqCore.Models;

namespace SeqCore.Tests.Models.Recurrent;

/// <summary>
/// A <see cref="CellLayer"/> over a built-in cell computes what the layer of that kind computes as one operation.
/// </summary>
public class CellLayerTests
{
    private const int B = 3, T = 6, I = 3, H = 4;

    public static TheoryData<RecurrentKind, int, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<RecurrentKind, int, bool, bool>();
            foreach (var kind in Enum.GetValues<RecurrentKind>())
            {
                (int, bool, bool)[] variants = [(1, false, false), (1, false, true), (2, true, false), (2, true, true)];
                foreach (var (layers, both, lengths) in variants)
                    cases.Add(kind, layers, both, lengths);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Layers_directions_lengths_and_state_are_those_of_the_fused_layer(RecurrentKind kind, int layers,
        bool bidirectional, bool hasLengths)
    {
        var options = new RecurrentLayerOptions { Layers = layers, Bidirectional = bidirectional };
        using var fused = kind.NewLayer(I, H, new RandomGenerator(1), options);
        using var composed = Composed(kind, options);
        Share(fused, composed);
        using var lengths = hasLengths ? IndexTensor.FromSpan([4, 6, 0], [B]) : null;
        using var state = State(fused);
        var (x, weights) = (Random([B, T, I], 5), Random([B, T, fused.OutputSize], 6));

        var expected = Run(fused, x, state, lengths, weights);
        var actual = Run(composed, x, state, lengths, weights);
        actual.Output.ShouldBeCloseTo(expected.Output, 1e-5f, "output");
        foreach (var (name, part) in expected.State)
            actual.State[name].ShouldBeCloseTo(part, 1e-5f, name);
        actual.DX.ShouldBeCloseTo(expected.DX, 1e-5f, "dX");
        foreach (var (left, right) in fused.Parameters().Zip(composed.Parameters()))
            right.Gradient!.ShouldBeCloseTo(left.Gradient!, 1e-5f, "gradient of a weight");
    }

    [Fact]
    public void Zoneout_draws_the_same_numbers_as_the_fused_layer()
    {
        var options = new RecurrentLayerOptions { ZoneoutHidden = 0.3f, ZoneoutCell = 0.4f, Layers = 2, Dropout = 0.5f };
        using var fused = new Lstm(I, H, new RandomGenerator(1), options);
        var random = new RandomGenerator(2);
        using var composed = Composed(RecurrentKind.Lstm, options, random);
        Share(fused, composed);
        using var other = new Lstm(I, H, random, options);
        other.LoadStateDictionary(fused.StateDictionary());
        var x = Random([B, T, I], 5);
        var start = random.Counter;
        var expected = other.Forward(x).Output.Value.ToArray();
        random.Counter = start;
        composed.Forward(x).Output.Value.ShouldBeCloseTo(Tensor.FromSpan(expected, [B, T, H]), 1e-5f, "output");
        composed.Evaluate();
        other.Evaluate();
        composed.Forward(x).Output.Value.ShouldBeCloseTo(other.Forward(x).Output.Value, 1e-5f, "output in evaluation");
    }

    [Fact]
    public void What_stands_in_the_padding_reaches_nothing()
    {
        using var layer = Composed(RecurrentKind.Lstm, new RecurrentLayerOptions { Bidirectional = true });
        using var lengths = IndexTensor.FromSpan([2, 6, 0], [B]);
        var clean = Random([B, T, I], 5);
        var dirty = clean.Copy();
        dirty.Slice(1, 2, 4).Select(0, 0).FillInPlace(float.NaN);
        dirty.Select(0, 2).FillInPlace(float.PositiveInfinity);
        var weights = Random([B, T, 2 * H], 6);
        var (expected, actual) = (Run(layer, clean, null, lengths, weights), Run(layer, dirty, null, lengths, weights));
        actual.Output.ToArray().Should().Equal(expected.Output.ToArray());
        actual.DX.ToArray().Should().Equal(expected.DX.ToArray());
        layer.Parameters().Should().OnlyContain(p => p.Gradient!.IsFinite());
    }

    [Fact]
    public void A_state_of_three_parts_is_carried_saved_and_loaded()
    {
        using var layer = new CellLayer(I, 2, width =>
            new Counter(width), new RandomGenerator(1), new RecurrentLayerOptions { Layers = 2 });
        var x = Random([B, 4, I], 3);
        var whole = layer.Forward(x);
        var first = layer.Forward(x.Slice(1, 0, 2).Contiguous());
        first.State.Parts.Should().HaveCount(3);
        first.State.Parts[2][1].Shape.Should().Equal(B, 2, 2);
        var saved = first.State.StateDictionary();
        saved.Keys.Should().Equal("hidden.0", "hidden.1", "cell.0", "cell.1", "part2.0", "part2.1");
        using var loaded = RecurrentState.FromStateDictionary(saved);
        var second = layer.Forward(x.Slice(1, 2, 2).Contiguous(), loaded);
        Variable.Concat([first.Output, second.Output], 1).Value.ToArray().Should().Equal(whole.Output.Value.ToArray());
        second.State.Parts[2][0].Value.ToArray().Should().OnlyContain(v => v == 4f);
        using var zero = layer.ZeroState(B);
        layer.Forward(x, zero).Output.Value.ToArray().Should().Equal(whole.Output.Value.ToArray());
    }

    [Fact]
    public void Names_of_parameters_are_those_of_the_cells()
    {
        using var layer = Composed(RecurrentKind.Gru, new RecurrentLayerOptions { Layers = 2, Bidirectional = true });
        layer.StateDictionary().Keys.Where(k => k.EndsWith("weight_ih", StringComparison.Ordinal))
            .Should().Equal("cell_l0.weight_ih", "cell_l0_reverse.weight_ih", "cell_l1.weight_ih", "cell_l1_reverse.weight_ih");
        layer.Cells[2].InputSize.Should().Be(2 * H);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var random = new RandomGenerator(1);
        Refuse(() => new CellLayer(I, H, _ => new GruCell(I, H + 1, random), random),
            "CellLayer: the cell of layer 0 should have inputs of 3, 4 units and 1 variable of state; got 3, 5 and 1.*");
        Refuse(() => Composed(RecurrentKind.Gru, new RecurrentLayerOptions { ForgetGateBias = 1f }),
            "CellLayer: Bias, Nonlinearity, GateActivation, ResetAfter, DiagonalBlocks, WeightDropout and ForgetGateBias belong "
                + "to the cell*");
        Refuse(() => Composed(RecurrentKind.Gru, new RecurrentLayerOptions { ZoneoutCell = 0.5f }),
            "CellLayer: ZoneoutCell needs a cell with a cell state; GruCell has a hidden state alone.*");
        using var layer = Composed(RecurrentKind.Lstm, new RecurrentLayerOptions());
        using var lengths = IndexTensor.FromSpan([1, 2], [2]);
        layer.Invoking(l => l.Forward(Random([B, T, I], 1), null, lengths)).Should().Throw<ShapeException>()
            .WithMessage("CellLayer: lengths should have shape (B,) = (3,) because x is (3, 6, 3); got (2,).");
        layer.Invoking(l => l.Forward(Random([B, T, I], 1), new RecurrentState([Tensor.Zeros([B, H])]))).Should()
            .Throw<ArgumentException>().WithMessage("CellLayer: the state has no cell states*");
        using var wrong = new CellLayer(I, 2, width => new Counter(width, returns: 2), random);
        wrong.Invoking(l => l.Forward(Random([B, T, I], 1))).Should().Throw<InvalidOperationException>()
            .WithMessage("Counter: Step should return 3 variables of state; got 2.");
        using var narrow = new CellLayer(I, 2, width => new Counter(width, size: 3), random);
        narrow.Invoking(l => l.Forward(Random([B, T, I], 1))).Should().Throw<ShapeException>()
            .WithMessage("Counter: variable 0 of the state that Step returned should have shape (3, 2)*");

        static void Refuse(Func<object> make, string message) => ((Action)(() => make())).Should().Throw<ArgumentException>()
            .WithMessage(message);
    }

    private static CellLayer Composed(RecurrentKind kind, RecurrentLayerOptions options, RandomGenerator? random = null) =>
        new(I, H, width => kind switch
        {
            RecurrentKind.Rnn => new RnnCell(width, H, new RandomGenerator(7)),
            RecurrentKind.Gru => new GruCell(width, H, new RandomGenerator(7)),
            _ => new LstmCell(width, H, new RandomGenerator(7)),
        }, random ?? new RandomGenerator(8), options);

    /// <summary>Gives both the same weights, whose order is the same.</summary>
    private static void Share(RecurrentLayer from, RecurrentLayer to) =>
        to.LoadStateDictionary(to.StateDictionary().Keys.Zip(from.StateDictionary().Values)
            .ToDictionary(p => p.First, p => p.Second));

    private static RecurrentState State(RecurrentLayer layer)
    {
        var seed = 20ul;
        using var zero = layer.ZeroState(B);
        return RecurrentState.FromParts([.. zero.Parts.Select(part => part.Select(v => new Variable(Random([.. v.Shape], seed++)))
            .ToArray())]);
    }

    private static (Tensor Output, IReadOnlyDictionary<string, Tensor> State, Tensor DX) Run(RecurrentLayer layer, Tensor x,
        RecurrentState? state, IndexTensor? lengths, Tensor weights)
    {
        layer.ZeroGradients();
        var input = new Variable(x, requiresGradient: true);
        using var tape = new Tape();
        var (output, end) = layer.Forward(input, state, lengths);
        tape.Backward(end.Hidden.Aggregate((output * weights).Sum(), (sum, h) => sum + h.Square().Sum()));
        return (output.Value.Copy().Kept(tape), end.StateDictionary()
            .ToDictionary(p => p.Key, p => p.Value.Copy().Kept(tape)), input.Gradient!);
    }

    private static Tensor Random(int[] sizes, ulong seed) => Tensor.RandomNormal(sizes, new RandomGenerator(seed));

    /// <summary>Three variables of state, the last one a matrix that counts steps.</summary>
    private sealed class Counter(int inputSize, int returns = 3, int size = 2) : RecurrentCell(inputSize, 2, stateCount: 3)
    {
        public override IReadOnlyList<Variable> Step(Variable x, IReadOnlyList<Variable> state)
        {
            var hidden = (x.Sum(-1, keepDimensions: true) + state[2].Sum(-1)).Tanh();
            IReadOnlyList<Variable> after = [size == 2 ? hidden : Variable.Concat([hidden, x.Slice(1, 0, 1)], 1), state[1]
                + hidden, state[2] + 1f];
            return [.. after.Take(returns)];
        }

        public override IReadOnlyList<Variable> ZeroState(int batchSize, SeqCore.Kernels.Backend? backend = null) =>
            [.. base.ZeroState(batchSize, backend).Take(2), Tensor.Zeros(new Shape(batchSize, 2, 2), backend)];
    }
}

internal static class KeptTensors
{
    internal static Tensor Kept(this Tensor tensor, Tape tape) => tape.Keep(tensor);
}
