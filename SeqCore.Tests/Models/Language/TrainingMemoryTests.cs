using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Language;

/// <summary>Runs when no other test does, because it watches the memory of the backend that all share.</summary>
[CollectionDefinition(nameof(TrainingMemoryTests), DisableParallelization = true)]
[Collection(nameof(TrainingMemoryTests))]
public class TrainingMemoryTests
{
    [Theory]
    [InlineData(RecurrentKind.Rnn)]
    [InlineData(RecurrentKind.Gru)]
    [InlineData(RecurrentKind.Lstm)]
    public void Training_takes_no_new_memory_after_the_first_steps(RecurrentKind kind)
    {
        using var model = new RecurrentLanguageModel(
            new()
            {
                VocabularySize = 7,
                Kind = kind,
                EmbeddingSize = 4,
                HiddenSize = 5,
                Layers = 2,
                Dropout = 0.2f,
                LockedDropout = true,
                WeightDropout = 0.2f,
                ZoneoutHidden = 0.1f,
            },
            new RandomGenerator(1));
        using var optimizer = new Adam(model.Parameters(), 0.01f);
        using var tokens = IndexTensor.FromSpan([1, 2, 3, 4, 5, 6], [2, 3]);
        using var targets = IndexTensor.FromSpan([2, 3, 4, 5, 6, 0], [2, 3]);
        RecurrentState? state = null;
        for (var i = 0; i < 10; i++)
            Step();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // A GPU takes back what the collector found when memory is asked for next.
        Step();
        var before = Backend.Default.Memory;
        for (var i = 0; i < 200; i++)
            Step();
        Backend.Default.Memory.Should().Be(before);
        state!.Dispose();

        void Step()
        {
            using var tape = new Tape();
            var (logits, next) = model.Forward(tokens, state);
            tape.Backward(logits.CrossEntropy(targets));
            optimizer.StepClipped(1f);
            optimizer.ZeroGradients();
            var previous = state;
            state = next.Keep();
            previous?.Dispose();
        }
    }
}
