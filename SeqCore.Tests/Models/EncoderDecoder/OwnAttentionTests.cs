using SeqCore.Models;

namespace SeqCore.Tests.Models.EncoderDecoder;

/// <summary>An attention that the options make, in place of a built-in score.</summary>
public class OwnAttentionTests
{
    private static readonly RecurrentEncoderDecoderOptions Options = new()
    {
        SourceVocabularySize = 5,
        TargetVocabularySize = 6,
        EmbeddingSize = 3,
        HiddenSize = 4,
    };

    [Theory]
    [InlineData(AttentionWiring.AfterStep)]
    [InlineData(AttentionWiring.InputFeeding)]
    [InlineData(AttentionWiring.BeforeStep)]
    public void A_score_takes_the_place_of_a_built_in_one(AttentionWiring wiring)
    {
        // The score is Luong's dot score, so that everything can be compared with it.
        using var own = new RecurrentEncoderDecoder(
            Options with { Wiring = wiring, NewAttention = (size, _) => new Product(size) }, new RandomGenerator(1));
        using var dot = new RecurrentEncoderDecoder(Options with { Wiring = wiring, Attention = AttentionScore.Dot },
            new RandomGenerator(1));
        own.Decoder.Attention.Should().BeOfType<Product>();
        using var source = IndexTensor.FromSpan([1, 2, 3, 4, 0, 0], [2, 3]);
        using var lengths = IndexTensor.FromSpan([3, 1], [2]);
        using var target = IndexTensor.FromSpan([1, 2, 3, 4], [2, 2]);
        own.Forward(source, lengths, target).Value.ShouldBeCloseTo(dot.Forward(source, lengths, target).Value, 1e-5f, "logits");
        using EncoderDecoderStream left = own.NewStream(source, lengths, beams: 2),
            right = dot.NewStream(source, lengths, beams: 2);
        for (var step = 0; step < 3; step++)
            left.Step([1, 2, 3, step]).ShouldBeCloseTo(right.Step([1, 2, 3, step]), 1e-5f, $"step {step}");
        using var tape = new Tape();
        tape.Backward(own.Forward(source, lengths, target).Square().Sum());
        own.Parameters().Should().OnlyContain(p => !ReferenceEquals(p.Gradient, null));
        own.StateDictionary().Keys.Should().Contain("decoder.attention.scale");
    }

    [Fact]
    public void It_serves_hard_attention_and_what_is_no_score_is_refused()
    {
        using var hard = new RecurrentEncoderDecoder(Options with
        {
            NewAttention = (size, _) => new Product(size),
            Hard = HardAttentionEstimator.ScoreFunction,
        }, new RandomGenerator(1));
        hard.Decoder.Attention.Should().BeOfType<HardAttention>().Which.Score.Should().BeOfType<Product>();
        var multiHead = Options with { NewAttention = (size, random) => new MultiHeadAttention(size, 1, random) };
        Refused(multiHead with { Hard = HardAttentionEstimator.ScoreFunction },
            "*Hard attention needs a score, derived from ScoredAttention; NewAttention made a MultiHeadAttention.*");
        Refused(Options with { NewAttention = (_, _) => null! }, "RecurrentDecoder: NewAttention returned null*");

        static void Refused(RecurrentEncoderDecoderOptions options, string message) =>
            FluentActions.Invoking(() => new RecurrentDecoder(5, options, new RandomGenerator(1)))
                .Should().Throw<ArgumentException>().WithMessage(message);
    }

    private sealed class Product : ScoredAttention
    {
        private readonly Parameter scale;

        internal Product(int size) : base(size, size) => scale = Register("scale", Tensor.Full([1], 1f));

        protected override Variable Score(Variable query, Variable keys) => Variable.MatMul(query, keys.Transpose()) * scale;
    }
}
