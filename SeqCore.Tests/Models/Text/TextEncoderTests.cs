using SeqCore.Models;

namespace SeqCore.Tests.Models.Text;

public class TextEncoderTests
{
    public static TheoryData<TextEncoderKind> Kinds { get; } = new(Enum.GetValues<TextEncoderKind>());

    internal static TextEncoderOptions Small(TextEncoderKind kind) =>
        new() { Kind = kind, EmbeddingSize = 6, HiddenSize = 8, HeadCount = 2, Layers = 2 };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_text_is_encoded_as_if_it_were_alone(TextEncoderKind kind)
    {
        using var encoder = TextEncoder.New(20, Small(kind), new RandomGenerator(1));
        encoder.Evaluate();
        using var scope = new TensorScope();
        var tokens = IndexTensor.FromArray(new[,] { { 5, 6, 7, 8, 9 }, { 4, 3, 19, 1, 2 }, { 7, 0, 0, 0, 0 } });
        int[] lengths = [5, 3, 1];
        var batch = encoder.Forward(tokens, IndexTensor.FromArray(lengths)).Value;
        batch.Shape.Sizes.ToArray().Should().Equal(3, 5, encoder.OutputSize);
        for (var b = 0; b < 3; b++)
        {
            var alone = encoder.Forward(tokens.Slice(0, b, 1).Slice(1, 0, lengths[b])).Value;
            batch.Slice(0, b, 1).Slice(1, 0, lengths[b]).ShouldBeCloseTo(alone, 1e-5f, $"{kind} {b}");
        }
    }

    [Fact]
    public void Embeddings_begin_with_their_standard_deviation()
    {
        var options = Small(TextEncoderKind.Embedding) with { EmbeddingSize = 100 };
        Deviation(options).Should().BeApproximately(1, 0.02);
        Deviation(options with { EmbeddingDeviation = 0.3f }).Should().BeApproximately(0.3, 0.006);
        FluentActions.Invoking(() => Deviation(options with { EmbeddingDeviation = 0f })).Should().Throw<ArgumentException>()
            .WithMessage("*EmbeddingDeviation should be a number above 0*");

        static double Deviation(TextEncoderOptions options)
        {
            using var encoder = TextEncoder.New(100, options, new RandomGenerator(1));
            return Math.Sqrt(encoder.Parameters().Single().Value.ToArray().Average(x => x * (double)x));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_parameter_gets_the_gradient_of_differences(TextEncoderKind kind)
    {
        var layers = kind == TextEncoderKind.Convolution ? 1 : 2;
        using var encoder = TextEncoder.New(20, Small(kind) with { Layers = layers }, new RandomGenerator(1));
        using var tokens = IndexTensor.FromArray(new[,] { { 5, 6, 7 }, { 4, 3, 0 } });
        using var lengths = IndexTensor.FromArray([3, 2]);
        var (pooling, factors) = (new MeanPooling(), SeqCore.Tests.Autograd.Samples.Of(3, 2, encoder.OutputSize));
        encoder.Evaluate();

        // Far from the corner of ReLU, which differences would see.
        if (kind == TextEncoderKind.Convolution)
        {
            foreach (var (_, bias) in encoder.NamedParameters().Where(p => p.Key.EndsWith("bias", StringComparison.Ordinal)))
                Initializer.Normal(bias.Value, 4f, 0.1f, new RandomGenerator(4));
        }

        foreach (var (name, parameter) in encoder.NamedParameters())
        {
            ParameterCheck.Run(encoder, parameter,
                () => (pooling.Forward(encoder.Forward(tokens, lengths), lengths) * factors).Sum(), $"{kind} {name}",
                kind == TextEncoderKind.Convolution ? 1.0 / 16 : 1.0 / 256);
        }
    }

    [Fact]
    public void Sizes_follow_the_options()
    {
        Size(TextEncoderKind.Embedding).Should().Be(6);
        Size(TextEncoderKind.Lstm).Should().Be(16);
        Size(TextEncoderKind.Gru, bidirectional: false).Should().Be(8);
        Size(TextEncoderKind.Convolution).Should().Be(24);
        Size(TextEncoderKind.Transformer).Should().Be(8);

        static int Size(TextEncoderKind kind, bool bidirectional = true)
        {
            using var encoder = TextEncoder.New(20, Small(kind) with { Bidirectional = bidirectional }, new RandomGenerator(1));
            return encoder.OutputSize;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Further_features_are_read_with_the_embedding(TextEncoderKind kind)
    {
        using var encoder = TextEncoder.New(20, Small(kind), new RandomGenerator(1), featureSize: 3);
        encoder.Evaluate();
        using var tape = new Tape();
        var tokens = IndexTensor.FromArray(new[,] { { 5, 6, 7 }, { 4, 3, 0 } });
        var features = new Variable(SeqCore.Tests.Autograd.Samples.Of(1, 2, 3, 3), requiresGradient: true);
        var y = encoder.Forward(tokens, IndexTensor.FromArray([3, 2]), features);
        tape.Backward(y.Slice(0, 1, 1).Slice(1, 0, 2).Square().Sum());
        features.Gradient!.Slice(0, 0, 1).ToArray().Should().OnlyContain(g => g == 0f);
        features.Gradient!.Slice(0, 1, 1).Slice(1, 0, 2).ToArray().Should().Contain(g => g != 0f);
        encoder.Invoking(e => e.Forward(tokens)).Should().Throw<ArgumentNullException>()
            .WithMessage("*features of shape (B, T, F) = (2, 3, 3) are needed*");
        encoder.Invoking(e => e.Forward(tokens, null, Tensor.Ones([2, 3, 2]))).Should().Throw<ShapeException>()
            .WithMessage("*features should have shape (B, T, F) = (2, 3, 3) because tokens is (2, 3); got (2, 3, 2)*");
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Make(o => o with { Kind = (TextEncoderKind)9 }).Should().Throw<ArgumentException>().WithMessage("*Kind*9*");
        Make(o => o with { HiddenSize = 0 }).Should().Throw<ArgumentException>().WithMessage("*HiddenSize*");
        Make(o => o with { Layers = 0 }).Should().Throw<ArgumentException>().WithMessage("*Layers*");
        Make(o => o with { KernelSizes = [] }).Should().Throw<ArgumentException>().WithMessage("*KernelSizes*");
        Make(o => o with { KernelSizes = [3, 0] }).Should().Throw<ArgumentException>().WithMessage("*KernelSizes*");
        Make(o => o with { Dropout = 1f }).Should().Throw<ArgumentException>().WithMessage("*Dropout*");
        Make(o => o with { Kind = TextEncoderKind.Transformer, HeadCount = 3 }).Should().Throw<ArgumentException>()
            .WithMessage("*3*");
        using var encoder = TextEncoder.New(20, Small(TextEncoderKind.Gru), new RandomGenerator(1));
        encoder.Invoking(e => e.Forward(IndexTensor.FromArray([1, 2]))).Should().Throw<ShapeException>().WithMessage("*(B, T)*");

        static Action Make(Func<TextEncoderOptions, TextEncoderOptions> change) =>
            () => TextEncoder.New(20, change(Small(TextEncoderKind.Gru)), new RandomGenerator(1));
    }
}
