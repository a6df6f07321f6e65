using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models;

/// <summary>What a custom part returns is checked where it is used, before it broadcasts or fails in a later operation.</summary>
public class OwnResultShapeTests
{
    [Fact]
    public void Positions_have_a_vector_for_each_step()
    {
        using var positions = new OnePosition();
        positions.Invoking(p => p.Forward(Tensor.Ones([2, 3, 4]))).Should().Throw<ShapeException>()
            .WithMessage("OnePosition: the result of Vectors should have shape (count, D) = (3, 4); got (1, 4).");
    }

    [Fact]
    public void A_score_has_a_value_for_each_query_and_key()
    {
        using var attention = new OneScore();
        attention.Invoking(a => a.Forward(Tensor.Ones([2, 3, 4]), Tensor.Ones([2, 5, 4]))).Should().Throw<ShapeException>()
            .WithMessage("OneScore: the result of Score should have shape (B, T, S) = (2, 3, 5); got (2, 3, 1).");
    }

    [Fact]
    public void The_attention_of_a_decoder_returns_the_width_of_its_hidden_states()
    {
        using var model = new RecurrentEncoderDecoder(new()
        {
            SourceVocabularySize = 7,
            TargetVocabularySize = 7,
            EmbeddingSize = 4,
            HiddenSize = 4,
            NewAttention = (size, random) => new HalfAttention(size, random),
        }, new RandomGenerator(1));
        using IndexTensor source = IndexTensor.FromSpan([1, 2], [1, 2]), target = IndexTensor.FromSpan([1, 2, 3], [1, 3]);
        model.Invoking(m => m.Forward(source, null, target)).Should().Throw<ShapeException>()
            .WithMessage("RecurrentDecoder: the result of HalfAttention should have shape (B, T, H) = (1, 3, 4); got (1, 3, 2).");
    }

    private sealed class OnePosition() : PositionEncoding(4)
    {
        public override int? MaximumLength => null;

        protected override Variable Vectors(int firstPosition, int count, Backend backend) => Tensor.Ones([1, 4], backend);
    }

    private sealed class OneScore() : ScoredAttention(4, 4)
    {
        protected override Variable Score(Variable query, Variable keys) => query.Sum(-1).Unsqueeze(2);
    }

    private sealed class HalfAttention : AttentionLayer
    {
        private readonly GeneralAttention inner;

        internal HalfAttention(int size, RandomGenerator random) =>
            inner = Register("inner", new GeneralAttention(size, size, random));

        public override PreparedKeys Prepare(Variable keys, Variable? values = null, AttentionOptions? options = null) =>
            inner.Prepare(keys, values, options);

        public override AttentionResult Forward(Variable query, PreparedKeys source, bool returnWeights = false)
        {
            var result = inner.Forward(query, source, returnWeights);
            return result with { Output = result.Output.Slice(2, 0, 2) };
        }
    }
}
