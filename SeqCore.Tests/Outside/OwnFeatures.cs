using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>The features relu(x)^2 and relu(-x)^2, twice as many as a head has elements.</summary>
public sealed class SquaredFeatures : FeatureMap
{
    public override int Count(int headSize) => 2 * headSize;

    public override Variable OfQueries(Variable x) => OfKeys(x);

    public override Variable OfKeys(Variable x) => Variable.Concat([x.Relu().Square(), (x * -1f).Relu().Square()], -1);
}

public class OwnFeaturesTests
{
    [Fact]
    public void A_stream_with_features_of_ones_own_reads_as_the_whole_sequence()
    {
        var options = new GptOptions
        {
            VocabularySize = 10,
            MaximumLength = 20,
            ModelSize = 8,
            HeadCount = 2,
            Layers = 2,
            NewMixer = (block, r) => new LinearAttention(block.ModelSize, block.HeadCount, new SquaredFeatures(), r),
        };
        using var model = new Gpt(options, new RandomGenerator(1));
        int[] tokens = [3, 1, 4, 1, 5, 9];
        using var stream = model.NewStream();
        foreach (var token in tokens)
            stream.Step([token]);
        var whole = model.Predict(IndexTensor.FromSpan(tokens, [1, tokens.Length])).Value.ToArray()[^10..];
        var last = stream.Logits.ToArray();
        for (var i = 0; i < 10; i++)
            last[i].Should().BeApproximately(whole[i], 1e-4f);
    }

    [Fact]
    public void A_pattern_of_ones_own_hides_what_its_function_hides()
    {
        var pattern = AttentionPattern.Of((query, key) => key % 3 == 0) | AttentionPattern.Window(1);
        pattern.Allows(4, 4).Should().BeTrue();
        pattern.Allows(4, 3).Should().BeTrue();
        pattern.Allows(4, 5).Should().BeFalse();
        var x = Tensor.RandomNormal([1, 1, 9, 4], new RandomGenerator(1));
        var y = Variable.Attention(x, x, x, new AttentionOptions { Pattern = pattern }).Value.ToArray();
        var masked = Variable.Attention(x, x, x, new AttentionOptions { Allowed = pattern.ToMask(9) }).Value.ToArray();
        for (var i = 0; i < y.Length; i++)
            y[i].Should().BeApproximately(masked[i], 1e-5f);
    }
}
