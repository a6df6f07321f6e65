using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Models.Training;

/// <summary>Tests that change the default device, so that no other may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ChangesTheDefaultDevice
{
    internal const string Name = "changes the default device";
}

[Collection(ChangesTheDefaultDevice.Name)]
public sealed class TrainingOnGpuTests : IDisposable
{
    private readonly GpuBackend gpu = TestGpu.Backend;
    private readonly Backend before = Backend.Default;
    private readonly CpuBackend cpu = new();

    public static TheoryData<string> Runs => new(GpuRun.Names);

    public void Dispose()
    {
        Backend.Default = before;
        cpu.Dispose();
    }

    [Theory]
    [InlineData("LSTM")]
    [InlineData("GPT")]
    public void Fifty_steps_lose_what_they_lose_on_the_CPU(string name)
    {
        var (expected, actual) = (Train(cpu, name, 50).Losses, Train(gpu, name, 50).Losses);
        expected[^1].Should().BeLessThan(0.8f * expected[0], "the bound below should mean something");
        for (var step = 0; step < 50; step++)
            actual[step].Should().BeApproximately(expected[step], 1e-3f, $"step {step}");
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Steps_wait_for_nothing_and_two_runs_with_the_same_seed_end_with_the_same_bits(string name)
    {
        Backend.Default = gpu;
        using var run = new GpuRun(name);
        var losses = run.Train(1);
        var waits = gpu.Waits;
        losses = [.. losses, .. run.Train(3)];
        gpu.Waits.Should().Be(waits);
        losses[^1].Item();
        gpu.Waits.Should().BeGreaterThan(waits, "the counter should count");

        var weights = run.Weights();
        weights.Should().OnlyContain(w => float.IsFinite(w));
        var second = Train(gpu, name, 4);
        second.Losses.Should().Equal(losses.Select(l => l.Item()));
        second.Weights.AsSpan().SequenceEqual(weights).Should().BeTrue();
    }

    [Fact]
    public void A_run_started_on_the_GPU_continues_on_the_CPU()
    {
        using var folder = new TemporaryFolder();
        Backend.Default = gpu;
        var options = new TrainerOptions { Steps = 4, Folder = folder.Path, CheckpointEvery = 2, EvaluateEvery = 2 };
        new SmallRun { Options = options }.Train();
        Backend.Default = cpu;
        var read = new CheckpointFolder(folder.Path).ReadNewest(gpu)!;
        using var parts = new SmallRun.Parts(new SmallRun { Options = options with { Steps = 8 } });
        parts.Trainer.Resume().Should().BeTrue();
        foreach (var (name, parameter) in parts.Model.NamedParameters())
            parameter.Value.ToArray().Should().Equal(read.Part("model")[name].ToArray(), name);
        parts.Trainer.Run().Step.Should().Be(8);
    }

    private (float[] Losses, float[] Weights) Train(Backend device, string name, int steps)
    {
        Backend.Default = device;
        using var run = new GpuRun(name);
        var losses = run.Train(steps);
        return ([.. losses.Select(l => l.Item())], run.Weights());
    }
}
