using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>
/// Mixes each position with the one before it, y_t = W x_t + U x_(t-1): a convolution of width 2 in the place of self-attention.
/// </summary>
public sealed class Neighbours : Module, ISequenceMixer
{
    private readonly Linear here;
    private readonly Linear before;

    public Neighbours(int modelSize, RandomGenerator random)
    {
        here = Register("here", new Linear(modelSize, modelSize, random));
        before = Register("before", new Linear(modelSize, modelSize, random, bias: false));
    }

    public Variable Forward(Variable x, MixerPass pass)
    {
        int batch = x.Shape[0], steps = x.Shape[1], size = x.Shape[2];
        var state = (LastPosition?)pass.State;
        Variable first = state?.Value ?? Tensor.Zeros([batch, 1, size], x.Value.Backend);
        var shifted = Variable.Concat([first, x.Slice(1, 0, steps - 1)], 1);
        state?.Remember(x.Value.Slice(1, steps - 1, 1));
        return here.Forward(x) + before.Forward(shifted);
    }

    public MixerState NewState(int batchSize, AttentionOptions options) => new LastPosition();

    /// <summary>What a stream remembers: the last position of each text, shape (B, 1, D).</summary>
    private sealed class LastPosition : MixerState
    {
        internal Tensor? Value { get; private set; }

        internal void Remember(Tensor last)
        {
            // What a step computes goes with the step's scope; this stays.
            using var suspension = TensorScope.Suspend();
            Value = last.Copy();
        }

        public override void Reorder(ReadOnlySpan<int> rows)
        {
            using var suspension = TensorScope.Suspend();
            using var indices = IndexTensor.FromSpan(rows, [rows.Length]);
            Value = Value?.Gather(indices);
        }

        public override void Reset() => Value = null;

        protected override void Dispose(bool disposing) => Value?.Dispose();
    }
}

public class OwnMixerTests
{
    private static readonly GptOptions Options = new()
    {
        VocabularySize = 5,
        MaximumLength = 12,
        Layers = 2,
        HeadCount = 2,
        ModelSize = 16,
        NewMixer = (block, random) => new Neighbours(block.ModelSize, random),
    };

    [Fact]
    public void A_Gpt_learns_with_it_and_writes_what_it_learned()
    {
        using var model = new Gpt(Options, new RandomGenerator(2));
        using var optimizer = new AdamW(model.Parameters(), 0.01f);
        int[] cycle = [0, 1, 2, 1, 3, 4, 0, 1, 2, 1, 3, 4, 0];
        using IndexTensor tokens = IndexTensor.FromSpan(cycle.AsSpan(0, 12), [1, 12]),
            targets = IndexTensor.FromSpan(cycle.AsSpan(1), [1, 12]);
        for (var i = 0; i < 60; i++)
        {
            using var tape = new Tape();
            tape.Backward(model.Predict(tokens).CrossEntropy(targets));
            optimizer.Step();
            optimizer.ZeroGradients();
        }

        using var stream = model.NewStream();
        var written = new TextGenerator(stream, Sampler.Greedy()).Generate(cycle.AsSpan(0, 2), new() { MaximumLength = 10 });
        written[0].Tokens.ToArray().Should().Equal(cycle[2..12]);
    }

    [Fact]
    public void Its_weights_have_the_names_of_a_table()
    {
        using var scope = new TensorScope();
        using Gpt model = new(Options, new RandomGenerator(1)), other = new(Options, new RandomGenerator(2));
        var names = new WeightNames("mine",
        [
            new("tokens", "embedding"),
            new("positions", "positions"),
            new("stack.layers.*.mixer.here", "blocks.*.now", IsTransposed: true),
            new("stack.layers.*", "blocks.*"),
            new("stack.norm", "norm"),
            new("head", "head"),
        ]);
        var state = model.StateDictionary(names);
        state.Keys.Should().Contain(["blocks.1.now.weight", "blocks.1.mixer.before.weight", "blocks.0.linear1.weight"]);
        other.LoadStateDictionary(state, names);
        other.StateDictionary()["transformer.h.1.attn.here.weight"].ToArray()
            .Should().Equal(model.StateDictionary()["transformer.h.1.attn.here.weight"].ToArray());
    }
}
