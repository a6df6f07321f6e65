using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>Measures the memory of the whole process, so no other test may run beside it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuresMemory
{
    internal const string Name = "measures memory";
}

[Collection(MeasuresMemory.Name)]
public sealed class TrainerMemoryTests
{
    [Theory]
    [InlineData(RecurrentKind.Lstm, false)]
    [InlineData(RecurrentKind.Gru, true)]
    public void Native_memory_does_not_grow_from_step_10_to_step_1000(RecurrentKind kind, bool streams)
    {
        var reserved = new List<long>();
        new SmallRun { Kind = kind, Streams = streams, Dropout = 0.1f, Options = new TrainerOptions { Steps = 1000, EvaluateEvery = 5 } }.Train(watch: trainer =>
            trainer.StepCompleted += (_, e) =>
            {
                if (e.Step >= 10)
                    reserved.Add(Backend.Default.Memory.Reserved);
            });
        reserved.Distinct().Should().ContainSingle();
    }

    [Fact]
    public void Managed_garbage_of_a_step_is_small_and_does_not_depend_on_the_sizes()
    {
        var small = GarbagePerStep(new SmallRun { Hidden = 12, Batch = 3, Length = 6, Options = new TrainerOptions { Steps = 60 } });
        var large = GarbagePerStep(new SmallRun { Hidden = 96, Batch = 16, Length = 24, Options = new TrainerOptions { Steps = 60 } });
        small.Should().BeLessThan(16_000);
        large.Should().BeInRange(small - 500, small + 500);
    }

    private static double GarbagePerStep(SmallRun run)
    {
        long first = 0, last = 0;
        run.Train(watch: trainer => trainer.StepCompleted += (_, e) =>
        {
            if (e.Step == 20)
                first = GC.GetAllocatedBytesForCurrentThread();
            if (e.Step == 60)
                last = GC.GetAllocatedBytesForCurrentThread();
        });
        return (last - first) / 40.0;
    }
}
