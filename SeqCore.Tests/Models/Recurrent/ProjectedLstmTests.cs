using SeqCore.Models;
using SeqCore.Tests.Models.Training;

namespace SeqCore.Tests.Models.Recurrent;

/// <summary>An LSTM with a projection; <see cref="RecurrentGoldenTests"/> compares it with PyTorch's.</summary>
public sealed class ProjectedLstmTests : IDisposable
{
    private const int B = 3, T = 5, I = 4, H = 6, P = 2;
    private const RecurrentActivation Hard = RecurrentActivation.HardSigmoid;

    private readonly TemporaryFolder temporary = new();
    private readonly TensorScope scope = new();

    private static RecurrentLayerOptions Options => new() { ProjectionSize = P };

    private static RecurrentLayerOptions Deep => Options with { Layers = 2, Bidirectional = true };

    private static RecurrentLanguageModelOptions Text => new()
    {
        VocabularySize = 7,
        EmbeddingSize = I,
        HiddenSize = H,
        ProjectionSize = P,
        Layers = 2,
        Dropout = 0.5f,
        ZoneoutHidden = 0.2f,
        ZoneoutCell = 0.1f,
    };

    public void Dispose()
    {
        scope.Dispose();
        temporary.Dispose();
    }

    [Fact]
    public void Parameters_start_as_those_of_PyTorch()
    {
        using var layer = new Lstm(I, 25, new RandomGenerator(1), Deep with { ProjectionSize = 7 });
        layer.StateDictionary().Select(p => $"{p.Key} {p.Value.Shape}").Should().Equal(
            "weight_ih_l0 (100, 4)", "weight_hh_l0 (100, 7)", "bias_ih_l0 (100,)", "bias_hh_l0 (100,)", "weight_hr_l0 (7, 25)",
            "weight_ih_l0_reverse (100, 4)", "weight_hh_l0_reverse (100, 7)", "bias_ih_l0_reverse (100,)",
            "bias_hh_l0_reverse (100,)", "weight_hr_l0_reverse (7, 25)",
            "weight_ih_l1 (100, 14)", "weight_hh_l1 (100, 7)", "bias_ih_l1 (100,)", "bias_hh_l1 (100,)", "weight_hr_l1 (7, 25)",
            "weight_ih_l1_reverse (100, 14)", "weight_hh_l1_reverse (100, 7)", "bias_ih_l1_reverse (100,)",
            "bias_hh_l1_reverse (100,)", "weight_hr_l1_reverse (7, 25)");
        foreach (var parameter in layer.Parameters())
        {
            parameter.Value.ToArray().Should().OnlyContain(v => v >= -0.2f && v < 0.2f);
            parameter.Value.ToArray().Max().Should().BeGreaterThan(0.17f);
        }

        layer.Weights[3].WeightHr!.Value.Should().BeSameAs(layer.StateDictionary()["weight_hr_l1_reverse"]);
        using var plain = new Lstm(I, H, new RandomGenerator(1));
        plain.Weights[0].WeightHr.Should().BeNull();
    }

    [Fact]
    public void Hidden_states_and_results_are_as_wide_as_the_projection()
    {
        using var layer = new Lstm(I, H, new RandomGenerator(1), Deep);
        layer.OutputSize.Should().Be(2 * P);
        layer.HiddenSize.Should().Be(H);
        using var zero = layer.ZeroState(B);
        var (y, state) = layer.Forward(Random(B, T, I), zero);
        y.Shape.Should().Equal(B, T, 2 * P);
        zero.Hidden.Concat(state.Hidden).Select(h => $"{h.Shape}").Should().Equal(Enumerable.Repeat("(3, 2)", 8));
        zero.Cell.Concat(state.Cell).Select(c => $"{c.Shape}").Should().Equal(Enumerable.Repeat("(3, 6)", 8));
        y.Value.ToArray().Should().Equal(layer.Forward(Random(B, T, I)).Output.Value.ToArray());
    }

