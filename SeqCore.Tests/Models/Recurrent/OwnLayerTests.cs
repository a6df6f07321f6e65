using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Tests.Models.Training;

namespace SeqCore.Tests.Models.Recurrent;

/// <summary>Models whose recurrent layers the options make.</summary>
public sealed class OwnLayerTests : IDisposable
{
    private static readonly RecurrentLanguageModelOptions Text = new()
    {
        VocabularySize = 7,
        EmbeddingSize = 3,
        HiddenSize = 4,
        Layers = 2,
        NewLayer = FastWeights.NewLayer,
    };

    private static readonly RecurrentEncoderDecoderOptions Pair = new()
    {
        SourceVocabularySize = 7,
        TargetVocabularySize = 6,
        EmbeddingSize = 3,
        HiddenSize = 4,
        Layers = 2,
        NewLayer = FastWeights.NewLayer,
    };

    private static readonly int[] Tokens = [1, 2, 3, 4, 5, 0];
    private readonly TemporaryFolder temporary = new();
    private readonly IndexTensor source = IndexTensor.FromSpan(Tokens, [2, 3]);
    private readonly IndexTensor lengths = IndexTensor.FromSpan([3, 2], [2]);
    private readonly IndexTensor target = IndexTensor.FromSpan([1, 5, 3, 2, 2, 4], [2, 3]);

    public void Dispose()
    {
        temporary.Dispose();
        source.Dispose();
        lengths.Dispose();
        target.Dispose();
    }

    [Fact]
    public void A_built_in_layer_made_by_the_options_trains_a_language_model_to_the_same_bits()
    {
        var options = Text with { NewLayer = null, Dropout = 0.3f, ZoneoutCell = 0.2f, ForgetGateBias = 1f };
        using var plain = new RecurrentLanguageModel(options, new RandomGenerator(1));
        using var own = new RecurrentLanguageModel(options with { NewLayer = NewLstm }, new RandomGenerator(1));
        own.Recurrent.Options.Should().Be(plain.Recurrent.Options);
        Train(plain, () => plain.Predict(source).CrossEntropy(target));
        Train(own, () => own.Predict(source).CrossEntropy(target));
        ShouldBeSame(own, plain);
        using LanguageModelStream left = own.NewStream(2), right = plain.NewStream(2);
        for (var i = 0; i < 3; i++)
            left.Step([i, 5]).ToArray().Should().Equal(right.Step([i, 5]).ToArray());
    }

    [Theory]
    [InlineData(AttentionWiring.AfterStep, false)]
    [InlineData(AttentionWiring.InputFeeding, true)]
    [InlineData(AttentionWiring.BeforeStep, true)]
    public void So_it_does_an_encoder_decoder(AttentionWiring wiring, bool bidirectional)
    {
        var options = Pair with { NewLayer = null, Dropout = 0.3f, Wiring = wiring, Bidirectional = bidirectional };
        using var plain = new RecurrentEncoderDecoder(options, new RandomGenerator(1));
        using var own = new RecurrentEncoderDecoder(options with { NewLayer = NewLstm }, new RandomGenerator(1));
        Train(plain, () => plain.Forward(source, lengths, target).CrossEntropy(target));
        Train(own, () => own.Forward(source, lengths, target).CrossEntropy(target));
        ShouldBeSame(own, plain);
        using EncoderDecoderStream left = own.NewStream(source, lengths), right = plain.NewStream(source, lengths);
        for (var i = 0; i < 3; i++)
            left.Step([i, 5]).ToArray().Should().Equal(right.Step([i, 5]).ToArray());
    }

    [Fact]
    public void Both_directions_of_a_custom_cell_start_the_decoder_as_those_of_a_built_in_layer()
    {
        var options = Pair with { Bidirectional = true };
        using var plain = new RecurrentEncoderDecoder(options with { NewLayer = null }, new RandomGenerator(1));
        using var own = new RecurrentEncoderDecoder(options with
        {
            NewLayer = (i, h, random, o) => new CellLayer(i, h, width => new LstmCell(width, h, random), random, o),
        }, new RandomGenerator(1));
        own.LoadStateDictionary(own.StateDictionary().Keys.Zip(plain.StateDictionary().Values)
            .ToDictionary(p => p.First, p => p.Second));
        own.Forward(source, lengths, target).Value.ShouldBeCloseTo(plain.Forward(source, lengths, target).Value, 1e-5f, "logits");
    }

