using SeqCore.Models;

namespace SeqCore.Tests.Models.Modules;

/// <summary>Streams and computations of attention weights see custom parts in evaluation mode too.</summary>
public class InferenceScopeTests
{
    private static readonly GptOptions Small = new()
    {
        VocabularySize = 7,
        MaximumLength = 8,
        Layers = 2,
        HeadCount = 2,
        ModelSize = 8,
        NewFeedForward = (o, random) => new Dropping(o.ModelSize, random),
    };

    [Fact]
    public void A_Gpt_in_training_mode_streams_and_shows_its_attention_as_in_evaluation()
    {
        using var scope = new TensorScope();
        using var model = new Gpt(Small, new RandomGenerator(1));
        using var tokens = IndexTensor.FromSpan([1, 2, 3, 4], [1, 4]);
        using var stream = model.NewStream();
        var read = stream.Read([1, 2, 3, 4]).ToArray();
        var seen = model.AttentionWeights(tokens)[1].Value.ToArray();
        model.IsTraining.Should().BeTrue();
        model.Predict(tokens).Value[0, 3].ToArray().Should().NotEqual(read, "training drops");
        model.Evaluate();
        stream.Reset();
        stream.Read([1, 2, 3, 4]).ToArray().Should().Equal(read);
        model.AttentionWeights(tokens)[1].Value.ToArray().Should().Equal(seen);
    }

    [Fact]
    public void A_Bert_in_training_mode_shows_its_attention_as_in_evaluation()
    {
        using var scope = new TensorScope();
        using var model = new Bert(new()
        {
            VocabularySize = 7,
            MaximumLength = 8,
            Layers = 2,
            HeadCount = 2,
            ModelSize = 8,
            NewFeedForward = Small.NewFeedForward,
        }, new RandomGenerator(1));
        using var tokens = IndexTensor.FromSpan([1, 2, 3, 4], [1, 4]);
        var seen = model.AttentionWeights(tokens)[1].Value.ToArray();
        model.Evaluate();
        model.AttentionWeights(tokens)[1].Value.ToArray().Should().Equal(seen);
    }

    [Fact]
    public void A_Transformer_in_training_mode_streams_and_shows_its_attention_as_in_evaluation()
    {
        using var scope = new TensorScope();
        using var model = new SeqCore.Models.Transformer(new()
        {
            SourceVocabularySize = 7,
            TargetVocabularySize = 7,
            EncoderLayers = 1,
            DecoderLayers = 1,
            Layer = new() { ModelSize = 8, HeadCount = 2, FeedForwardSize = 8, NewFeedForward = Small.NewFeedForward },
        }, new RandomGenerator(1));
        using IndexTensor source = IndexTensor.FromSpan([1, 2, 3], [1, 3]), target = IndexTensor.FromSpan([1, 4], [1, 2]);
        var (read, seen) = (Read(), Seen());
        model.Evaluate();
        Read().Should().Equal(read);
        Seen().Should().Equal(seen);

        float[] Read()
        {
            using var stream = model.NewStream(source, null);
            return stream.Read([1, 4]).ToArray();
        }

        float[] Seen() => model.AttentionWeights(source, null, target).Source[0].Value.ToArray();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(HardAttentionEstimator.ScoreFunction)]
    public void A_recurrent_encoder_decoder_in_training_mode_streams_as_in_evaluation(HardAttentionEstimator? hard)
    {
        using var scope = new TensorScope();
        using var model = new RecurrentEncoderDecoder(new()
        {
            SourceVocabularySize = 7,
            TargetVocabularySize = 7,
            EmbeddingSize = 8,
            HiddenSize = 8,
            Layers = 2,
            Dropout = 0.5f,
            NewAttention = (size, random) => new DroppingScore(size, random),
            Hard = hard,
        }, new RandomGenerator(1));
        using var source = IndexTensor.FromSpan([1, 2, 3], [1, 3]);
        var read = Read();
        model.Evaluate();
        Read().Should().Equal(read);

        float[] Read()
        {
            using var stream = model.NewStream(source, null);
            return stream.Read([1, 4]).ToArray();
        }
    }

    [Fact]
    public void A_stream_on_one_thread_leaves_the_mode_on_another()
    {
        using var model = new Gpt(Small with { NewFeedForward = (_, _) => new Meeting() }, new RandomGenerator(1));
        var part = (Meeting)model.Children.Single(c => c.Key == "stack").Value.Children.Single(c => c.Key == "layers").Value
            .Children[0].Value.Children.Single(c => c.Key == "feed_forward").Value;
        part.Inside = () =>
        {
            part.IsTraining.Should().BeFalse("the stream runs on this thread");
            var elsewhere = false;
            var other = new Thread(() => elsewhere = part.IsTraining);
            other.Start();
            other.Join();
            elsewhere.Should().BeTrue("another thread may train the model");
            throw new InvalidDataException("A part may fail.");
        };
        using var stream = model.NewStream();
        stream.Invoking(s => s.Step(1)).Should().Throw<InvalidDataException>();
        part.IsTraining.Should().BeTrue("the stream's step has ended");
    }

    private sealed class Dropping : Layer
    {
        private readonly Linear linear;
        private readonly Dropout dropout;

        internal Dropping(int size, RandomGenerator random)
        {
            linear = Register("linear", new Linear(size, size, random));
            dropout = Register("dropout", new Dropout(0.5f, random));
        }

        public override Variable Forward(Variable x) => dropout.Forward(linear.Forward(x));
    }

    private sealed class DroppingScore : ScoredAttention
    {
        private readonly Dropout dropout;

        internal DroppingScore(int size, RandomGenerator random) : base(size, size) =>
            dropout = Register("dropout", new Dropout(0.5f, random));

        protected override Variable Score(Variable query, Variable keys) =>
            Variable.MatMul(query, dropout.Forward(keys).Transpose(1, 2));
    }

    private sealed class Meeting : Layer
    {
        internal Action Inside { get; set; } = () => { };

        public override Variable Forward(Variable x)
        {
            Inside();
            return x;
        }
    }
}
