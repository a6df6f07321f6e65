using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.EncoderDecoder;

public class RecurrentEncoderDecoderTests
{
    private const int VS = 7, VT = 6, E = 3, H = 4, B = 3, S = 5, T = 4;
    private static readonly int[] Lengths = [5, 2, 4];

    public static TheoryData<string> Goldens => [.. Golden.Read("encoder_decoder.json").EnumerateObject().Select(c => c.Name)];

    /// <summary>Every score, every wiring, every kind of layer.</summary>
    public static TheoryData<RecurrentKind, AttentionScore, AttentionWiring> Variants
    {
        get
        {
            var variants = new TheoryData<RecurrentKind, AttentionScore, AttentionWiring> { { RecurrentKind.Lstm,
                AttentionScore.None, AttentionWiring.AfterStep } };
            foreach (var score in Enum.GetValues<AttentionScore>().Where(s => s != AttentionScore.None))
            {
                foreach (var wiring in Enum.GetValues<AttentionWiring>())
                    variants.Add((RecurrentKind)(((int)score + (int)wiring) % 3), score, wiring);
            }

            return variants;
        }
    }

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Logits_weights_and_gradients_are_those_of_PyTorch(string name)
    {
        var golden = Golden.Read("encoder_decoder.json").GetProperty(name);
        using var model = new RecurrentEncoderDecoder(new RecurrentEncoderDecoderOptions
        {
            SourceVocabularySize = VS,
            TargetVocabularySize = VT,
            Kind = Enum.Parse<RecurrentKind>(golden.GetProperty("kind").GetString()!, ignoreCase: true),
            EmbeddingSize = E,
            HiddenSize = H,
            Layers = golden.GetProperty("layers").GetInt32(),
            Bidirectional = golden.GetProperty("bidirectional").GetBoolean(),
            Attention = Enum.Parse<AttentionScore>(golden.GetProperty("score").GetString()!),
            Wiring = Enum.Parse<AttentionWiring>(golden.GetProperty("wiring").GetString()!),
            HeadCount = 2,
        }, new RandomGenerator(1));
        model.LoadStateDictionary(golden.GetProperty("parameters").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.ToTensor()));
        using var source = IndexTensor.FromSpan(golden.GetProperty("source").Integers(), new Shape(B, S));
        using var target = IndexTensor.FromSpan(golden.GetProperty("target").Integers(), new Shape(B, T));
        using var lengths = IndexTensor.FromSpan(Lengths, new Shape(B));

        using var tape = new Tape();
        var (logits, attention) = model.Forward(source, lengths, target, returnAttention: true);
        logits.Value.ShouldBeCloseTo(golden.GetProperty("logits").ToTensor(), 1e-5f, "logits");
        if (model.Decoder.Attention is null)
        {
            attention.Should().BeEmpty();
        }
        else
        {
            attention.Should().ContainSingle().Which.Value
                .ShouldBeCloseTo(golden.GetProperty("weights").ToTensor(), 1e-5f, "weights");
        }