    [Fact]
    public void The_whole_model_has_the_right_gradients()
    {
        using var text = new RecurrentLanguageModel(Text, new RandomGenerator(1));
        using var pair = new RecurrentEncoderDecoder(Pair with { Wiring = AttentionWiring.InputFeeding }, new RandomGenerator(1));
        Check(text, () => text.Predict(source).CrossEntropy(target));
        Check(pair, () => pair.Forward(source, lengths, target).CrossEntropy(target));

        static void Check(Module model, Func<Variable> loss)
        {
            ParameterCheck.Enliven(model, new RandomGenerator(2));
            foreach (var (name, parameter) in model.NamedParameters())
                ParameterCheck.Run(model, parameter, loss, name, 1.0 / 256);
        }
    }

    [Fact]
    public void A_stream_of_texts_predicts_what_the_whole_sequence_predicts()
    {
        using var tape = new Tape();
        using var model = new RecurrentLanguageModel(Text with { Dropout = 0.5f, ZoneoutHidden = 0.2f }, new RandomGenerator(1));
        model.Evaluate();
        var (expected, end) = model.Forward(source);
        model.Train();
        using var stream = model.NewStream(2);
        using var start = stream.CopyState();
        for (var again = 0; again < 3; again++)
        {
            for (var t = 0; t < 3; t++)
                stream.Step([Tokens[t], Tokens[3 + t]]).ShouldBeCloseTo(expected.Value.Select(1, t), 1e-5f, $"step {t}");
            using var state = stream.CopyState();
            foreach (var (name, value) in end.StateDictionary())
                state.StateDictionary()[name].ShouldBeCloseTo(value, 1e-5f, name);
            if (again == 0)
                stream.Reset();
            else
                stream.Restore(start);
        }

        var before = stream.Step([1, 4]).ToArray();
        stream.Reset();
        stream.Reorder([1, 1]);
        stream.Step([4, 1]);
        stream.Reorder([1, 0]);
        stream.Logits.ToArray().Should().Equal(before, "the rows are swapped twice");
        stream.Step([2, 2]);
        var after = stream.Logits.ToArray();
        using var fresh = model.NewStream(2);
        fresh.Step([1, 4]);
        fresh.Step([2, 2]).ToArray().Should().Equal(after, "the state is swapped with the logits");
    }

    [Fact]
    public void A_stream_refuses_the_state_of_another_model()
    {
        using var model = new RecurrentLanguageModel(Text, new RandomGenerator(1));
        using var stream = model.NewStream(2);
        using RecurrentState other = new RecurrentLanguageModel(Text with { Layers = 1 }, new RandomGenerator(1)).Recurrent
            .ZeroState(2), wide = model.Recurrent.ZeroState(3);
        stream.Invoking(s => s.Restore(other)).Should().Throw<ArgumentException>()
            .WithMessage("LanguageModelStream: the state does not belong to 2 layers of kind CellLayer.*");
        stream.Invoking(s => s.Restore(wide)).Should().Throw<ShapeException>()
            .WithMessage("LanguageModelStream: a part of the state should have shape (B, ...) = (2, ...); got (3, 4).");
    }

    [Theory]
    [InlineData(AttentionWiring.AfterStep)]
    [InlineData(AttentionWiring.InputFeeding)]
    [InlineData(AttentionWiring.BeforeStep)]
    public void A_stream_of_targets_predicts_what_teacher_forcing_predicts(AttentionWiring wiring)
    {
        using var scope = new TensorScope();
        using var model = new RecurrentEncoderDecoder(Pair with { Wiring = wiring, Dropout = 0.5f }, new RandomGenerator(1));
        model.Evaluate();
        var expected = model.Forward(source, lengths, target).Value;
        model.Train();
        using var stream = model.NewStream(source, lengths, beams: 2);
        var next = target.ToArray();
        for (var again = 0; again < 2; again++)
        {
            stream.Step([0, next[0], next[3], 0]);
            stream.Reorder([1, 1, 2, 2]);
            for (var t = 1; t < 3; t++)
            {
                var logits = stream.Step([next[t], next[t], next[3 + t], 0]);
                for (var row = 0; row < 3; row++)
                    logits[row].ShouldBeCloseTo(expected[row / 2, t], 1e-5f, $"row {row} after step {t}");
            }

            stream.Reset();
        }
    }

