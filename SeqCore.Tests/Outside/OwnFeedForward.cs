using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>
/// W_2 relu(W_1 x)^2, the squared ReLU of Primer (So et al., arXiv:2109.08668), in the place of a block's feed-forward part.
/// </summary>
public sealed class SquaredRelu : Layer
{
    private readonly Linear first;
    private readonly Linear second;

    public SquaredRelu(int modelSize, int innerSize, RandomGenerator random)
    {
        first = Register("first", new Linear(modelSize, innerSize, random));
        second = Register("second", new Linear(innerSize, modelSize, random));
    }

    public override Variable Forward(Variable x) => second.Forward(first.Forward(x).Relu().Square());
}

public sealed class OwnFeedForwardTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    private static GptOptions Options => new()
    {
        VocabularySize = 5,
        MaximumLength = 12,
        Layers = 2,
        HeadCount = 2,
        ModelSize = 16,
        FeedForwardSize = 24,
    };

    [Fact]
    public void A_Gpt_takes_it_in_every_block_and_is_loaded_with_it_again()
    {
        using var scope = new TensorScope();
        using IndexTensor tokens = IndexTensor.FromSpan([0, 1, 2, 1], [1, 4]);
        using var model = new Gpt(With(Options), new RandomGenerator(1));
        model.StateDictionary()["transformer.h.1.mlp.first.weight"].Shape.ToString().Should().Be("(24, 16)");
        model.Save(path);

        // The file holds the weights and the options, but no code: the program names the part again.
        using var loaded = Gpt.Load(path, With);
        loaded.Predict(tokens).Value.ToArray().Should().Equal(model.Predict(tokens).Value.ToArray());
    }

    [Fact]
    public void Blocks_may_have_different_parts()
    {
        // The factories are called block by block, from the first to the last.
        var block = 0;
        var options = Options with
        {
            NewFeedForward = (o, random) => block++ % 2 == 0
                ? new SquaredRelu(o.ModelSize, o.FeedForwardSize, random)
                : new Linear(o.ModelSize, o.ModelSize, random),
        };
        using var model = new Gpt(options, new RandomGenerator(1));
        model.StateDictionary().Keys.Should().Contain(["transformer.h.0.mlp.first.weight", "transformer.h.1.mlp.weight"]);
    }

    public void Dispose() => File.Delete(path);

    private static GptOptions With(GptOptions options) => options with
    {
        NewFeedForward = (o, random) => new SquaredRelu(o.ModelSize, o.FeedForwardSize, random),
    };
}
