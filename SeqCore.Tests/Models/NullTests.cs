using SeqCore.Models;

namespace SeqCore.Tests.Models;

/// <summary>Null among the items of a list, and from a function of the caller, is named where it comes from.</summary>
public class NullTests
{
    [Fact]
    public void A_loss_that_is_null_is_named()
    {
        using var layer = new Linear(1, 1, new RandomGenerator(1));
        using var optimizer = new Sgd(layer.Parameters(), 0.1f);
        using var task = TrainingTask.Of(layer, new ShuffledBatches<int>([1], 1, seed: 1), _ => null!, _ => 0);
        new Trainer(task, optimizer, new TrainerOptions { Steps = 1 }).Invoking(t => t.Run())
            .Should().Throw<InvalidOperationException>().WithMessage("Trainer.Run: the task's loss is null. Hint:*");
    }

    [Fact]
    public void A_null_result_of_a_function_is_named()
    {
        using var lambda = new Lambda(_ => null!);
        lambda.Invoking(l => l.Forward(Tensor.Ones([1]))).Should().Throw<InvalidOperationException>()
            .WithMessage("Lambda: the function returned null*");
        FluentActions.Invoking(() => new CellLayer(2, 3, _ => null!, new RandomGenerator(1))).Should().Throw<ArgumentException>()
            .WithMessage("CellLayer: newCell returned null.*").WithParameterName("newCell");
    }

    [Fact]
    public void A_null_item_is_named_by_its_index()
    {
        using var gpt = new Gpt(new() { VocabularySize = 8, MaximumLength = 6, ModelSize = 4, HeadCount = 2, Layers = 1 },
            new RandomGenerator(1));
        using var recurrent = new RecurrentLanguageModel(new() { VocabularySize = 8, HiddenSize = 4 }, new RandomGenerator(1));
        foreach (var model in (LanguageModel[])[gpt, recurrent])
        {
            using var stream = model.NewStream(2);
            stream.Invoking(s => s.ReadEach([[1], null!])).Should().Throw<ArgumentException>()
                .WithMessage("*Stream: item 1 of prompts is null.*").WithParameterName("prompts");
            var generator = new TextGenerator(stream, Sampler.Greedy());
            generator.Invoking(g => g.GenerateEach([null!, [1]], new() { MaximumLength = 1 })).Should().Throw<ArgumentException>()
                .WithMessage("TextGenerator: item 0 of prompts is null.*");
            generator.Invoking(g => g.GenerateEach([[1], [1]], new() { MaximumLength = 1, StopSequences = [null!] }))
                .Should().Throw<ArgumentException>().WithMessage("GenerationOptions: item 0 of StopSequences is null.*");
            generator.Invoking(g => g.GenerateEach([[1], [1]], new() { MaximumLength = 1, ForbiddenTokens = null! }))
                .Should().Throw<ArgumentNullException>().WithParameterName("ForbiddenTokens");
        }

        FluentActions.Invoking(() => LinePacking.Pack([[1], null!], 3)).Should().Throw<ArgumentException>()
            .WithMessage("LinePacking: item 1 of lines is null.*");
        var masking = new TokenMasking(WordTokenizer.FromWords(["a"], false), new RandomGenerator(1));
        FluentActions.Invoking(() => new MaskedBatch(1, 4).Fill([null!], masking)).Should().Throw<ArgumentException>()
            .WithMessage("MaskedBatch: item 0 of sequences is null.*");
    }
}