    [Fact]
    public void A_language_model_is_loaded_with_the_layers_or_refused()
    {
        var path = temporary.File("own.safetensors");
        using var model = new RecurrentLanguageModel(Text, new RandomGenerator(1));
        model.StateDictionary().Keys.Should().Contain("recurrent.cell_l1.input.weight");
        model.Save(path);
        FluentActions.Invoking(() => RecurrentLanguageModel.Load(path)).Should().Throw<CheckpointException>()
            .WithMessage("*a model of the kind 'recurrent-language-model with parts of its own', not 'recurrent-language-model'."
                + " Files do not hold the code of these parts."
                + " Load it with RecurrentLanguageModel.Load(path, o => o with { NewLayer = ... }).");
        FluentActions.Invoking(() => LanguageModel.Load(path)).Should().Throw<CheckpointException>()
            .WithMessage("*Load it with RecurrentLanguageModel.Load(path, o => o with { NewLayer = ... }).");
        using var loaded = RecurrentLanguageModel.Load(path, o => o with { NewLayer = Text.NewLayer });
        loaded.Options.Should().Be(model.Options);
        ShouldBeSame(loaded, model);
        FluentActions.Invoking(() => RecurrentLanguageModel.Load(path, o => o)).Should().Throw<CheckpointException>()
            .WithMessage("*it does not hold the model that it describes: *lstm.weight_ih_l0*");
    }

