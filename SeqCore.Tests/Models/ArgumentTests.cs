using SeqCore.Models;

namespace SeqCore.Tests.Models;

/// <summary>Errors name the operation and the parameter of the call that a user wrote, not of what it is made of.</summary>
public sealed class ArgumentTests
{
    public static TheoryData<string, Action> Nulls()
    {
        var x = Tensor.Ones([2]);
        var i = IndexTensor.FromArray([0, 1]);
        var random = new RandomGenerator(1);
        var tokenizer = new MarkedCharacterTokenizer("ab");
        var data = new CheckpointData();
        var model = new RecurrentLanguageModel(new() { VocabularySize = 7, EmbeddingSize = 4, HiddenSize = 4 }, random)
        {
            Tokenizer = tokenizer,
        };
        return new()
        {
            { "prompt", () => model.Generate(null!, 3) },
            { "x", () => _ = -(Tensor)null! },
            { "x", () => _ = (Tensor)null! + 1f },
            { "y", () => _ = 1f + (Tensor)null! },
            { "x", () => _ = (Tensor)null! - 1f },
            { "y", () => _ = 1f - (Tensor)null! },
            { "y", () => _ = 1f * (Tensor)null! },
            { "y", () => _ = 1f / (Tensor)null! },
            { "x", () => _ = (Tensor)null! < 1f },
            { "other", () => x.EqualTo(null!) },
            { "other", () => x.NotEqualTo(null!) },
            { "other", () => x.AllClose(null!) },
            { "source", () => x.CopyFrom((Tensor)null!) },
            { "mask", () => x.MaskedFill(null!, 1f) },
            { "x", () => _ = (IndexTensor)null! > i },
            { "y", () => _ = i > (IndexTensor)null! },
            { "x", () => _ = (IndexTensor)null! >= i },
            { "y", () => _ = i >= (IndexTensor)null! },
            { "other", () => i.EqualTo(null!) },
            { "other", () => i.NotEqualTo(null!) },
            { "left", () => Shape.Broadcast(null!, x.Shape, "Add") },
            { "right", () => Shape.Broadcast(x.Shape, null!, "Add") },
            { "actual", () => ShapeException.Wrong("Add", "x", "(2,)", null!) },
            { "name", () => data.SetConfiguration(null!, "1") },
            { "value", () => data.SetConfiguration("a", null!) },
            { "part", () => data.Add(null!, []) },
            { "part", () => data.Part(null!) },
            { "name", () => data.Set(null!, 1L) },
            { "name", () => data.Set(null!, 1UL) },
            { "name", () => data.Set(null!, 1.0) },
            { "name", () => data.GetText(null!) },
            { "name", () => data.GetDouble(null!) },
            { "name", () => DataSet.Named(null!) },
            { "tokenizer", () => _ = new TokenMasking(null!, random) },
            { "random", () => _ = new TokenMasking(tokenizer, null!) },
            { "sequences", () => _ = new PaddedBatch((IReadOnlyList<LabelledSequence>)null!) },
            { "score", () => _ = new HardAttention(null!, HardAttentionEstimator.ScoreFunction, random) },
            { "function", () => _ = new Lambda(null!) },
            { "logits", () => Loss.BinaryCrossEntropyWithLogits(null!, x) },
            { "targets", () => Loss.CrossEntropy(x, null!) },
            { "targets", () => new Variable(x).CrossEntropy(null!) },
            { "text", () => tokenizer.CanEncode(null!) },
        };
    }

    [Theory]
    [MemberData(nameof(Nulls), DisableDiscoveryEnumeration = true)]
    public void Null_is_refused_by_the_name_of_the_parameter(string name, Action call) =>
        call.Should().Throw<ArgumentNullException>().WithParameterName(name);

    [Fact]
    public void A_mask_that_does_not_fit_is_refused_by_the_operation_s_own_name()
    {
        using var mask = BoolTensor.FromArray([true, false, true]);
        using var x = Tensor.Ones([2]);

        x.Invoking(t => t.MaskedFill(mask, 1f)).Should().Throw<ShapeException>().WithMessage("MaskedFill: (3,) and (2,) *");
        new Variable(x).Invoking(t => t.MaskedFill(mask, 1f)).Should().Throw<ShapeException>().WithMessage("MaskedFill: *");
    }

    [Fact]
    public void A_model_that_was_disposed_is_named()
    {
        var model = new RecurrentLanguageModel(new() { VocabularySize = 2, EmbeddingSize = 4, HiddenSize = 4 },
            new RandomGenerator(1))
        { Tokenizer = new CharacterTokenizer("ab") };
        model.Dispose();

        model.Invoking(m => m.Generate("a", 3)).Should().Throw<ObjectDisposedException>().WithMessage("Tensor: this tensor of"
            + " shape * was closed by the Dispose of the * that it belongs to. Hint: dispose that last, or make or load it*");
        model.Embedding.Weight.Value.ToString().Should().Be("Tensor (2, 4), closed by the Dispose of the Embedding that it"
            + " belongs to");
    }
}
