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
        Garbage.Collect();
        var reserved = new List<long>();
        new SmallRun
        {
            Kind = kind,
            Streams = streams,
            Dropout = 0.1f,
            Options = new TrainerOptions { Steps = 1000, EvaluateEvery = 5 },
        }.Train(watch: trainer =>
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
        Requires.Cpu("the bound is for the CPU's kernels, and queueing one on a GPU leaves a little more garbage");

        // Eight times the elements; the small one is large enough for all threads, as a parallel region has some
        // garbage of its own.
        var small =
            GarbagePerStep(new SmallRun { Hidden = 64, Batch = 8, Length = 16, Options = new TrainerOptions { Steps = 30 } });
        var large =
            GarbagePerStep(new SmallRun { Hidden = 128, Batch = 16, Length = 32, Options = new TrainerOptions { Steps = 30 } });
        small.Should().BeLessThan(32_000);
        large.Should().BeLessThan(1.25 * small);
    }

    private static double GarbagePerStep(SmallRun run)
    {
        long first = 0, last = 0;
        run.Train(watch: trainer => trainer.StepCompleted += (_, e) =>
        {
            if (e.Step == 10)
                first = GC.GetAllocatedBytesForCurrentThread();
            if (e.Step == 30)
                last = GC.GetAllocatedBytesForCurrentThread();
        });
        return (last - first) / 20.0;
    }
}