    [Fact]
    public void An_encoder_decoder_is_loaded_with_the_layers_and_the_attention()
    {
        Func<int, RandomGenerator, AttentionLayer> additive = (size, random) => new AdditiveAttention(size, size, 3, random);
        string path = temporary.File("own.safetensors"), attentive = temporary.File("attention.safetensors"),
            plain = temporary.File("plain.safetensors");
        using var model = new RecurrentEncoderDecoder(Pair with { NewAttention = additive }, new RandomGenerator(1));
        model.Save(path);
        FluentActions.Invoking(() => EncoderDecoderModel.Load(path)).Should().Throw<CheckpointException>()
            .WithMessage("*'recurrent-encoder-decoder with parts of its own', not *. Files do not hold the code of these parts."
                + " Load it with RecurrentEncoderDecoder.Load(path, o => o with { NewLayer = ..., NewAttention = ... }).");
        using var loaded = RecurrentEncoderDecoder.Load(path, o => o with { NewLayer = Pair.NewLayer, NewAttention = additive });
        loaded.Options.Should().Be(model.Options);
        ShouldBeSame(loaded, model);

        var other = Pair with { NewLayer = null, NewAttention = additive };
        using var withAttention = new RecurrentEncoderDecoder(other, new RandomGenerator(1));
        withAttention.Save(attentive);
        using var again = RecurrentEncoderDecoder.Load(attentive, o => o with { NewAttention = additive });
        ShouldBeSame(again, withAttention);
        using var builtIn = new RecurrentEncoderDecoder(Pair with { NewLayer = null }, new RandomGenerator(1));
        builtIn.Save(plain);
        FluentActions.Invoking(() => RecurrentEncoderDecoder.Load(plain, o => o with { NewLayer = Pair.NewLayer }))
            .Should().Throw<CheckpointException>().WithMessage("*It has none of its own. Load it with"
                + " RecurrentEncoderDecoder.Load(path).");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_is_resumed_with_the_state_and_the_masks_of_the_layers(bool streams)
    {
        SmallRun run = new()
        {
            NewLayer = FastWeights.NewLayer,
            Hidden = 4,
            Streams = streams,
            Dropout = 0.3f,
            Options = new() { Steps = 12, CheckpointEvery = 3, EvaluateEvery = 6, Folder = temporary.File("whole") },
        };
        run.Train();
        var again = run with { Options = run.Options with { Folder = temporary.File("stopped") } };
        using (var cancel = new CancellationTokenSource())
        {
            again.Train(cancellation: cancel.Token, watch: t => t.StepCompleted += (_, e) =>
            {
                if (e.Step == 7)
                    cancel.Cancel();
            });
        }

        FluentActions.Invoking(() => (again with { NewLayer = null }).Train(resume: true)).Should().Throw<CheckpointException>()
            .WithMessage("*recurrent.cell_l0.input.weight, recurrent.cell_l0.input.bias*removed*");
        again.Train(resume: true);
        SmallRun.Hash(again.Options.Folder!).Should().Be(SmallRun.Hash(run.Options.Folder!));
    }

    [Fact]
    public void Layers_move_to_another_device_with_their_model()
    {
        using var scope = new TensorScope();
        using var other = new CpuBackend(1);
        using var text = new RecurrentLanguageModel(Text, new RandomGenerator(1));
        using var pair = new RecurrentEncoderDecoder(Pair, new RandomGenerator(1));
        var expected = text.Predict(source).Value.Select(1, 2);
        var translated = pair.Forward(source, null, target).Value.Select(1, 0);
        text.To(other);
        pair.To(other);
        using var stream = text.NewStream(2);
        for (var t = 0; t < 3; t++)
            stream.Step([Tokens[t], Tokens[3 + t]]);
        stream.Logits.Backend.Should().BeSameAs(other);
        stream.Logits.ToArray().Should().Equal(expected.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
        using var there = IndexTensor.FromSpan(Tokens, [2, 3], other);
        using var targets = pair.NewStream(there, null);
        targets.Step([1, 2]).ToArray().Should().Equal(translated.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void An_encoder_and_a_decoder_may_share_a_layer()
    {
        Lstm? shared = null;
        RecurrentEncoderDecoderOptions options = Pair with
        {
            EmbeddingSize = 4,
            NewLayer = (i, h, random, o) => shared ??= new Lstm(i, h, random, o),
        };
        using var model = new RecurrentEncoderDecoder(options, new RandomGenerator(1));
        model.Encoder.Recurrent.Should().BeSameAs(model.Decoder.Recurrent);
        model.NamedParameters().Where(p => p.Key.Contains("weight_ih_l0")).Should().ContainSingle();
        using var tape = new Tape();
        tape.Backward(model.Forward(source, lengths, target).CrossEntropy(target));
        model.Parameters().Should().OnlyContain(p => !ReferenceEquals(p.Gradient, null));
        var path = temporary.File("shared.safetensors");
        model.Save(path);
        Lstm? again = null;
        using var loaded = RecurrentEncoderDecoder.Load(path,
            o => o with { NewLayer = (i, h, random, form) => again ??= new Lstm(i, h, random, form) });
        ShouldBeSame(loaded, model);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused((_, _, _, _) => null!, "RecurrentLanguageModel: NewLayer returned null. Hint: for a built-in layer choose its*");
        Refused((i, h, random, _) => new Gru(i, h + 1, random), "RecurrentLanguageModel: the result of NewLayer should have"
            + " InputSize 3, HiddenSize 4, Layers 2, Bidirectional False, IsTimeFirst False and ProjectionSize 0; got Gru with"
            + " InputSize 3, HiddenSize 5, Layers 1, Bidirectional False, IsTimeFirst False and ProjectionSize 0. Hint: *");
        Refused((i, h, random, o) => new Gru(i, h, random, o with { Bidirectional = true }), "*got Gru with*Bidirectional True*");
        Refused((i, h, random, o) => new Gru(i, h, random, o with { IsTimeFirst = true }), "*got Gru with*IsTimeFirst True*");
        Refused((i, h, random, o) => new Lstm(i, h, random, o with { ProjectionSize = 2 }), "*got Lstm with*ProjectionSize 2.*");
        FluentActions.Invoking(() => new RecurrentLanguageModel(Text with { ForgetGateBias = 1f }, new RandomGenerator(1)))
            .Should().Throw<ArgumentException>().WithMessage("CellLayer: *and ForgetGateBias belong to the cell*");
        var nothing = Pair with { NewLayer = (_, _, _, _) => null! };
        FluentActions.Invoking(() => new RecurrentEncoderDecoder(nothing, new RandomGenerator(1))).Should()
            .Throw<ArgumentException>().WithMessage("RecurrentEncoder: NewLayer returned null.*");
        var made = 0;
        RecurrentEncoderDecoderOptions mixed = Pair with
        {
            NewLayer = (i, h, random, o) => made++ == 0 ? new Gru(i, h, random, o) : new Lstm(i, h, random, o),
        };
        FluentActions.Invoking(() => new RecurrentEncoderDecoder(mixed, new RandomGenerator(1))).Should()
            .Throw<ArgumentException>().WithMessage("RecurrentEncoderDecoder: the decoder starts from the encoder's state, so"
                + " both results of NewLayer should have as many variables of state; got Gru with 1 and Lstm with 2.*");
        using var both = new RecurrentEncoderDecoder(Pair with { Bidirectional = true }, new RandomGenerator(1));
        both.Invoking(m => m.Forward(source, lengths, target)).Should().Throw<ShapeException>()
            .WithMessage("RecurrentEncoder: each state of a CellLayer in two directions should have shape (B, H / 2) = (B, 2)"
                + " because both directions are put side by side for the decoder; got (2, 2, 2).");

        static void Refused(Func<int, int, RandomGenerator, RecurrentLayerOptions, RecurrentLayer> newLayer, string message) =>
            FluentActions.Invoking(() => new RecurrentLanguageModel(Text with { NewLayer = newLayer }, new RandomGenerator(1)))
                .Should().Throw<ArgumentException>().WithMessage(message);
    }

    private static Lstm NewLstm(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions options) =>
        new(inputSize, hiddenSize, random, options);

    private static void Train(Module model, Func<Variable> loss)
    {
        using var optimizer = new Adam(model.Parameters(), 0.01f);
        for (var step = 0; step < 3; step++)
        {
            using var tape = new Tape();
            tape.Backward(loss());
            optimizer.Step();
            optimizer.ZeroGradients();
        }
    }

    private static void ShouldBeSame(Module model, Module other)
    {
        var expected = other.StateDictionary();
        foreach (var (name, value) in model.StateDictionary())
        {
            var builtIn = name.Replace("recurrent.", "lstm.", StringComparison.Ordinal);
            value.ToArray().Should().Equal(expected[expected.ContainsKey(builtIn) ? builtIn : name].ToArray(), name);
        }
    }
}

/// <summary>
/// A state with a matrix, M' = M / 2 + v k^T and h' = tanh(M' q + U h), with q, k and v from x (fast weights, as in Ba et al.,
/// arXiv:1610.06258, simplified).
/// </summary>
internal sealed class FastWeights : RecurrentCell
{
    private readonly Linear input;
    private readonly Linear hidden;

    private FastWeights(int inputSize, int hiddenSize, RandomGenerator random) : base(inputSize, hiddenSize, stateCount: 2)
    {
        input = Register("input", new Linear(inputSize, 3 * hiddenSize, random));
        hidden = Register("hidden", new Linear(hiddenSize, hiddenSize, random, bias: false));
    }

    internal static RecurrentLayer NewLayer(int inputSize, int hiddenSize, RandomGenerator random,
        RecurrentLayerOptions options) =>
        new CellLayer(inputSize, hiddenSize, width => new FastWeights(width, hiddenSize, random), random, options);

    public override Variable ProjectInputs(Variable x) => input.Forward(x);

    public override IReadOnlyList<Variable> Step(Variable x, IReadOnlyList<Variable> state)
    {
        var parts = x.Unsqueeze(2).Split(HiddenSize, 1);
        var memory = (state[1] * 0.5f) + Variable.MatMul(parts[2], parts[1].Transpose());
        return [(Variable.MatMul(memory, parts[0]).Squeeze(2) + hidden.Forward(state[0])).Tanh(), memory];
    }

    public override IReadOnlyList<Variable> ZeroState(int batchSize, Backend? backend = null) =>
        [Tensor.Zeros([batchSize, HiddenSize], backend), Tensor.Zeros([batchSize, HiddenSize, HiddenSize], backend)];
}
