using SeqCore.Models;

namespace SeqCore.Tests.Models.Transformer;

/// <summary>Blocks with another mixer than attention, and with a feed-forward part of one's own.</summary>
public class OwnPartsTests
{
    private static readonly GptOptions Small = new()
    {
        VocabularySize = 7,
        MaximumLength = 8,
        Layers = 2,
        HeadCount = 2,
        ModelSize = 4,
        FeedForwardSize = 5,
        NewMixer = (options, random) => new DecayingSum(options.ModelSize, random),
        NewFeedForward = (options, random) => new Linear(options.ModelSize, options.ModelSize, random),
    };

    [Fact]
    public void The_rest_of_a_model_trains_with_them()
    {
        using var model = new Gpt(Small, new RandomGenerator(1));
        model.StateDictionary().Keys.Should().Contain(["transformer.h.1.attn.decay", "transformer.h.1.mlp.weight"])
            .And.NotContain(k => k.Contains("c_attn") || k.Contains("c_fc"));
        using IndexTensor tokens = IndexTensor.FromSpan([1, 2, 3, 4, 5, 6], [2, 3]),
            targets = IndexTensor.FromSpan([2, 3, 1, 5, 6, 0], [2, 3]);
        ParameterCheck.Enliven(model, new RandomGenerator(2));
        foreach (var (name, parameter) in model.NamedParameters())
            ParameterCheck.Run(model, parameter, () => model.Predict(tokens).CrossEntropy(targets), name, 1.0 / 256);
    }

    [Fact]
    public void A_stream_goes_through_the_state_of_the_mixer()
    {
        using var scope = new TensorScope();
        using var model = new Gpt(Small, new RandomGenerator(1));
        using IndexTensor first = IndexTensor.FromSpan([1, 2, 5, 4], [1, 4]), second = IndexTensor.FromSpan([3, 2, 5, 4], [1, 4]);
        using var stream = model.NewStream(2);
        for (var again = 0; again < 2; again++)
        {
            stream.ReadEach([3, 2, 1, 2]);
            stream.Reorder([1, 0]);
            stream.Step([5, 5]);
            stream.Step([4, 4]);
            stream.Logits[0].ShouldBeCloseTo(model.Predict(first).Value[0, 3], 1e-6f, "row 0 continues row 1");
            stream.Logits[1].ShouldBeCloseTo(model.Predict(second).Value[0, 3], 1e-6f, "row 1 continues row 0");
            stream.Reset();
        }
    }

    [Fact]
    public void A_mixer_whose_state_does_not_support_padding_reads_prompts_of_one_length()
    {
        using var scope = new TensorScope();
        using var model = new Gpt(Small, new RandomGenerator(1));
        using var stream = model.NewStream(2);
        stream.SupportsPadding.Should().BeFalse();
        stream.Invoking(s => s.ReadEach([[1], [1, 2]])).Should().Throw<NotSupportedException>()
            .WithMessage("GptStream: a state of the model's mixers does not support padding*MixerState.SetPadding*");
        using var state = model.NewStates(1)[0];
        state.Invoking(s => s.SetPadding([1])).Should().Throw<NotSupportedException>()
            .WithMessage("DecayState: it cannot leave*");
        new TextGenerator(stream).GenerateEach([[1], [1, 2]], new GenerationOptions { MaximumLength = 2 }).Should().HaveCount(2);
    }

