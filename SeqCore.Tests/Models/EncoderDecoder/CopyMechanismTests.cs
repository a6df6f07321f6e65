using SeqCore.Models;

namespace SeqCore.Tests.Models.EncoderDecoder;

public class CopyMechanismTests
{
    private const int V = 7, B = 3, S = 5, T = 4;
    private static readonly int[] Lengths = [5, 2, 4];

    public static TheoryData<AttentionScore, AttentionWiring> Variants
    {
        get
        {
            var variants = new TheoryData<AttentionScore, AttentionWiring>();
            foreach (var wiring in Enum.GetValues<AttentionWiring>())
            {
                variants.Add(AttentionScore.General, wiring);
                variants.Add(AttentionScore.Additive, wiring);
                variants.Add(AttentionScore.MultiHead, wiring);
            }

            return variants;
        }
    }

    [Fact]
    public void A_closed_gate_copies_what_attention_looks_at()
    {
        using var copy = new CopyMechanism(2, new RandomGenerator(1));
        copy.Gate.Weight.Value.MultiplyInPlace(0f);
        copy.Gate.Bias!.Value.FillInPlace(-30f);
        Variable logits = Tensor.RandomNormal([1, 2, V], new RandomGenerator(2)), features = Tensor.Zeros([1, 2, 2]);
        Variable attention = Tensor.FromArray(new float[,,] { { { 0.5f, 0.25f, 0.25f }, { 0, 1, 0 } } });
        using var source = IndexTensor.FromArray(new[,] { { 6, 3, 6 } });
        var p = copy.Forward(logits, attention, features, source).Value.Exp();
        p[0, 0, 6].Item().Should().BeApproximately(0.75f, 1e-6f);
        p[0, 0, 3].Item().Should().BeApproximately(0.25f, 1e-6f);
        p[0, 1, 3].Item().Should().BeApproximately(1f, 1e-6f);
        copy.Gate.Bias.Value.FillInPlace(30f);
        copy.Forward(logits, attention, features, source).Value
            .ShouldBeCloseTo(logits.Value.LogSoftmax(), 1e-5f, "an open gate generates");
    }

    [Fact]
    public void Heads_of_attention_are_averaged()
    {
        using var copy = new CopyMechanism(2, new RandomGenerator(1));
        Variable logits = Tensor.Zeros([1, 1, V]), features = Tensor.Zeros([1, 1, 2]);
        Variable heads = Tensor.FromArray([1, 0, 0, 1]).Reshape(1, 2, 1, 2);
        Variable mean = Tensor.FromArray(new float[,,] { { { 0.5f, 0.5f } } });
        using var source = IndexTensor.FromArray(new[,] { { 1, 2 } });
        copy.Forward(logits, heads, features, source).Value
            .ShouldBeCloseTo(copy.Forward(logits, mean, features, source).Value, 0f, "log probabilities");
    }

