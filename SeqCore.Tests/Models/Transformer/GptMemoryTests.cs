using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Tests.Models.Language;

namespace SeqCore.Tests.Models.Transformer;

/// <summary>Runs when no other test does, because it watches the memory of the backend that all share.</summary>
[Collection(nameof(TrainingMemoryTests))]
public class GptMemoryTests
{
    private static readonly GptOptions Small =
        new() { VocabularySize = 7, MaximumLength = 200, Layers = 2, HeadCount = 2, ModelSize = 8, Dropout = 0.1f };

    [Fact]
    public void Training_takes_no_new_memory_after_the_first_steps()
    {
        using var model = new Gpt(Small, new RandomGenerator(1));
        using var optimizer = new AdamW(model.Parameters(), 0.01f);
        using IndexTensor tokens = IndexTensor.FromSpan([1, 2, 3, 4, 5, 6], [2, 3]),
            targets = IndexTensor.FromSpan([2, 3, 4, 5, 6, 0], [2, 3]);
        TakesNoMemory(() =>
        {
            using var tape = new Tape();
            tape.Backward(model.Predict(tokens).CrossEntropy(targets));
            optimizer.Step();
            optimizer.ZeroGradients();
        });
    }

    [Fact]
    public void Streams_take_no_new_memory_after_the_first_text()
    {
        using var model = new Gpt(Small with { Positions = PositionKind.Rotary, Window = 3, MaximumLength = null },
            new RandomGenerator(1));
        using var stream = model.NewStream(2);
        for (var i = 0; i < 600; i++)
            Next();
        TakesNoMemory(Next);

        void Next()
        {
            stream.Step([3, 4]);
            stream.Reorder([1, 1]);
        }
    }

    internal static void TakesNoMemory(Action step)
    {
        for (var i = 0; i < 10; i++)
            step();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // A GPU takes back what the collector found when memory is asked for next.
        step();
        var before = Backend.Default.Memory;
        for (var i = 0; i < 200; i++)
            step();
        Backend.Default.Memory.Should().Be(before);
    }
}
