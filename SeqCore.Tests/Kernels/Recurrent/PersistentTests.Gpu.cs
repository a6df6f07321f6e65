using System.Text.RegularExpressions;
using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Gpu.Ptx;

namespace SeqCore.Tests.Kernels;

/// <summary>The kernels that stay on the device for all steps, as PTX on the machine that runs it thread by thread.</summary>
[Collection(GpuCollection.Name)]
public sealed class PersistentGpuTests : IDisposable
{
    private static readonly PersistentLimits Limits = new(24, 232448);

    public PersistentGpuTests() => PtxKernels.Backend.PersistentLimits = Limits;

    public void Dispose() => PtxKernels.Backend.PersistentLimits = default;

    /// <summary>Tolerances as in <see cref="RecurrentGpuTests"/>: the sums are as long, in another order again.</summary>
    [Theory]
    [InlineData("Lstm", 3, 3, 12, "aligned")]
    [InlineData("Lstm", 34, 2, 20, "aligned zoneout lengths reverse")]
    [InlineData("Lstm", 2, 2, 132, "aligned no state")]
    [InlineData("Gru", 33, 3, 28, "aligned reverse")]
    [InlineData("Gru", 3, 3, 8, "aligned zoneout lengths no bias")]
    [InlineData("Tanh", 5, 4, 16, "aligned lengths time-first gaps")]
    [InlineData("Relu", 2, 3, 140, "aligned few gradients")]
    public void Forward_and_backward_agree_with_the_cpu(string kind, int batch, int steps, int hidden, string options)
    {
        var plan = new PersistentPlan(batch, steps, hidden, kind switch { "Lstm" => 4, "Gru" => 3, _ => 1 });
        plan.FitsForward(Limits).Should().BeTrue();
        plan.FitsBackward(Limits).Should().BeTrue();
        using var pair = new DevicePair(16, PtxKernels.Backend);
        var layer = new LayerPair(pair, Enum.Parse<CellKind>(kind), batch, steps, 4, hidden, options);
        layer.Forward(keepsWorkspace: false);
        layer.ShouldAgree(layer.Results, 1e-5, 4e-6);
        layer.Forward(keepsWorkspace: true);
        layer.ShouldAgree(layer.Results, 1e-5, 4e-6);
        layer.Backward();
        layer.ShouldAgree(layer.Gradients, 1e-5, 4e-6);
    }

    [Theory]
    [InlineData(typeof(PersistentForward<LstmCell>), 12)]
    [InlineData(typeof(PersistentForward<GruCell>), 10)]
    [InlineData(typeof(PersistentBackward<LstmCell>), 12)]
    [InlineData(typeof(PersistentBackward<GruCell>), 10)]
    public void The_kernels_load_fours_and_keep_their_sums_in_registers(Type kernel, int loadsOfAFour)
    {
        var text = PtxCompiler.Ptx(kernel);
        text.Should().NotContain(".local").And.Contain("membar.gl", "what other groups wrote has to be seen");
        Regex.Matches(text, @"ld\.shared\.v4\.f32").Count.Should().Be(loadsOfAFour, "four rows, and two units of each gate");
        Regex.Matches(text, @"ld\.global\.v4\.f32").Count.Should().BeGreaterThanOrEqualTo(9, "the weights, and a chunk of states before the loop and in it");
    }

    [Fact]
    public void A_layer_that_fits_the_largest_gpus_runs_in_one_kernel_and_a_larger_one_does_not()
    {
        // 132 multiprocessors with 227 KB of shared memory each; 108 with 163 KB.
        PersistentLimits h200 = new(132, 232448), a100 = new(108, 166912);
        var large = new PersistentPlan(32, 100, 1024, 4);
        (large.ForwardGroups, large.BackwardGroups, large.SharedBytes).Should().Be((128, 128, 165376));
        large.FitsForward(h200).Should().BeTrue();
        large.FitsBackward(h200).Should().BeTrue();
        large.FitsForward(a100).Should().BeFalse("it has too few multiprocessors");
        new PersistentPlan(33, 100, 1024, 4).FitsForward(h200).Should().BeFalse("two tiles of sequences need 256 groups");
        new PersistentPlan(64, 128, 256, 4).FitsForward(a100).Should().BeTrue();
        new PersistentPlan(1, 100, 1024, 3).FitsBackward(h200).Should().BeTrue();
        new PersistentPlan(1, 100, 1024, 4).FitsForward(new(1000, 160000)).Should().BeFalse("the weights of 8 units do not fit");
        new PersistentPlan(1, 1, 64, 4).FitsForward(h200).Should().BeFalse("one step has nothing to keep weights for");
        new PersistentPlan(1, 9, 66, 4).FitsForward(h200).Should().BeFalse("rows of 66 floats cannot be read in fours");
        new PersistentPlan(1, 9, 64, 4).FitsForward(default).Should().BeFalse("without limits they are off");
    }
}