    [Theory]
    [InlineData(RecurrentActivation.Sigmoid, RecurrentActivation.Tanh, true)]
    [InlineData(Hard, RecurrentActivation.Relu, false)]
    [InlineData(RecurrentActivation.Sigmoid, RecurrentActivation.Sigmoid, true)]
    [InlineData(Hard, Hard, true)]
    public void Follows_its_equations(RecurrentActivation gate, RecurrentActivation activation, bool bias)
    {
        using var layer = new Lstm(I, H, new RandomGenerator(1),
            Options with { GateActivation = gate, Nonlinearity = activation, Bias = bias });
        var x = Random(1, T, I);
        var (y, state) = layer.Forward(x);
        var weights = layer.StateDictionary().ToDictionary(p => p.Key, p => Doubles(p.Value));
        double[] h = new double[P], c = new double[H];
        for (var t = 0; t < T; t++)
        {
            var a = Product(weights["weight_ih_l0"], Doubles(x[0, t])).Zip(Product(weights["weight_hh_l0"], h), (u, v) => u + v)
                .ToArray();
            if (bias)
                a = [.. a.Select((v, i) => v + weights["bias_ih_l0"][i] + weights["bias_hh_l0"][i])];
            for (var j = 0; j < H; j++)
                c[j] = (Of(gate, a[H + j]) * c[j]) + (Of(gate, a[j]) * Of(activation, a[(2 * H) + j]));
            h = Product(weights["weight_hr_l0"], [.. c.Select((v, j) => Of(gate, a[(3 * H) + j]) * Of(activation, v))]);
            Doubles(y.Value[0, t]).Zip(h, (u, v) => Math.Abs(u - v)).Max().Should().BeLessThan(1e-6);
        }

        Doubles(state.Cell[0].Value).Zip(c, (u, v) => Math.Abs(u - v)).Max().Should().BeLessThan(1e-6);

        static double Of(RecurrentActivation activation, double v) => activation switch
        {
            RecurrentActivation.Tanh => Math.Tanh(v),
            RecurrentActivation.Relu => Math.Max(v, 0),
            RecurrentActivation.Sigmoid => 1 / (1 + Math.Exp(-v)),
            _ => Math.Clamp((v / 6) + 0.5, 0, 1),
        };
    }

