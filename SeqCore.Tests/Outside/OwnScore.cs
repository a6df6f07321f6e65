using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>Attention by nearness: score = -scale |q - k|^2, with a trained scale. Memory grows with T S Q.</summary>
public sealed class DistanceAttention : ScoredAttention
{
    private readonly Parameter scale;

    public DistanceAttention(int size) : base(size, size) => scale = Register("scale", Tensor.Full([1], 0.5f));

    /// <inheritdoc/>
    protected override Variable Score(Variable query, Variable keys) =>
        -((query.Unsqueeze(2) - keys.Unsqueeze(1)).Square().Sum(-1) * scale);
}

public class OwnScoreTests
{
    [Fact]
    public void Attends_to_the_nearest_key_and_not_to_padding()
    {
        using var attention = new DistanceAttention(1);
        var keys = Tensor.FromSpan([0f, 10f, 20f], [1, 3, 1]);
        var query = Tensor.FromSpan([9.5f, 19.5f], [1, 2, 1]);
        attention.Forward(query, keys).Output.Value.ToArray().Should().Equal(10f, 20f);
        using var lengths = IndexTensor.FromSpan([2], [1]);
        var result = attention.Forward(query, keys, options: new AttentionOptions { KeyLengths = lengths }, returnWeights: true);
        result.Output.Value.ToArray().Should().Equal(10f, 10f);
        result.Weights!.Value.Select(3, 2).ToArray().Should().OnlyContain(w => w == 0f);
    }

    [Fact]
    public void Has_the_right_gradients()
    {
        using var attention = new DistanceAttention(2);
        var random = new RandomGenerator(1);
        GradientCheck.Run(v => attention.Forward(v[0], v[1], v[2], AttentionOptions.Causal).Output,
            [Tensor.RandomNormal([2, 3, 2], random), Tensor.RandomNormal([2, 4, 2], random),
                Tensor.RandomNormal([2, 4, 3], random)]);
    }

    [Fact]
    public void Serves_an_encoder_decoder_in_training_and_in_a_stream()
    {
        var random = new RandomGenerator(1);
        var options = new RecurrentEncoderDecoderOptions
        {
            SourceVocabularySize = 7,
            TargetVocabularySize = 7,
            EmbeddingSize = 4,
            HiddenSize = 8,
            NewAttention = (size, _) => new DistanceAttention(size),
        };
        using var model = new RecurrentEncoderDecoder(options, random);
        using var source = IndexTensor.FromSpan([1, 2, 3, 4, 5, 0], [2, 3]);
        using var lengths = IndexTensor.FromSpan([3, 2], [2]);
        using var target = IndexTensor.FromSpan([1, 2, 3, 4], [2, 2]);
        using var tape = new Tape();
        var logits = model.Forward(source, lengths, target);
        tape.Backward(logits.Square().Sum());
        model.Parameters().Should().OnlyContain(p => !ReferenceEquals(p.Gradient, null));
        model.StateDictionary().Should().ContainKey("decoder.attention.scale");
        using var stream = model.NewStream(source, lengths);
        stream.Step([1, 3]);
        stream.Step([2, 4]).AllClose(logits.Value.Select(1, 1), 1e-4f, 1e-6f).Should().BeTrue();
    }
}