    [Theory, MemberData(nameof(Variants))]
    public void A_stream_writes_what_teacher_forcing_predicts_and_its_beams_too(AttentionScore score, AttentionWiring wiring)
    {
        using var model = New(score, wiring);
        var (source, lengths, target) = Tokens();
        model.Evaluate();
        var (logits, attention) = model.Forward(source, lengths, target, returnAttention: true);
        logits.LogSoftmax().Value.ShouldBeCloseTo(logits.Value, 1e-5f, "log probabilities");
        model.Forward(source, lengths, target).Value.ShouldBeCloseTo(logits.Value, 0f, "logits without weights");
        model.Forward(source, lengths, target, returnAttention: false).Attention.Should().BeEmpty();
        model.Train();
        using var stream = model.NewStream(source, lengths, beams: 2);
        source.Dispose();
        for (var t = 0; t < T; t++)
        {
            stream.KeepsAttention = t % 2 == 1;
            stream.Step([.. Enumerable.Range(0, 2 * B).Select(b => target.ToArray()[(b / 2 * T) + t])]);
            for (var beam = 0; beam < 2; beam++)
                stream.Logits.Slice(0, beam, B, 2).ShouldBeCloseTo(logits.Value.Select(1, t), 1e-5f, $"logits {t}");
            stream.Attention.Should().HaveCount(t % 2);
            if (t % 2 == 1)
            {
                stream.Attention[0].Slice(0, 1, B, 2)
                    .ShouldBeCloseTo(attention[0].Value.Select(2, t), 1e-5f, $"attention {t}");
            }
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void Padding_and_neighbours_change_nothing(AttentionScore score, AttentionWiring wiring)
    {
        using var model = New(score, wiring);
        model.Evaluate();
        var (source, lengths, target) = Tokens();
        var whole = model.Forward(source, lengths, target);
        for (var b = 0; b < B; b++)
        {
            using var one = IndexTensor.FromSpan(source.ToArray().AsSpan(b * S, Lengths[b]), new Shape(1, Lengths[b]));
            using var to = IndexTensor.FromSpan(target.ToArray().AsSpan(b * T, T), new Shape(1, T));
            model.Forward(one, null, to).Value.ShouldBeCloseTo(whole.Value.Slice(0, b, 1), 1e-5f, $"logits of {b}");
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void Every_parameter_gets_a_gradient(AttentionScore score, AttentionWiring wiring)
    {
        using var model = New(score, wiring);
        var (source, lengths, target) = Tokens();
        using var tape = new Tape();
        tape.Backward(model.Forward(source, lengths, target).CrossEntropy(target));
        model.NamedParameters().Select(p => p.Key).Should().Contain(["decoder.copy.gate.weight", "decoder.copy.gate.bias"]);
        model.NamedParameters().Should().OnlyContain(p => !ReferenceEquals(p.Value.Gradient, null) && p.Value.Gradient.IsFinite()
            && p.Value.Gradient.ToArray().Any(g => g != 0f));
    }

    [Theory]
    [InlineData(HardAttentionEstimator.ScoreFunction)]
    [InlineData(HardAttentionEstimator.StraightThrough)]
    public void Hard_attention_copies_the_token_that_it_chose(HardAttentionEstimator estimator)
    {
        using var model = New(AttentionScore.Additive, AttentionWiring.InputFeeding, estimator);
        var (source, lengths, target) = Tokens();
        using var tape = new Tape();
        var result = model.Forward(source, lengths, target, returnAttention: true);
        result.Logits.LogSoftmax().Value.ShouldBeCloseTo(result.Logits.Value, 1e-5f, "log probabilities");
        tape.Backward(result.Logits.CrossEntropy(target));
        model.Parameters().Where(p => !ReferenceEquals(p.Gradient, null)).Should().OnlyContain(p => p.Gradient!.IsFinite());
    }

    [Fact]
    public void A_loaded_model_copies_bit_for_bit_the_same()
    {
        using var folder = new TemporaryFolder();
        using var model = New(AttentionScore.General, AttentionWiring.AfterStep);
        model.SourceTokenizer = new CharacterTokenizer("abcdefg");
        model.TargetTokenizer = new CharacterTokenizer("abcdefg");
        model.Evaluate();
        var path = folder.File("model.safetensors");
        model.Save(path);
        using var loaded = EncoderDecoderModel.Load(path);
        var (source, lengths, target) = Tokens();
        loaded.Forward(source, lengths, target).Value.ToArray()
            .Should().Equal(model.Forward(source, lengths, target).Value.ToArray());
        ((RecurrentEncoderDecoder)loaded).Options.Copies.Should().BeTrue();
        loaded.TargetTokenizer!.Count.Should().Be(V);
    }

    [Fact]
    public void Source_and_target_have_to_share_vocabulary_and_tokenizer()
    {
        var options = Options(AttentionScore.General, AttentionWiring.AfterStep, null);
        Refused(options with { SourceVocabularySize = V + 1 },
            "RecurrentEncoderDecoder: a model that copies*one vocabulary*SourceVocabularySize is 8 and TargetVocabularySize 7.*");
        Refused(options with { Attention = AttentionScore.None },
            "RecurrentEncoderDecoder: Copies needs an attention*Attention is None.");
        using var model = new RecurrentEncoderDecoder(options, new RandomGenerator(1))
        {
            SourceTokenizer = new CharacterTokenizer("abcdefg"),
        };
        model.Invoking(m => m.TargetTokenizer = new CharacterTokenizer("abcdefh")).Should().Throw<ArgumentException>()
            .WithMessage("RecurrentEncoderDecoder: the model copies tokens*should be the same; got two that differ. Hint: *");
        model.TargetTokenizer = model.SourceTokenizer;
        model.Invoking(m => m.SourceTokenizer = new CharacterTokenizer("abcdefh")).Should().Throw<ArgumentException>();
        var (source, lengths, target) = Tokens();
        var (keys, state) = model.Encoder.Forward(source, lengths);
        model.Decoder.Invoking(d => d.Forward(target, state, d.Attention!.Prepare(keys)))
            .Should().Throw<ArgumentNullException>().WithMessage("*sourceTokens*");

        static void Refused(RecurrentEncoderDecoderOptions options, string message) =>
            FluentActions.Invoking(() => new RecurrentEncoderDecoder(options, new RandomGenerator(1)))
                .Should().Throw<ArgumentException>().WithMessage(message);
    }

    private static RecurrentEncoderDecoder New(AttentionScore score, AttentionWiring wiring,
        HardAttentionEstimator? hard = null) =>
        new(Options(score, wiring, hard), new RandomGenerator(5));

    private static RecurrentEncoderDecoderOptions Options(AttentionScore score, AttentionWiring wiring,
        HardAttentionEstimator? hard) => new()
        {
            SourceVocabularySize = V,
            TargetVocabularySize = V,
            Kind = RecurrentKind.Gru,
            EmbeddingSize = 3,
            HiddenSize = 4,
            Layers = 2,
            Dropout = 0.1f,
            Bidirectional = true,
            Attention = score,
            Wiring = wiring,
            HeadCount = 2,
            Hard = hard,
            Copies = true,
        };

    private static (IndexTensor Source, IndexTensor Lengths, IndexTensor Target) Tokens()
    {
        var random = new RandomGenerator(2);
        int[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt32(V))];
        return (IndexTensor.FromSpan(Draw(B * S), new Shape(B, S)), IndexTensor.FromSpan(Lengths, new Shape(B)),
            IndexTensor.FromSpan(Draw(B * T), new Shape(B, T)));
    }
}
