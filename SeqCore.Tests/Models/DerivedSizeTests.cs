using SeqCore.Functions;
using SeqCore.Kernels;
using SeqCore.Kernels.Attention;
using SeqCore.Models;

namespace SeqCore.Tests.Models;

/// <summary>
/// Products and sums of sizes (gates times units, heads, a first position and a length) exceed 2^31 - 1 before a tensor has a
/// shape. They are refused as the shape would be, and nothing of that size is taken before.
/// </summary>
public sealed class DerivedSizeTests
{
    private const int Huge = 1 << 30;

    public static TheoryData<string, string> Cases() => new()
    {
        { "lstm", "Lstm: a weight of shape (2147483648, 8) would have 17,179,869,184 elements, more than 2^31 - 1. *" },
        { "lstm cell", "LstmCell: a weight of shape (4294967296, 1) *" },
        { "gru", "Gru: a weight of shape (3221225472, 1) would have 3,221,225,472 elements, *" },
        { "rnn", "Rnn: a weight of shape (1073741824, 1073741824) *" },
        { "layer-normalised lstm", "LayerNormLstm: a weight of shape (4294967296, 1) *" },
        { "both directions", "Rnn: a result of 2 directions, H = 1073741824 would have 2,147,483,648 elements, *" },
        { "layers", "Lstm: a list of 1073741824 layers in 2 directions would have 2,147,483,648 elements, *" },
        { "heads", "MultiHeadAttention: queries, keys and values side by side, D = 1073741824 would have 3,221,225,472 *" },
        { "concat attention", "ConcatAttention: a weight of shape (1, 4294967294) *" },
        { "gpt", "FeedForwardSize: the default 4 D, D = 1073741824, would have 4,294,967,296 *Make ModelSize smaller, or set *" },
        { "gpt, odd", "FeedForwardSize: the default 4 D, D = 1073741888, would have 4,294,967,552 *" },
        { "bert", "FeedForwardSize: the default 4 D, D = 1073741824, would have 4,294,967,296 *" },
        { "gate and value", "SwiGlu: a value and a gate for each of F = 1073741824 would have 2,147,483,648 *" },
        { "rotary", "RotaryPositions: a table of 2147483648 positions, each of shape (2, 64), would have 274,877,906,944 *" },
        { "sinusoidal", "SinusoidalPositions: a table of 2147483648 positions, each of shape (8,), would have 17,179,869,184 *" },
        { "input feeding", "RecurrentDecoder: an input of EmbeddingSize 2147483647 and attention, H = 4, would have *" },
        { "beams", "Transformer: a list of 2 sources with 1073741824 beams each would have 2,147,483,648 *Use fewer beams." },
        { "recurrent beams", "RecurrentEncoderDecoder: a list of 2 sources with 1073741824 beams each would have *" },
        { "generator", "Logits of 65536 texts over a vocabulary of 65536 would have 4,294,967,296 *" },
        { "beam search", "Logits of 65536 texts over a vocabulary of 65536 would have 4,294,967,296 *" },
        { "accumulation", "Trainer: a row of the losses of 2147483647 batches and two norms would have 2,147,483,649 *" },
        { "gates of weights", "Lstm: a row of gates, 4H with H = 1073741824, would have 4,294,967,296 elements, *" },
        { "length mask", "LengthMask: a table of the lengths 0 to 2147483647 would have 2,147,483,648 elements, *" },
        { "numerics", "FromNumerics: axis 0 would have 9,223,372,036,854,775,807 elements, *" },
        { "strides", "Shape: (0, 1048576, 1048576) would have 1,099,511,627,776 elements, *" },
        { "batch-first", "BatchFirst: a sequence of T steps would have 4,294,967,296 elements, *" },
        { "time-first", "TimeFirst: a step of B sequences would have 4,294,967,296 elements, *" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_size_that_is_computed_is_refused_like_one_that_is_given(string name, string message)
    {
        using var scope = new TensorScope();
        Act(name).Should().Throw<SizeLimitException>().WithMessage(message);
    }

    [Fact]
    public void Counts_of_heads_that_wrap_around_to_none_are_no_division_by_zero()
    {
        using var scope = new TensorScope();
        Variable packed = Tensor.Zeros([1, 1, 6]);
        packed.Invoking(p => p.SelfAttention(2, AttentionOptions.Full, int.MaxValue)).Should().Throw<ShapeException>()
            .WithMessage("*N = 2, M = 2147483647, a multiple of 4294967296*");
    }

    [Fact]
    public void A_table_of_angles_needs_whole_rows_of_any_length()
    {
        var fill = () => RotaryTable.Fill(new float[4], 0, int.MaxValue - 1, RotaryPairs.HalfSplit);
        fill.Should().Throw<ArgumentException>().WithMessage("RotaryTable: *");
    }

    [Fact]
    public void Angles_of_positions_beyond_int32_are_right()
    {
        var rows = new float[8];
        RotaryTable.Fill(rows, int.MaxValue, 2, RotaryPairs.HalfSplit);
        rows[7].Should().Be((float)Math.Sin(2147483648.0));
    }

    [Fact]
    public void An_optimizer_works_after_2_to_the_31_steps()
    {
        using var scope = new TensorScope();
        var weight = new Parameter(Tensor.Zeros([1]));
        using var adam = new Adam([weight]);
        var state = adam.StateDictionary();
        adam.LoadStateDictionary(state with
        {
            Scalars = new Dictionary<string, double>(state.Scalars) { ["step"] = int.MaxValue },
        });
        using (var tape = new Tape())
            tape.Backward(weight.Sum());
        adam.Step();
        weight.Value[0].Item().Should().BeNegative();
    }

    [Fact]
    public void A_launch_of_more_groups_than_a_grid_has_is_refused()
    {
        var groups = () => AttentionTensorCoreTile.Groups(1 << 20, 1 << 20);
        groups.Should().Throw<SizeLimitException>().WithMessage(
            "Attention: a launch would have 17,179,869,184 groups of threads, more than 2^31 - 1. Work on a part at a time.");
    }

    private static Action Act(string name)
    {
        var random = new RandomGenerator(1);
        var both = new RecurrentLayerOptions { Bidirectional = true };
        return name switch
        {
            "lstm" => () => _ = new Lstm(8, 1 << 29, random),
            "lstm cell" => () => _ = new SeqCore.Models.LstmCell(1, Huge, random),
            "gru" => () => _ = new Gru(1, Huge, random),
            "rnn" => () => _ = new Rnn(1, Huge, random),
            "layer-normalised lstm" => () => _ = new LayerNormLstm(1, Huge, random),
            "both directions" => () => _ = new Rnn(1, Huge, random, both),
            "layers" => () => _ = new Lstm(1, 1, random, both with { Layers = Huge }),
            "heads" => () => _ = new MultiHeadAttention(Huge, 2, random),
            "concat attention" => () => _ = new ConcatAttention(int.MaxValue, int.MaxValue, 1, random),
            "gpt" => () => _ = new Gpt(new GptOptions { VocabularySize = 2, ModelSize = Huge, HeadCount = 2 }, random),
            "gpt, odd" => () => _ = new Gpt(new GptOptions { VocabularySize = 2, ModelSize = Huge + 64, HeadCount = 2 }, random),
            "bert" => () => _ = new Bert(new BertOptions { VocabularySize = 2, ModelSize = Huge, HeadCount = 2 }, random),
            "gate and value" => () => FeedForward.FirstSize(Huge, FeedForwardActivation.SwiGlu),
            "rotary" => () => new RotaryPositions(64).Forward(Tensor.Zeros([1, 2, 64]), 1, int.MaxValue - 1),
            "sinusoidal" => () => new SinusoidalPositions(8).Forward(Tensor.Zeros([1, 2, 8]), int.MaxValue - 1),
            "input feeding" => () => _ = new RecurrentDecoder(1, Recurrent(int.MaxValue), random),
            "beams" => () => SmallTransformer(random).NewStream(Tokens(), null, Huge),
            "recurrent beams" => () => new RecurrentEncoderDecoder(Recurrent(4), random).NewStream(Tokens(), null, Huge),
            "generator" => () => _ = new TextGenerator(new WideStream()),
            "beam search" => () => new BeamSearch(new WideStream(), new BeamSearchOptions { MaximumLength = 1 }).Search([]),
            "accumulation" => () => _ = new StepLog(Backend.Default, int.MaxValue, null),
            "gates of weights" => () => new RecurrentFunction<PlainLstm>(Tensor.Zeros([1, 1, 1]), Tensor.Zeros([0, 1]),
                Tensor.Zeros([0, Huge])).ApplyMany(),
            "length mask" => () => BoolTensor.LengthMask(IndexTensor.FromSpan([1], [1]), int.MaxValue),
            "numerics" => () => Tensor.FromNumerics(
                new System.Numerics.Tensors.ReadOnlyTensorSpan<float>([1f], [nint.MaxValue], [0])),
            "strides" => () => _ = new Shape(0, 1 << 20, 1 << 20),
            "batch-first" => () => SequenceSpan.BatchFirst(default, 1 << 16, 1 << 16),
            "time-first" => () => SequenceSpan.TimeFirst(default, 1 << 16, 1 << 16),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such case."),
        };
    }

    private static IndexTensor Tokens() => IndexTensor.FromSpan([1, 1], [2, 1]);

    private static RecurrentEncoderDecoderOptions Recurrent(int embeddingSize) => new()
    {
        SourceVocabularySize = 2,
        TargetVocabularySize = 2,
        EmbeddingSize = embeddingSize,
        HiddenSize = 4,
        Wiring = AttentionWiring.InputFeeding,
    };

    private static EncoderDecoderModel SmallTransformer(RandomGenerator random) => new SeqCore.Models.Transformer(
        new TransformerOptions
        {
            SourceVocabularySize = 2,
            TargetVocabularySize = 2,
            EncoderLayers = 1,
            DecoderLayers = 1,
            Layer = new TransformerBlockOptions { ModelSize = 4, HeadCount = 2, FeedForwardSize = 4 },
        }, random);

    /// <summary>More logits than an array holds; nothing is read.</summary>
    private sealed class WideStream : TokenStream
    {
        public override int BatchSize => 1 << 16;

        public override int VocabularySize => 1 << 16;

        public override bool HasPredicted => true;

        public override Tensor Logits => throw new NotSupportedException();

        public override Tensor Step(ReadOnlySpan<int> next) => throw new NotSupportedException();

        public override void Reorder(ReadOnlySpan<int> rows) => throw new NotSupportedException();

        public override void Reset() => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
        }
    }
}
