using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.CrossEntropy;

[Collection(GpuCollection.Name)]
public class CrossEntropyScaleGpuTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(1000)]
    public void Devices_agree(int rows)
    {
        using var pair = new DevicePair();
        var targets = pair.PutIndices([.. Enumerable.Range(0, rows).Select(r => r % 7 == 3 ? -1 : r)]);
        var weights = pair.Put([.. Enumerable.Range(1, rows).Select(r => 1f / r)]);
        DevicePair.Operand plain = pair.Output(1), weighted = pair.Output(1);
        pair.Run((backend, on) => backend.CrossEntropyScale(on[targets], default, on[plain], rows, -1));
        pair.Run((backend, on) => backend.CrossEntropyScale(on[targets], on[weights], on[weighted], rows, -1));
        pair.ShouldAgree(plain, 0, 0, "counted");

        // Sums of 1000 weights in float32 on the GPU, in double on the CPU.
        pair.ShouldAgree(weighted, 1e-6, 0, "weighted");
        var ofClasses = pair.Put([.. Enumerable.Range(0, rows).Select(r => r % 3 / 2f + 0.5f)]);
        pair.Run((backend, on) =>
            backend.CrossEntropyScale(on[targets], new(on[weights], on[ofClasses]), on[weighted], rows, -1));
        pair.ShouldAgree(weighted, 1e-6, 0, "weighted by class too");
    }

    [Fact]
    public void No_token_that_counts_is_an_error_at_the_next_read()
    {
        using var pair = new DevicePair();
        var targets = pair.PutIndices(-1, -1);
        var scale = pair.Output(1);
        pair.Gpu.CrossEntropyScale(targets.OnGpu, default, scale.OnGpu, 2, -1);
        pair.Invoking(p => p.Read(scale))
            .Should().Throw<ArgumentException>().WithMessage("CrossEntropy: there is no mean*-1*");
        pair.Read(scale).Should().Equal(0f);
    }
}
