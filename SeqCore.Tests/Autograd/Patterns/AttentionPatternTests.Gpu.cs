using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Autograd.Patterns;

/// <summary>Attention with a pattern on the GPU against the CPU.</summary>
[Collection(GpuCollection.Name)]
public class AttentionPatternGpuTests
{
    [Fact]
    public void Devices_agree()
    {
        var pattern = AttentionPattern.PerHead(AttentionPattern.Longformer(9, globalTokens: 1), AttentionPattern.Strided(65));
        var expected = Results(pattern, new CpuBackend());
        var actual = Results(pattern, TestGpu.Backend);
        for (var i = 0; i < expected.Length; i++)
            actual[i].ShouldBeCloseTo(expected[i], 1e-5f, $"result {i}");
    }

    private static float[][] Results(AttentionPattern pattern, Backend backend)
    {
        Variable[] x = [.. Enumerable.Range(1, 3).Select(i => new Variable(Samples.Of(i, 1, 2, 140, 8).To(backend), true))];
        var dY = Samples.Of(4, 1, 2, 140, 8).To(backend);
        using var tape = new Tape();
        var y = Variable.Attention(x[0], x[1], x[2], AttentionOptions.Causal with { Pattern = pattern });
        tape.Backward((y * dY).Sum());
        return [y.Value.ToArray(), .. x.Select(variable => variable.Gradient!.ToArray())];
    }
}