    [Fact]
    public void Gradients_match_finite_differences()
    {
        using var layer = new Lstm(2, 3, new RandomGenerator(1), Deep with { ZoneoutHidden = 0.25f, ZoneoutCell = 0.5f });
        layer.Evaluate();
        using var lengths = IndexTensor.FromSpan([4, 2], [2]);
        GradientCheck.Run(
            v =>
            {
                var start = new RecurrentState([v[1], v[1], v[1], v[1]], [v[2], v[2], v[2], v[2]]);
                var (y, end) = layer.Forward(v[0], start, lengths);
                return Variable.Concat([y.Reshape(-1), end.Hidden[3].Reshape(-1), end.Cell[0].Reshape(-1)]);
            },
            [Random(2, 4, 2), Random(2, P), Random(2, 3)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sequences_of_a_batch_give_what_each_gives_alone(bool isTimeFirst)
    {
        using var layer = new Lstm(I, H, new RandomGenerator(1), Deep with { IsTimeFirst = isTimeFirst });
        int[] counts = [3, 5, 0];
        using var lengths = IndexTensor.FromSpan(counts, [B]);
        Tensor values = Random(B, T, I), padded = values.Copy();
        var h = layer.Forward(Axes(values)).State;
        padded.Slice(0, 0, 1).Slice(1, 3, 2).FillInPlace(float.NaN);
        padded.Slice(0, 2, 1).FillInPlace(float.NaN);
        var x = new Variable(padded, requiresGradient: true);
        using var tape = new Tape();
        var (y, end) = layer.Forward(isTimeFirst ? x.Transpose(0, 1) : x, h.Detach(), lengths);
        var output = Axes(y.Value);
        tape.Backward(y.Square().Sum());
        layer.Parameters().Should().OnlyContain(p => p.Gradient!.IsFinite());
        x.Gradient!.IsFinite().Should().BeTrue();
        for (var b = 0; b < B; b++)
        {
            output[b].Slice(0, counts[b], T - counts[b]).ToArray().Where(v => v != 0f).Should().BeEmpty();
            x.Gradient![b].Slice(0, counts[b], T - counts[b]).ToArray().Where(v => v != 0f).Should().BeEmpty();
            var start = RecurrentState.FromParts(
                [.. h.Parts.Select(p => p.Select(v => new Variable(v.Value.Slice(0, b, 1).Contiguous())).ToArray())]);
            if (counts[b] == 0)
            {
                end.Cell[3].Value[b].ToArray().Should().Equal(start.Cell[3].Value.ToArray());
                continue;
            }

            var alone = layer.Forward(Axes(values.Slice(0, b, 1).Slice(1, 0, counts[b])), start);
            output[b].Slice(0, 0, counts[b]).ShouldBeCloseTo(Axes(alone.Output.Value)[0], 1e-6f, $"sequence {b}");
            end.Hidden[3].Value[b].ShouldBeCloseTo(alone.State.Hidden[3].Value[0], 1e-6f, $"hidden {b}");
            end.Cell[2].Value[b].ShouldBeCloseTo(alone.State.Cell[2].Value[0], 1e-6f, $"cell {b}");
        }

        Tensor Axes(Tensor tensor) => isTimeFirst ? tensor.Transpose(0, 1) : tensor;
    }

    [Fact]
    public void A_saved_state_continues_a_sequence()
    {
        using var layer = new Lstm(I, H, new RandomGenerator(1), Options with { Layers = 2 });
        var x = Random(B, T, I);
        var whole = layer.Forward(x);
        var first = layer.Forward(x.Slice(1, 0, 2));
        using var kept = RecurrentState.FromStateDictionary(first.State.StateDictionary());
        var second = layer.Forward(x.Slice(1, 2, 3), kept);
        Tensor.Concat([first.Output.Value, second.Output.Value], 1).ShouldBeCloseTo(whole.Output.Value, 1e-6f, "y");
        second.State.Cell[1].Value.ShouldBeCloseTo(whole.State.Cell[1].Value, 1e-6f, "c");
    }

    public static TheoryData<string, RecurrentLayerOptions> Noises() => new()
    {
        { "dropout", Options with { Layers = 2, Dropout = 0.5f } },
        { "locked dropout", Options with { Layers = 2, Dropout = 0.5f, LockedDropout = true } },
        { "weight dropout", Options with { WeightDropout = 0.5f } },
        { "zoneout of the hidden state", Options with { ZoneoutHidden = 0.5f } },
        { "zoneout of the cell state", Options with { ZoneoutCell = 0.5f } },
    };

    [Theory]
    [MemberData(nameof(Noises), DisableDiscoveryEnumeration = true)]
    public void Noise_acts_in_training_only(string name, RecurrentLayerOptions options)
    {
        using var layer = new Lstm(I, H, new RandomGenerator(1), options);
        var x = Random(B, T, I);
        Output().Should().NotEqual(Output(), name);
        layer.Evaluate();
        Output().Should().Equal(Output());

        float[] Output() => layer.Forward(x).Output.Value.ToArray();
    }

    [Fact]
    public void Zoneout_keeps_projected_states()
    {
        using var layer = new Lstm(I, 300, new RandomGenerator(1),
            new() { ProjectionSize = 200, ZoneoutHidden = 0.3f, ZoneoutCell = 0.3f });
        using var state = new RecurrentState([Tensor.Full([1, 200], 0.77f)], [Tensor.Full([1, 300], 0.66f)]);
        var (y, end) = layer.Forward(Random(1, 1, I), state);
        y.Value.ToArray().Count(v => v == 0.77f).Should().BeInRange(40, 80);
        end.Cell[0].Value.ToArray().Count(v => v == 0.66f).Should().BeInRange(60, 120);

        layer.Evaluate();
        using var plain = new Lstm(I, 300, new RandomGenerator(1), new() { ProjectionSize = 200 });
        var (zoned, free) = (layer.Forward(Random(1, 1, I), state).State, plain.Forward(Random(1, 1, I), state).State);
        zoned.Hidden[0].Value.ShouldBeCloseTo((free.Hidden[0].Value * 0.7f) + (0.3f * 0.77f), 1e-6f, "h");
    }

    [Fact]
    public void Forget_gates_start_open_where_asked()
    {
        using var layer = new Lstm(I, H, new RandomGenerator(1), Options with { ForgetGateBias = 1f });
        layer.Weights[0].BiasIh!.Value.ToArray()[H..(2 * H)].Should().OnlyContain(v => v == 1f);
        layer.Weights[0].BiasHh!.Value.ToArray()[H..(2 * H)].Should().OnlyContain(v => v == 0f);
    }

    [Fact]
    public void Weights_are_written_and_read()
    {
        using Lstm layer = new(I, H, new RandomGenerator(1), Deep), again = new(I, H, new RandomGenerator(2), Deep);
        var path = temporary.File("weights.safetensors");
        SafetensorsFile.Write(path, layer.StateDictionary());
        using (var file = SafetensorsFile.Open(path))
            again.LoadStateDictionary(file.ReadAll());
        var x = Random(B, T, I);
        again.Forward(x).Output.Value.ToArray().Should().Equal(layer.Forward(x).Output.Value.ToArray());
        using var plain = new Lstm(I, H, new RandomGenerator(1), new() { Layers = 2, Bidirectional = true });
        plain.Invoking(l => l.LoadStateDictionary(layer.StateDictionary())).Should().Throw<StateDictionaryException>()
            .WithMessage("*weight_hr_l0*");
    }

    [Fact]
    public void A_stream_predicts_what_the_whole_sequence_predicts()
    {
        using var model = new RecurrentLanguageModel(Text, new RandomGenerator(1));
        model.Head.Weight.Shape.Should().Equal(7, P);
        model.Evaluate();
        int[] tokens = [.. Enumerable.Range(0, 10).Select(i => i * 3 % 7)];
        using var whole = IndexTensor.FromSpan(tokens, [2, 5]);
        var (expected, end) = model.Forward(whole);
        model.Train();
        using var stream = model.NewStream(2);
        for (var t = 0; t < 5; t++)
            stream.Step([tokens[t], tokens[5 + t]]).ShouldBeCloseTo(expected.Value.Select(1, t), 1e-5f, $"step {t}");
        using var state = stream.CopyState();
        state.Hidden[1].Value.ShouldBeCloseTo(end.Hidden[1].Value, 1e-5f, "hidden");
        state.Cell[1].Value.ShouldBeCloseTo(end.Cell[1].Value, 1e-5f, "cell");
        var before = stream.Step([2, 3]).ToArray();
        stream.Restore(state);
        stream.Reorder([1, 0]);
        var after = stream.Step([3, 2]).ToArray();
        after[..7].Should().Equal(before[7..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stopped_run_ends_like_one_that_was_not(bool streams)
    {
        SmallRun run = new()
        {
            Projection = 5,
            Streams = streams,
            Dropout = 0.3f,
            Options = new() { Steps = 9, CheckpointEvery = 3, EvaluateEvery = 3, Folder = temporary.File("whole") },
        };
        run.Train();
        var again = run with { Options = run.Options with { Folder = temporary.File("stopped") } };
        using (var cancel = new CancellationTokenSource())
        {
            again.Train(cancellation: cancel.Token, watch: t => t.StepCompleted += (_, e) =>
            {
                if (e.Step == 5)
                    cancel.Cancel();
            });
        }

        again.Train(resume: true);
        SmallRun.Hash(again.Options.Folder!).Should().Be(SmallRun.Hash(run.Options.Folder!));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var random = new RandomGenerator(1);
        Refuse(() => new Gru(I, H, random, Options), "Gru: ProjectionSize is for an Lstm; do not set it.");
        Refuse(() => new Rnn(I, H, random, Options), "Rnn: ProjectionSize is for an Lstm; do not set it.");
        Refuse(() => new CoupledLstm(I, H, random, Options), "CoupledLstm: ProjectionSize is for an Lstm; do not set it.");
        Refuse(() => new CellLayer(I, H, width => new LstmCell(width, H, random), random, Options),
            "CellLayer: ProjectionSize is for an Lstm; do not set it.");
        Refuse(() => new RecurrentLanguageModel(Text with { Kind = RecurrentKind.Gru, ZoneoutCell = 0f }, random),
            "Gru: ProjectionSize is for an Lstm; do not set it.");
        Refuse(() => new Lstm(I, H, random, Options with { ProjectionSize = H }),
            "Lstm: ProjectionSize should be at least 1 and less than the 6 units, or 0 for no projection.*");
        Refuse(() => new Lstm(I, H, random, Options with { ProjectionSize = -1 }), "Lstm: ProjectionSize should be at least 1 *");
        Refuse(() => new Lstm(I, H, random, Options with { DiagonalBlocks = 2 }), "Lstm: ProjectionSize mixes the units, so the"
            + " recurrent weights have no blocks; set DiagonalBlocks to 1, or ProjectionSize to 0.");
        Refuse(() => new RecurrentLanguageModel(Text with { TieWeights = true }, random),
            "RecurrentLanguageModel: tied weights need an embedding as wide as the hidden state; got 4 and 2.*");
        using var layer = new Lstm(I, H, random, Options);
        using var plain = new Lstm(I, H, random);
        var x = Random(B, T, I);
        layer.Invoking(l => l.Forward(x, plain.ZeroState(B))).Should().Throw<ShapeException>()
            .WithMessage("Lstm: h0 should have shape (B, P) = (3, 2) because x is (3, 5, 4); got (3, 6).");
        var narrow = new RecurrentState([Tensor.Zeros([B, P])], [Tensor.Zeros([B, P])]);
        layer.Invoking(l => l.Forward(x, narrow)).Should().Throw<ShapeException>()
            .WithMessage("Lstm: c0 should have shape (B, H) = (3, 6) because x is (3, 5, 4); got (3, 2).");
        using var lengths = IndexTensor.FromSpan([1, 2], [2]);
        layer.Invoking(l => l.Forward(x, null, lengths)).Should().Throw<ShapeException>()
            .WithMessage("Lstm: lengths should have shape (B,) = (3,) because x is (3, 5, 4); got (2,).");

        static void Refuse(Func<object> make, string message) => ((Action)(() => make())).Should().Throw<ArgumentException>()
            .WithMessage(message);
    }

    private static Tensor Random(params int[] sizes) => Tensor.RandomNormal(sizes, new RandomGenerator(9));

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.ToArray(), v => (double)v);

    private static double[] Product(double[] w, double[] x) =>
        [.. Enumerable.Range(0, w.Length / x.Length).Select(r => x.Select((v, i) => v * w[(r * x.Length) + i]).Sum())];
}