    [Fact]
    public void A_file_of_such_a_model_is_loaded_with_the_parts_or_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("own.safetensors");
        using var model = new Gpt(Small, new RandomGenerator(1));
        model.Save(path);
        FluentActions.Invoking(() => Gpt.Load(path)).Should().Throw<CheckpointException>()
            .WithMessage("*a model of the kind 'gpt with parts of its own', not 'gpt'. Files do not hold the code of these parts."
                + " Load it with Gpt.Load(path, o => o with { NewMixer = ..., NewFeedForward = ... }).");
        FluentActions.Invoking(() => LanguageModel.Load(path)).Should().Throw<CheckpointException>()
            .WithMessage("*'gpt with parts of its own', not 'recurrent-language-model' or 'gpt'. Files do not*");
        using var loaded = Gpt.Load(path, o => o with { NewMixer = Small.NewMixer, NewFeedForward = Small.NewFeedForward });
        loaded.StateDictionary()["transformer.h.0.attn.decay"].ToArray()
            .Should().Equal(model.StateDictionary()["transformer.h.0.attn.decay"].ToArray());
        loaded.Options.Should().Be(model.Options);
    }

    [Fact]
    public void A_file_of_a_model_without_such_parts_is_not_loaded_with_them()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("plain.safetensors");
        using var model = new Gpt(Small with { NewMixer = null, NewFeedForward = null }, new RandomGenerator(1));
        model.Save(path);
        FluentActions.Invoking(() => Gpt.Load(path, o => o with { NewMixer = Small.NewMixer })).Should()
            .Throw<CheckpointException>().WithMessage("*a model of the kind 'gpt', not 'gpt with parts of its own'."
                + " It has none of its own. Load it with Gpt.Load(path).");
        FluentActions.Invoking(() => EncoderDecoderModel.Load(path)).Should().Throw<CheckpointException>()
            .WithMessage("*a model of the kind 'gpt', not 'recurrent-encoder-decoder' or 'transformer'."
                + " Load it with Gpt.Load(path).");
    }

    [Fact]
    public void Encoders_and_encoder_decoders_take_them_too()
    {
        using var scope = new TensorScope();
        using var bert = new Bert(new()
        {
            VocabularySize = 7,
            Layers = 1,
            HeadCount = 1,
            ModelSize = 4,
            NewMixer = Small.NewMixer,
            NewFeedForward = Small.NewFeedForward,
        }, new RandomGenerator(1));
        using var tokens = IndexTensor.FromSpan([1, 2, 3], [1, 3]);
        bert.Encode(tokens).Shape.ToString().Should().Be("(1, 3, 4)");
        bert.StateDictionary().Keys.Should()
            .Contain(["bert.encoder.layer.0.attention.decay", "bert.encoder.layer.0.intermediate.weight"]);
        using var both = new SeqCore.Models.Transformer(new()
        {
            SourceVocabularySize = 7,
            TargetVocabularySize = 7,
            EncoderLayers = 1,
            DecoderLayers = 1,
            Layer = new()
            {
                ModelSize = 4,
                HeadCount = 1,
                FeedForwardSize = 4,
                Dropout = 0f,
                NewMixer = Small.NewMixer,
                NewFeedForward = (o, r) => new Linear(new Parameter(Tensor.Full([o.ModelSize, o.ModelSize], 0.5f))),
            },
        }, new RandomGenerator(1));
        both.StateDictionary()["encoder.layers.0.feed_forward.weight"].ToArray()
            .Should().OnlyContain(w => w == 0.5f, "its initial values are those that it came with");
        both.FileKind.Should().Be("transformer with parts of its own");
        using var stream = both.NewStream(tokens, null);
        stream.Read([1, 2]);
        stream.Logits.ShouldBeCloseTo(both.Forward(tokens, null, IndexTensor.FromSpan([1, 2], [1, 2])).Value[0, 1..], 1e-5f, "");
    }

    [Fact]
    public void What_cannot_be_a_part_is_refused()
    {
        FluentActions.Invoking(() => new Gpt(Small with { NewMixer = (_, _) => new NoModule() }, new RandomGenerator(1)))
            .Should().Throw<ArgumentException>()
            .WithMessage("TransformerBlock: the result of NewMixer should be a Module, so that its*; got NoModule.*");
        FluentActions.Invoking(() => new Gpt(Small with { NewFeedForward = (_, _) => null! }, new RandomGenerator(1)))
            .Should().Throw<ArgumentException>().WithMessage("*the result of NewFeedForward should be a Module*got null.*");
        using var model = new Gpt(Small with { NewMixer = (o, r) => new Whole(o.ModelSize, r) }, new RandomGenerator(1));
        model.Invoking(m => m.NewStream()).Should().Throw<NotSupportedException>()
            .WithMessage("Whole: it reads only whole sequences*Hint: implement NewState.");
    }

    [Fact]
    public void A_part_that_returns_another_shape_is_named()
    {
        using var scope = new TensorScope();
        using var tokens = IndexTensor.FromSpan([1, 2, 3], [1, 3]);
        using var wide = new Gpt(Small with { NewFeedForward = (o, r) => new Linear(o.ModelSize, 6, r) }, new RandomGenerator(1));
        wide.Invoking(m => m.Predict(tokens)).Should().Throw<ShapeException>()
            .WithMessage("TransformerBlock: the result of NewFeedForward's Linear should have shape (B, T, D) = (1, 3, 4);"
                + " got (1, 3, 6).");
        using var narrow = new Gpt(Small with { NewMixer = (o, r) => new Half() }, new RandomGenerator(1));
        narrow.Invoking(m => m.Predict(tokens)).Should().Throw<ShapeException>()
            .WithMessage("TransformerBlock: the result of NewMixer's Half should have shape (B, T, D) = (1, 3, 4);"
                + " got (1, 3, 2).");
    }

    private sealed class Half : Module, ISequenceMixer
    {
        public Variable Forward(Variable x, MixerPass pass) => x.Slice(2, 0, 2);
    }

    private sealed class NoModule : ISequenceMixer
    {
        public Variable Forward(Variable x, MixerPass pass) => x;
    }

    private sealed class Whole(int size, RandomGenerator random) : Module, ISequenceMixer
    {
        private readonly Linear linear = new(size, size, random);

        public Variable Forward(Variable x, MixerPass pass) => linear.Forward(x);
    }
}

/// <summary>y_t = d y_(t-1) + x_t, with a trained d for each element: the simplest recurrence.</summary>
internal sealed class DecayingSum : Module, ISequenceMixer
{
    private readonly Parameter decay;

    internal DecayingSum(int size, RandomGenerator random) =>
        decay = Register("decay", Tensor.RandomUniform([size], random, 0.3f, 0.7f));

    public Variable Forward(Variable x, MixerPass pass)
    {
        var state = (DecayState?)pass.State;
        var y = state?.Last is { } last ? (Variable)last : null;
        var steps = new List<Variable>();
        for (var t = 0; t < x.Shape[1]; t++)
        {
            y = y is null ? x.Select(1, t) : (decay * y) + x.Select(1, t);
            steps.Add(y);
        }

        state?.Remember(y!.Value.Copy);
        return Variable.Stack([.. steps], 1);
    }

    public MixerState NewState(int batchSize, AttentionOptions options) => new DecayState();

    private sealed class DecayState : MixerState
    {
        internal Tensor? Last { get; private set; }

        internal void Remember(Func<Tensor> make)
        {
            using var suspension = TensorScope.Suspend();
            Last = make();
        }

        public override void Reorder(ReadOnlySpan<int> rows)
        {
            using var indices = IndexTensor.FromSpan(rows, [rows.Length]);
            Remember(() => Last!.Gather(indices));
        }

        public override void Reset() => Last = null;

        protected override void Dispose(bool disposing) => Last?.Dispose();
    }
}
