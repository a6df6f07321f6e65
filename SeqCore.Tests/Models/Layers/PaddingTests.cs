using SeqCore.Models;

namespace SeqCore.Tests.Models.Layers;

/// <summary>NaN, infinity or a huge number beyond the lengths of sequences gives the same bits as zeros there.</summary>
public class PaddingTests
{
    private const int B = 3, T = 6, D = 8;
    private static readonly int[] Lengths = [4, 6, 0];

    public static TheoryData<string, float> Layers
    {
        get
        {
            var cases = new TheoryData<string, float>();
            foreach (var layer in (string[])["Lstm", "Gru", "Rnn", "CellLayer"])
            {
                cases.Add(layer, float.NaN);
                cases.Add(layer, float.NegativeInfinity);
                cases.Add(layer, 3e38f);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Of_recurrent_layers(string kind, float padding)
    {
        RecurrentLayerOptions[] variants = [new(), new() { Layers = 2, Bidirectional = true, ZoneoutHidden = 0.2f }];
        foreach (var options in variants)
        {
            Compare(padding, random => New(kind, options, random), (layer, x, lengths) =>
            {
                var (output, state) = ((RecurrentLayer)layer).Forward(x, null, lengths);
                return state.Hidden.Aggregate(output.Square().Sum(), (sum, h) => sum + h.Sum());
            });
        }
    }

    [Theory]
    [InlineData(float.NaN, false)]
    [InlineData(float.NaN, true)]
    [InlineData(float.PositiveInfinity, true)]
    [InlineData(3e38f, false)]
    [InlineData(3e38f, true)]
    public void Of_an_encoder(float padding, bool normFirst)
    {
        var options = new TransformerBlockOptions { ModelSize = D, HeadCount = 2, FeedForwardSize = 12, NormFirst = normFirst };
        Compare(padding, random => new TransformerStack(2, options, random), (encoder, x, lengths) =>
            Seen(((TransformerStack)encoder).Forward(x, new AttentionOptions { KeyLengths = lengths })));
        Compare(padding, random => new TransformerBlock(options, random), (layer, x, lengths) =>
            Seen(((TransformerBlock)layer).Forward(x, new AttentionOptions { KeyLengths = lengths })));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(3e38f)]
    public void Of_a_decoder_and_its_source(float padding)
    {
        var options = new TransformerBlockOptions
        {
            ModelSize = D,
            HeadCount = 2,
            FeedForwardSize = 12,
            IsCausal = true,
            HasSource = true,
        };
        Compare(padding, random => new TransformerStack(2, options, random), (decoder, x, lengths) =>
            Seen(((TransformerStack)decoder).Forward(x, x, AttentionOptions.Causal with { KeyLengths = lengths },
                new AttentionOptions { KeyLengths = lengths })));
        Compare(padding, random => new TransformerBlock(options, random), (layer, x, lengths) =>
            Seen(((TransformerBlock)layer).Forward(x, x, AttentionOptions.Causal with { KeyLengths = lengths },
                new AttentionOptions { KeyLengths = lengths })));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(3e38f)]
    public void Of_keys_and_values(float padding)
    {
        foreach (var returnWeights in (bool[])[false, true])
        {
            foreach (var make in (Func<RandomGenerator, AttentionLayer>[])[r => new MultiHeadAttention(D, 2, r),
                r => new MultiHeadAttention(D, 2, r, new() { KeySize = D, ValueSize = D, KeyHeadCount = 1 }),
                r => new AdditiveAttention(D, D, 5, r), r => new GeneralAttention(D, D, r)])
            {
                Compare(padding, make, (layer, x, lengths) =>
                {
                    var attention = (AttentionLayer)layer;
                    var options = new AttentionOptions { KeyLengths = lengths };
                    var query = Tensor.RandomNormal([B, 2, D], new RandomGenerator(9));
                    return attention.Forward(query, x, null, options, returnWeights).Output.Square().Sum()
                        + attention.Forward(query, x, x.Slice(2, 0, D), options, returnWeights).Output.Square().Sum()
                        + Seen(attention.Forward(x, x, null, options, returnWeights).Output)
                        + Seen(attention.Forward(x, attention.Prepare(x, null, options), returnWeights).Output);
                });
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_token_s_embedding(bool isBert)
    {
        const int pad = 4;
        using var tokens = IndexTensor.FromSpan(
            [.. Lengths.SelectMany(n => Enumerable.Range(0, T).Select(t => t < n ? t % pad : pad))], [B, T]);
        using IndexTensor lengths = IndexTensor.FromSpan(Lengths, [B]), targets = IndexTensor.FromSpan(new int[2 * B], [B, 2]);
        var layer = new TransformerBlockOptions { ModelSize = D, HeadCount = 2, FeedForwardSize = 12 };
        var expected = Run(0f);
        expected.Should().NotContain(v => float.IsNaN(v));
        Run(float.NaN).Should().Equal(expected);

        float[] Run(float padding)
        {
            var random = new RandomGenerator(1);
            using Module model = isBert
                ? new Bert(new() { VocabularySize = 5, ModelSize = D, HeadCount = 2, Layers = 2, MaximumLength = T }, random)
                : new SeqCore.Models.Transformer(new() { SourceVocabularySize = 5, TargetVocabularySize = 4, Layer = layer },
                    random);
            model.NamedParameters().First(p => p.Value.Shape.Equals(new Shape(5, D))).Value.Value.Slice(0, pad, 1)
                .FillInPlace(padding);
            using var tape = new Tape();
            var loss = model switch
            {
                Bert bert => Seen(bert.Encode(tokens, lengths)),
                SeqCore.Models.Transformer transformer => transformer.Forward(tokens, lengths, targets).Square().Sum(),
                _ => throw new InvalidOperationException(),
            };
            tape.Backward(loss);
            return [loss.Value.Item(), .. model.Parameters().SelectMany(p => p.Gradient?.ToArray() ?? [])];
        }
    }

    private static RecurrentLayer New(string kind, RecurrentLayerOptions options, RandomGenerator random) => kind switch
    {
        "Lstm" => new Lstm(D, 5, random, options),
        "Gru" => new Gru(D, 5, random, options),
        "Rnn" => new Rnn(D, 5, random, options),
        _ => new CellLayer(D, 5, width => new GruCell(width, 5, random), random, options),
    };

    public static TheoryData<string, Func<AttentionLayer>> Attentions() => new()
    {
        { "multi-head", () => new MultiHeadAttention(4, 2, new RandomGenerator(1)) },
        { "dot", () => new DotAttention(4) },
        { "general", () => new GeneralAttention(4, 4, new RandomGenerator(1)) },
        { "additive", () => new AdditiveAttention(4, 4, 3, new RandomGenerator(1)) },
    };

    [Theory]
    [MemberData(nameof(Attentions))]
    public void What_a_mask_or_bias_hides_from_all_queries_reaches_nothing(string name, Func<AttentionLayer> make)
    {
        _ = name;
        var hidden = BoolTensor.FromSpan([true, true, false], [3]);
        var bias = Tensor.FromSpan([0f, 0f, float.NegativeInfinity], [1, 1, 1, 3]);
        foreach (var options in (AttentionOptions[])[new() { Allowed = hidden }, new() { Bias = bias }])
            CompareKey(make, options, 2, 3, 2);
    }

    [Theory]
    [MemberData(nameof(Attentions))]
    public void What_causality_or_a_window_hides_from_all_queries_reaches_nothing(string name, Func<AttentionLayer> make)
    {
        _ = name;
        CompareKey(make, AttentionOptions.Causal with { Alignment = CausalAlignment.UpperLeft }, 4, 6, 5);
        CompareKey(make, AttentionOptions.Causal with { Window = 2 }, 2, 6, 0);
        CompareKey(make, new() { Window = 2 }, 2, 6, 0);
        CompareKey(make, new() { Window = int.MaxValue, Allowed = BoolTensor.LowerTriangle(2, 6, 3) }, 2, 6, 5);

        // Neither hides key 3 alone: the mask shows it to the first query, which comes before it.
        var first = BoolTensor.FromArray(new[,] { { true, true }, { true, false }, { true, false }, { true, false } });
        first = BoolTensor.Concat([BoolTensor.Full([4, 2], true), first], 1);
        CompareKey(make, AttentionOptions.Causal with { Allowed = first }, 4, 4, 3);
        var bias = Tensor.Where(first, Tensor.Zeros([1]), Tensor.Full([1], float.NegativeInfinity));
        CompareKey(make, AttentionOptions.Causal with { Bias = bias }, 4, 4, 3);
        using var lengths = IndexTensor.FromSpan([5], [1]);
        CompareKey(make, AttentionOptions.Causal with { Window = 2, KeyLengths = lengths }, 2, 6, 2);
    }

    /// <summary>The block's own causality and the caller's mask together hide step 3 from all.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_block_and_its_caller_hide_together_reaches_nothing(bool stack)
    {
        var allowed = BoolTensor.FromArray(new[,]
        {
            { true, true, true, true }, { true, true, true, false }, { true, true, true, false }, { true, true, true, false },
        });
        var options = new TransformerBlockOptions
        {
            ModelSize = 4,
            HeadCount = 2,
            FeedForwardSize = 6,
            Dropout = 0f,
            IsCausal = true,
        };
        var runs = new List<float[]>();
        foreach (var value in (float[])[0f, float.NaN, 3e38f])
        {
            Module model = stack
                ? new TransformerStack(2, options, new RandomGenerator(1))
                : new TransformerBlock(options, new RandomGenerator(1));
            var steps = Tensor.RandomNormal([1, 4, 4], new RandomGenerator(2));
            steps.Slice(1, 3, 1).FillInPlace(value);
            Variable x = new(steps, requiresGradient: true);
            var call = new AttentionOptions { Allowed = allowed };
            using var tape = new Tape();
            var y = model is TransformerStack whole ? whole.Forward(x, call) : ((TransformerBlock)model).Forward(x, call);
            tape.Backward(y.Square().Sum());
            runs.Add([.. y.Value.ToArray(), .. x.Gradient!.ToArray().AsSpan(0, 12),
                .. model.Parameters().SelectMany(p => p.Gradient!.ToArray())]);
        }

        runs[1].Should().Equal(runs[0]).And.OnlyContain(v => float.IsFinite(v));
        runs[2].Should().Equal(runs[0]);
    }

    private static void CompareKey(Func<AttentionLayer> make, AttentionOptions options, int queries, int keyCount, int hidden)
    {
        foreach (var returnWeights in (bool[])[false, true])
        {
            var runs = new List<float[]>();
            foreach (var value in (float[])[0f, float.NaN, float.PositiveInfinity, 3e38f])
            {
                var layer = make();
                var keys = Tensor.RandomNormal([1, keyCount, 4], new RandomGenerator(2));
                keys.Slice(1, hidden, 1).FillInPlace(value);
                Variable source = new(keys, requiresGradient: true);
                Variable query = new(Tensor.RandomNormal([1, queries, 4], new RandomGenerator(3)), requiresGradient: true);
                using var tape = new Tape();
                var y = layer.Forward(query, source, null, options, returnWeights).Output;
                tape.Backward(y.Square().Sum());
                runs.Add([.. y.Value.ToArray(), .. query.Gradient!.ToArray(), .. source.Gradient!.ToArray(),
                    .. layer.Parameters().SelectMany(p => p.Gradient!.ToArray())]);
            }

            runs[1].Should().Equal(runs[0]).And.OnlyContain(x => float.IsFinite(x));
            runs[2].Should().Equal(runs[0]);
            runs[3].Should().Equal(runs[0]);
        }
    }

    /// <summary>A loss of the steps that exist.</summary>
    private static Variable Seen(Variable y)
    {
        var exists = BoolTensor.FromSpan([.. Lengths.SelectMany(n => Enumerable.Range(0, T).Select(t => t < n))], [B, T, 1]);
        return Variable.Where(exists, y, Tensor.Zeros(Shape.Scalar)).Square().Sum();
    }

    private static void Compare(float padding, Func<RandomGenerator, Module> make,
        Func<Module, Variable, IndexTensor, Variable> loss)
    {
        var expected = Run(0f, make, loss);
        expected.Should().NotContain(v => float.IsNaN(v));
        Run(padding, make, loss).Should().Equal(expected);
    }

    private static float[] Run(float padding, Func<RandomGenerator, Module> make,
        Func<Module, Variable, IndexTensor, Variable> loss)
    {
        using var module = make(new RandomGenerator(1));
        using var lengths = IndexTensor.FromSpan(Lengths, [B]);
        var x = Tensor.RandomNormal([B, T, D], new RandomGenerator(2));
        for (var b = 0; b < B; b++)
        {
            if (Lengths[b] < T)
                x.Select(0, b).Slice(0, Lengths[b], T - Lengths[b]).FillInPlace(padding);
        }

        var input = new Variable(x, requiresGradient: true);
        using var tape = new Tape();
        var value = loss(module, input, lengths);
        tape.Backward(value);
        return [value.Value.Item(), .. input.Gradient!.ToArray(), .. module.Parameters()
            .SelectMany(p => p.Gradient is { } g ? g.ToArray() : [])];
    }
}
