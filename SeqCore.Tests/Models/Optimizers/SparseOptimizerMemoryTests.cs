using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Optimizers;

/// <summary>Memory, devices, threads and checkpoints of trainings with sparse gradients.</summary>
public sealed class SparseOptimizerMemoryTests
{
    [Fact]
    public void Freezing_moving_and_disposing_release_what_is_kept()
    {
        using CpuBackend first = new(1), second = new(2);
        var table = new Embedding(50, 7, new RandomGenerator(1), sparseGradient: true).To(first);
        using var optimizer = new AdamW(table.Parameters(), 0.1f);
        Step();
        var (before, kept) = (table.Weight.Value.ToArray(), first.Memory.InUse);
        table.Freeze();
        first.Memory.InUse.Should().BeLessThan(kept);
        table.Unfreeze();
        Step();
        first.Memory.InUse.Should().Be(kept);
        table.To(second);
        Step();
        first.Memory.InUse.Should().Be(0, "the optimizer's state has followed");
        Step();
        table.Weight.Value.ToArray().Should().NotEqual(before);
        optimizer.Dispose();
        table.Dispose();
        second.Memory.InUse.Should().Be(0);

        void Step()
        {
            using (var tape = new Tape())
            {
                using var tokens = IndexTensor.FromArray([3, 1, 1], table.Weight.Value.Backend);
                tape.Backward(table.Forward(tokens).Sum());
                optimizer.Step();
            }

            table.ZeroGradients();
        }
    }

    [Fact]
    public void Threads_do_not_change_the_bits()
    {
        Requires.Cpu("the number of threads is the CPU's");
        float[]? first = null;
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var backend = new CpuBackend(threads);
            using var table = new Embedding(3000, 40, new RandomGenerator(1), sparseGradient: true).To(backend);
            using var optimizer = new Adam(table.Parameters(), 0.1f);
            var random = new Random(2);
            for (var t = 0; t < 5; t++)
            {
                using (var tape = new Tape())
                {
                    using var tokens =
                        IndexTensor.FromArray([.. Enumerable.Range(0, 900).Select(_ => random.Next(3000))], backend);
                    var y = table.Forward(tokens);
                    tape.Backward((y * y).Sum());
                    optimizer.StepClipped(1f);
                }

                optimizer.ZeroGradients();
            }

            var bits = table.Weight.Value.ToArray();
            (first ??= bits).Should().Equal(bits);
        }
    }

    [Fact]
    public void Neither_native_memory_nor_garbage_grows()
    {
        Requires.Cpu("garbage is the CPU's");
        using var backend = new CpuBackend(1);
        var garbage = new List<double>();
        foreach (var size in (int[])[1, 8])
        {
            using var table = new Embedding(4000 * size, 8, new RandomGenerator(1), sparseGradient: true).To(backend);
            using var optimizer = new AdamW(table.Parameters());
            using var tokens =
                IndexTensor.FromArray([.. Enumerable.Range(0, 300 * size).Select(i => i * 7919 % (4000 * size))], backend);
            var use = new List<MemoryUse>();
            var start = 0L;
            for (var step = 1; step <= 100; step++)
            {
                if (step == 11)
                    start = GC.GetAllocatedBytesForCurrentThread();
                using (var tape = new Tape())
                {
                    tape.Backward(table.Forward(tokens).Sum());
                    optimizer.StepClipped(1f).Dispose();
                }

                optimizer.ZeroGradients();
                if (step >= 10)
                    use.Add(backend.Memory);
            }

            garbage.Add((GC.GetAllocatedBytesForCurrentThread() - start) / 90.0);
            use.Distinct().Should().ContainSingle();
        }

        garbage[1].Should().BeLessThan(garbage[0] + 1000);
    }

    [Fact]
    public void A_run_that_was_resumed_ends_with_the_bits_of_one_that_was_not()
    {
        using var temporary = new TemporaryFolder();
        var whole = Run("whole", 8);
        Run("resumed", 3).Should().NotEqual(whole);
        Run("resumed", 8).Should().Equal(whole);

        float[] Run(string folder, int steps)
        {
            var random = new RandomGenerator(1);
            using var table = new Embedding(50, 7, random, paddingIndex: 0, sparseGradient: true);
            using var head = new Linear(7, 2, random);
            using var model = new ModuleList<Module>([table, head]);
            using var batches = new LabelledBatches([.. Enumerable.Range(0, 20).Select(i =>
                new LabelledSequence([1 + i, 1 + (i * i % 40)], i % 2))], batchSize: 4, seed: 2);
            using var task = TrainingTask.Of(model, batches,
                batch => head.Forward(table.Forward(batch.Tokens).Mean(1)).CrossEntropy(batch.Labels!), _ => 0);
            using var optimizer = new Adam(model.Parameters(), 0.02f, weightDecay: 0.1f);
            var trainer = new Trainer(task, optimizer, new TrainerOptions
            {
                Steps = steps,
                Accumulation = 2,
                ClipNorm = 0.1f,
                Folder = temporary.File(folder),
                Goal = EvaluationGoal.Minimize,
                DetectAnomalies = steps == 3,
            });
            trainer.StepCompleted += (_, _) => table.Weight.Gradient.Should().BeNull();
            trainer.Resume();
            trainer.Run().Step.Should().Be(steps);
            return [.. model.Parameters().Select(p => p.Value).Concat(optimizer.StateDictionary().Tensors.Values)
                .SelectMany(t => t.ToArray())];
        }
    }
}