        tape.Backward((logits * golden.GetProperty("seed").ToTensor()).Sum());
        var parameters = model.NamedParameters().ToDictionary();
        foreach (var gradient in golden.GetProperty("gradients").EnumerateObject())
            parameters[gradient.Name].Gradient!.ShouldBeCloseTo(gradient.Value.ToTensor(), 1e-5f, gradient.Name);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_stream_writes_what_teacher_forcing_predicts(RecurrentKind kind, AttentionScore score, AttentionWiring wiring)
    {
        using var model = New(kind, score, wiring, layers: 2, dropout: 0.4f, bidirectional: true);
        var (source, lengths, target) = Tokens();
        model.Evaluate();
        var (logits, attention) = model.Forward(source, lengths, target, returnAttention: true);
        model.Train();
        using var stream = model.NewStream(source, lengths);
        stream.KeepsAttention = true;
        stream.Attention.Should().BeEmpty();
        for (var again = 0; again < 2; again++)
        {
            for (var t = 0; t < T; t++)
            {
                stream.Step([.. Enumerable.Range(0, B).Select(b => target.ToArray()[(b * T) + t])]);
                stream.Logits.ShouldBeCloseTo(logits.Value.Select(1, t), 1e-5f, $"logits {t}");
                if (score != AttentionScore.None)
                {
                    stream.Attention.Should().ContainSingle()
                        .Which.ShouldBeCloseTo(attention[0].Value.Select(2, t), 1e-5f, $"attention {t}");
                }
            }

            stream.Reset();
        }

        model.IsTraining.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Beams_continue_from_the_given_row(RecurrentKind kind, AttentionScore score, AttentionWiring wiring)
    {
        using var model = New(kind, score, wiring);
        var (source, lengths, _) = Tokens();
        using var beams = model.NewStream(source, lengths, beams: 2);
        using var single = model.NewStream(source, lengths);
        beams.Step([1, 2, 1, 2, 1, 2]);
        beams.Reorder([1, 1, 2, 3, 5, 4]);
        beams.Step([3, 4, 3, 4, 3, 4]);
        single.Step([2, 1, 2]);
        single.Step([3, 3, 3]);
        beams.Logits.Slice(0, 0, B, 2).ShouldBeCloseTo(single.Logits, 1e-5f, "first beams");
        single.Reset();
        single.Step([2, 2, 1]);
        single.Step([4, 4, 4]);
        beams.Logits.Slice(0, 1, B, 2).ShouldBeCloseTo(single.Logits, 1e-5f, "second beams");
    }

    [Fact]
    public void Beam_search_finds_for_many_sources_what_it_finds_for_each()
    {
        using var model = New(RecurrentKind.Lstm, AttentionScore.Additive, AttentionWiring.InputFeeding);
        foreach (var parameter in model.Parameters())
            parameter.Value.MultiplyInPlace(4f);
        var (source, lengths, _) = Tokens();
        var options = new BeamSearchOptions { MaximumLength = 3, EndToken = 0, Width = 36, Results = 3 };
        using var all = model.NewStream(source, lengths, beams: 36);
        var together = new BeamSearch(all, options).SearchAll([1]);
        for (var b = 0; b < B; b++)
        {
            using var one = IndexTensor.FromSpan(source.ToArray().AsSpan(b * S, Lengths[b]), new Shape(1, Lengths[b]));
            using var alone = model.NewStream(one, null, beams: 36);
            var found = new BeamSearch(alone, options).Search([1]);
            together[b].Select(h => string.Join(",", h.Tokens.ToArray()))
                .Should().Equal(found.Select(h => string.Join(",", h.Tokens.ToArray())));
            string.Join(",", found[0].Tokens.ToArray()).Should().Be(Likeliest(model, one));
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Padding_and_neighbours_change_nothing(RecurrentKind kind, AttentionScore score, AttentionWiring wiring)
    {
        using var model = New(kind, score, wiring, bidirectional: true);
        var (source, lengths, target) = Tokens();
        var whole = model.Forward(source, lengths, target);
        for (var b = 0; b < B; b++)
        {
            using var one = IndexTensor.FromSpan(source.ToArray().AsSpan(b * S, Lengths[b]), new Shape(1, Lengths[b]));
            using var to = IndexTensor.FromSpan(target.ToArray().AsSpan(b * T, T), new Shape(1, T));
            model.Forward(one, null, to).Value.ShouldBeCloseTo(whole.Value.Slice(0, b, 1), 1e-5f, $"logits of {b}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_parameter_gets_a_gradient(RecurrentKind kind, AttentionScore score, AttentionWiring wiring)
    {
        using var model = New(kind, score, wiring, layers: 2, dropout: 0.1f, bidirectional: true);
        var (source, lengths, target) = Tokens();
        using var tape = new Tape();
        tape.Backward(model.Forward(source, lengths, target).CrossEntropy(target));
        model.NamedParameters().Should().OnlyContain(p => !ReferenceEquals(p.Value.Gradient, null) && p.Value.Gradient.IsFinite()
            && p.Value.Gradient.ToArray().Any(g => g != 0f));
    }

    [Theory]
    [InlineData(HardAttentionEstimator.ScoreFunction, AttentionScore.Additive, AttentionWiring.AfterStep)]
    [InlineData(HardAttentionEstimator.ScoreFunction, AttentionScore.General, AttentionWiring.InputFeeding)]
    [InlineData(HardAttentionEstimator.StraightThrough, AttentionScore.Concat, AttentionWiring.BeforeStep)]
    [InlineData(HardAttentionEstimator.StraightThrough, AttentionScore.Additive, AttentionWiring.AfterStep)]
    public void Hard_attention_looks_at_one_position_and_a_stream_at_the_likeliest(HardAttentionEstimator estimator,
        AttentionScore score, AttentionWiring wiring)
    {
        using var model = New(RecurrentKind.Gru, score, wiring, layers: 2, dropout: 0.4f, bidirectional: true, hard: estimator);
        var (source, lengths, target) = Tokens();
        var drawn = model.Forward(source, lengths, target, returnAttention: true);
        drawn.ChoicesAffectLaterSteps.Should().Be(wiring != AttentionWiring.AfterStep);
        if (estimator == HardAttentionEstimator.ScoreFunction)
        {
            drawn.LogProbabilities!.Shape.ToString().Should().Be("(3, 4)");
            var chosen = (drawn.Attention[0].Value * drawn.Probabilities!.Value).Sum(-1).Log().Reshape(B, T);
            drawn.LogProbabilities.Value.ShouldBeCloseTo(chosen, 1e-5f, "log probabilities");
        }
        else
        {
            drawn.LogProbabilities.Should().BeNull();
        }

        model.Evaluate();
        var (logits, attention) = model.Forward(source, lengths, target, returnAttention: true);
        attention[0].Value.ToArray().Should().OnlyContain(w => w == 0f || w == 1f);
        attention[0].Value.Sum(-1).ToArray().Should().OnlyContain(w => w == 1f);
        model.Forward(source, lengths, target, returnAttention: false).LogProbabilities
            .Should().BeNull("nothing is drawn in evaluation");
        model.Train();
        using var stream = model.NewStream(source, lengths, beams: 2);
        stream.KeepsAttention = true;
        for (var t = 0; t < T; t++)
        {
            stream.Step([.. Enumerable.Range(0, 2 * B).Select(b => target.ToArray()[(b / 2 * T) + t])]);
            for (var beam = 0; beam < 2; beam++)
            {
                stream.Logits.Slice(0, beam, B, 2).ShouldBeCloseTo(logits.Value.Select(1, t), 1e-5f, $"logits {t}");
                stream.Attention[0].Slice(0, beam, B, 2).ShouldBeCloseTo(attention[0].Value.Select(2, t), 0f, $"attention {t}");
            }
        }
    }

    [Theory]
    [InlineData(AttentionWiring.AfterStep)]
    [InlineData(AttentionWiring.InputFeeding)]
    [InlineData(AttentionWiring.BeforeStep)]
    public void Grouped_queries_share_heads_of_keys_in_forward_and_beams(AttentionWiring wiring)
    {
        using var model = New(RecurrentKind.Gru, AttentionScore.MultiHead, wiring, layers: 2, keyHeads: 2);
        ((MultiHeadAttention)model.Decoder.Attention!).KeyHeadCount.Should().Be(2);
        var (source, lengths, target) = Tokens();
        var (logits, attention) = model.Forward(source, lengths, target, returnAttention: true);
        model.Forward(source, lengths, target).Value.ShouldBeCloseTo(logits.Value, 1e-5f, "logits without weights");
        attention[0].Shape.ToString().Should().Be("(3, 4, 4, 5)");
        attention[0].Value[1, .., .., 2..].ToArray().Should().OnlyContain(w => w == 0f, "padding is hidden");
        using var stream = model.NewStream(source, lengths, beams: 3);
        stream.KeepsAttention = true;
        for (var t = 0; t < T; t++)
        {
            stream.Step([.. Enumerable.Range(0, 3 * B).Select(b => target.ToArray()[(b / 3 * T) + t])]);
            for (var beam = 0; beam < 3; beam++)
            {
                stream.Logits.Slice(0, beam, B, 3).ShouldBeCloseTo(logits.Value.Select(1, t), 1e-5f, $"logits {t}");
                stream.Attention[0].Slice(0, beam, B, 3)
                    .ShouldBeCloseTo(attention[0].Value.Select(2, t), 1e-5f, $"attention {t}");
            }
        }
    }

    [Fact]
    public void Opening_a_stream_leaves_every_part_in_its_mode()
    {
        using var model = New(RecurrentKind.Lstm, AttentionScore.MultiHead, AttentionWiring.BeforeStep, layers: 2, dropout: 0.5f);
        var (source, lengths, _) = Tokens();
        model.Encoder.Evaluate();
        using var first = model.NewStream(source, lengths);
        model.IsTraining.Should().BeTrue();
        model.Encoder.IsTraining.Should().BeFalse();
        model.Encoder.Recurrent.IsTraining.Should().BeFalse();
        model.Decoder.IsTraining.Should().BeTrue();
        model.Encoder.Train();
        using var second = model.NewStream(source, lengths);
        model.Encoder.IsTraining.Should().BeTrue();
        first.Step([1, 2, 3]).ToArray().Should().Equal(second.Step([1, 2, 3]).ToArray());
    }

    [Fact]
    public void A_stream_leaves_nothing_on_an_open_tape_or_scope_and_outlives_them()
    {
        using var model = New(RecurrentKind.Lstm, AttentionScore.Additive, AttentionWiring.InputFeeding);
        var (source, lengths, _) = Tokens();
        EncoderDecoderStream stream;
        using (var tape = new Tape())
        {
            stream = model.NewStream(source, lengths);
            stream.Step([1, 2, 3]);
            tape.Count.Should().Be(0);
        }

        source.Dispose();
        lengths.Dispose();
        stream.Step([1, 2, 3]).IsFinite().Should().BeTrue();
        stream.Dispose();
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_named()
    {
        using var model = New(RecurrentKind.Gru, AttentionScore.General, AttentionWiring.AfterStep);
        var (source, lengths, target) = Tokens();
        using var two = IndexTensor.FromSpan([1, 2], new Shape(2));
        using var twoTargets = IndexTensor.FromSpan([1, 2], new Shape(2, 1));
        model.Invoking(m => m.Forward(two, null, target))
            .Should().Throw<ShapeException>().WithMessage("RecurrentEncoder: source should have shape (B, S)*");
        using var nothing = IndexTensor.Uninitialized(new Shape(B, 0));
        using var noSources = IndexTensor.Uninitialized(new Shape(0, S));
        model.Invoking(m => m.Forward(nothing, null, target)).Should().Throw<ShapeException>()
            .WithMessage("RecurrentEncoder: source should have shape (B, S) with S at least 1; got (3, 0).");
        model.Invoking(m => m.NewStream(noSources, null)).Should().Throw<ShapeException>()
            .WithMessage("RecurrentEncoderDecoder: source should have shape (B, S) with B at least 1; got (0, 5).");
        model.Invoking(m => m.NewStream(source, lengths, 0))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("RecurrentEncoderDecoder: beams should be at least 1.*");
        model.Invoking(m => m.Forward(source, two, target))
            .Should().Throw<ShapeException>().WithMessage("RecurrentEncoder: lengths should have shape (B,) = (3,)*");
        model.Invoking(m => m.Forward(source, lengths, twoTargets)).Should().Throw<ShapeException>().WithMessage(
            "RecurrentDecoder: tokens should have shape (B, T) = (3, T) because the batch of the sources is 3; got (2, 1)*");
        using var stream = model.NewStream(source, lengths, beams: 2);
        stream.Invoking(s => s.Step([1, 2])).Should().Throw<ArgumentException>().WithMessage("*6 tokens*got 2*");
        stream.Invoking(s => s.Step([1, 2, 3, 4, 5, VT])).Should().Throw<ArgumentException>().WithMessage($"*{VT}*");
        stream.Invoking(s => s.Reorder([0, 1])).Should().Throw<ArgumentException>().WithMessage("*6 rows*got 2*");
        stream.Invoking(s => s.Reorder([0, 1, 1, 3, 4, 5])).Should().Throw<ArgumentException>()
            .WithMessage("*row 2 can continue only from a row of its own source, 2 to 3; got 1*");
        FluentActions.Invoking(() => New(RecurrentKind.Gru, AttentionScore.None, AttentionWiring.InputFeeding))
            .Should().Throw<ArgumentException>().WithMessage("*Wiring InputFeeding needs an attention*");
        FluentActions.Invoking(() => new RecurrentEncoderDecoder(new()
        {
            SourceVocabularySize = VS,
            TargetVocabularySize = VT,
            EmbeddingSize = 2,
            HiddenSize = 3,
            Bidirectional = true,
        }, new RandomGenerator(1)))
            .Should().Throw<ArgumentException>().WithMessage("RecurrentEncoderDecoder: a bidirectional encoder*even; got 3*");
    }

    [Fact]
    public void Options_that_cannot_be_are_named()
    {
        RecurrentEncoderDecoderOptions good =
            new() { SourceVocabularySize = VS, TargetVocabularySize = VT, EmbeddingSize = 2, HiddenSize = 4 };
        Refused(good with { EmbeddingSize = 0 }, "RecurrentEncoderDecoder: EmbeddingSize should be at least 1.*");
        Refused(good with { AttentionSize = 0, Attention = AttentionScore.Additive },
            "RecurrentEncoderDecoder: AttentionSize should be at least 1.*");
        Refused(good with { HeadCount = 0 }, "RecurrentEncoderDecoder: HeadCount should be at least 1.*");
        Refused(good with { HeadCount = 3, Attention = AttentionScore.MultiHead },
            "RecurrentEncoderDecoder: HiddenSize should be a multiple of HeadCount; got 4 and 3.");
        Refused(good with { KeyHeadCount = 3, Attention = AttentionScore.MultiHead },
            "*the number of heads should be a multiple of the number of key heads; got 4 and 3*");
        Refused(good with { Hard = HardAttentionEstimator.ScoreFunction, Attention = AttentionScore.MultiHead },
            "*Hard attention needs a score with a single head; Attention is MultiHead*");
        Refused(good with { Hard = HardAttentionEstimator.ScoreFunction, Attention = AttentionScore.None },
            "*Hard attention needs a score with a single head; Attention is None*");
        Refused(good with { Attention = (AttentionScore)99 },
            "RecurrentEncoderDecoder: there is no such Attention; the values are None, Additive,*");
        Refused(good with { Kind = (RecurrentKind)99 }, "RecurrentEncoderDecoder: there is no such Kind*");
        Refused(good with { Wiring = (AttentionWiring)99 }, "RecurrentEncoderDecoder: there is no such Wiring*");
        FluentActions.Invoking(() => new RecurrentEncoderDecoder(good with { SourceVocabularySize = 0 }, new RandomGenerator(1)))
            .Should().Throw<ArgumentException>()
            .WithMessage("RecurrentEncoderDecoder: sourceVocabularySize should be at least 1.*");

        static void Refused(RecurrentEncoderDecoderOptions options, string message) =>
            FluentActions.Invoking(() => new RecurrentEncoderDecoder(options, new RandomGenerator(1)))
                .Should().Throw<ArgumentException>().WithMessage(message);
    }

    /// <summary>The likeliest of all targets of three tokens, or fewer that end with 0, by teacher forcing of each.</summary>
    private static string Likeliest(RecurrentEncoderDecoder model, IndexTensor source)
    {
        var (best, found) = (double.NegativeInfinity, "");
        for (var code = 0; code < VT * VT * VT; code++)
        {
            int[] tokens = [code / (VT * VT), code / VT % VT, code % VT];
            var length = Array.IndexOf(tokens, 0) is var end and >= 0 ? end + 1 : 3;
            using var scope = new TensorScope();
            using var read = IndexTensor.FromSpan([1, tokens[0], tokens[1]], new Shape(1, 3));
            var logs = model.Forward(source, null, read).Value.LogSoftmax().ToArray();
            var sum = Enumerable.Range(0, length).Sum(t => (double)logs[(t * VT) + tokens[t]]);
            if (sum > best)
                (best, found) = (sum, string.Join(",", tokens[..length]));
        }

        return found;
    }

    private static RecurrentEncoderDecoder New(RecurrentKind kind, AttentionScore score, AttentionWiring wiring, int layers = 1,
        float dropout = 0f, bool bidirectional = false, HardAttentionEstimator? hard = null, int keyHeads = 0) =>
        new(new RecurrentEncoderDecoderOptions
        {
            SourceVocabularySize = VS,
            TargetVocabularySize = VT,
            Kind = kind,
            EmbeddingSize = E,
            HiddenSize = H,
            Layers = layers,
            Dropout = dropout,
            Bidirectional = bidirectional,
            Attention = score,
            Wiring = wiring,
            Hard = hard,
            KeyHeadCount = keyHeads,
        }, new RandomGenerator(5));

    private static (IndexTensor Source, IndexTensor Lengths, IndexTensor Target) Tokens()
    {
        var random = new RandomGenerator(2);
        int[] Draw(int count, int exclusiveMax) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt32(exclusiveMax))];
        return (IndexTensor.FromSpan(Draw(B * S, VS), new Shape(B, S)), IndexTensor.FromSpan(Lengths, new Shape(B)),
            IndexTensor.FromSpan(Draw(B * T, VT), new Shape(B, T)));
    }
}
