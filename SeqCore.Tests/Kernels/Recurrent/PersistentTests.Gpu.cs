using System.Text.RegularExpressions;
using SeqCore.Kernels.Recurrent;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Gpu.Ptx;

namespace SeqCore.Tests.Kernels.Recurrent;

/// <summary>The kernels that stay on the device for all steps, as PTX on the machine that runs it thread by thread.</summary>
[Collection(GpuCollection.Name)]
public sealed class PersistentGpuTests : IDisposable
{
    private static readonly PersistentLimits Limits = new(24, 232448);

    public PersistentGpuTests() => PtxKernels.Backend.PersistentLimits = Limits;

    public void Dispose()
    {
        PtxKernels.Backend.PersistentKernels = true;
        PtxKernels.Backend.PersistentLimits = default;
    }

    /// <summary>Tolerances as in <see cref="RecurrentGpuTests"/>: the sums are as long, in another order again.</summary>
    [Theory]
    [InlineData("Lstm", 3, 3, 12, "aligned", 24, 16)]
    [InlineData("Lstm", 18, 2, 20, "aligned zoneout lengths reverse", 24, 16)]
    [InlineData("Lstm", 34, 2, 20, "aligned zoneout lengths reverse", 8, 32)]
    [InlineData("Lstm", 2, 2, 132, "aligned no state", 24, 16)]
    [InlineData("Gru", 33, 2, 20, "aligned reverse", 8, 32)]
    [InlineData("Gru", 3, 3, 8, "aligned zoneout lengths no bias", 24, 16)]
    [InlineData("Tanh", 17, 4, 16, "aligned lengths time-first gaps", 2, 32)]
    [InlineData("Relu", 2, 2, 132, "aligned few gradients", 24, 16)]
    public void Forward_and_backward_agree_with_the_cpu(string kind, int batch, int steps, int hidden, string options,
        int groups, int rows)
    {
        var limits = Limits with { Groups = groups };
        PtxKernels.Backend.PersistentLimits = limits;
        var plan = new PersistentPlan(batch, steps, hidden, kind switch { "Lstm" => 4, "Gru" => 3, _ => 1 });
        (plan.ForwardRows(limits), plan.BackwardRows(limits)).Should().Be((rows, rows));
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
    [InlineData("Lstm")]
    [InlineData("Gru")]
    public void The_order_in_which_threads_and_groups_run_does_not_change_a_bit(string kind)
    {
        using var pair = new DevicePair(16, PtxKernels.Backend);
        var layer = new LayerPair(pair, Enum.Parse<CellKind>(kind), 3, 3, 4, 36, "aligned lengths");
        var runs = new List<float[]>();
        var seed = PtxKernels.Seed;
        for (PtxKernels.Seed = 2; PtxKernels.Seed < 5; PtxKernels.Seed++)
        {
            layer.Forward(keepsWorkspace: true);
            layer.Backward();
            runs.Add([.. layer.Results.Concat(layer.Gradients).SelectMany(r => pair.Read(r.Value))]);
        }

        PtxKernels.Seed = seed;
        runs[1].Should().Equal(runs[0]);
        runs[2].Should().Equal(runs[0]);
    }

    /// <summary>The machine holds 24 groups and the layer has 25, as where another program holds a part of a device.</summary>
    [Fact]
    public void Groups_that_wait_for_one_that_does_not_start_give_up_and_the_next_read_throws()
    {
        PtxKernels.Backend.PersistentLimits = Limits with { Groups = 25, MostPolls = 1000 };
        using var pair = new DevicePair(16, PtxKernels.Backend);
        var layer = new LayerPair(pair, CellKind.Tanh, 2, 3, 4, 200, "aligned");
        layer.Forward(keepsWorkspace: false);
        var read = () => pair.Read(layer.Results.First().Value);
        read.Should().Throw<DeviceException>().WithMessage("PersistentForward: *under MPS*SEQCORE_GPU_PERSISTENT=0*")
            .Which.Device.Should().Be(PtxKernels.Backend.Device);
        PtxKernels.Backend.PersistentKernels = false;
        layer.Forward(keepsWorkspace: false);
        layer.ShouldAgree(layer.Results, 1e-5, 4e-6);
    }

    [Fact]
    public void They_can_be_turned_off()
    {
        PtxKernels.Backend.PersistentLimits.Should().Be(Limits);
        PtxKernels.Backend.PersistentKernels = false;
        PtxKernels.Backend.PersistentLimits.Should().Be(default(PersistentLimits));
    }

    [Theory]
    [InlineData(typeof(PersistentForward<PlainLstm, WholeRows>), 12)]
    [InlineData(typeof(PersistentForward<PlainGru, HalfRows>), 8)]
    [InlineData(typeof(PersistentBackward<PlainLstm, HalfRows>), 10)]
    [InlineData(typeof(PersistentBackward<PlainGru, WholeRows>), 10)]
    public void The_kernels_load_Float4_and_keep_their_sums_in_registers(Type kernel, int loadsOfAFour)
    {
        var text = PtxCompiler.Ptx(kernel);
        text.Should().NotContain(".local").And.Contain("membar.gl", "what other groups wrote has to be seen");
        text.Should().Contain("ld.volatile.global.s32", "groups poll without writing");
        var barriers = kernel.Name.StartsWith("PersistentBackward", StringComparison.Ordinal) ? 2 : 1;
        Regex.Count(text, @"atom\S*\.add|red\S*\.add").Should().Be(barriers, "each barrier adds once");
        Regex.Matches(text, @"ld\.shared\.v4\.f32").Count
            .Should().Be(4 * loadsOfAFour, "for each of four fours, rows, and two units of each gate");
        Regex.Matches(text, @"ld\.global\.v4\.f32").Count
            .Should().BeGreaterThanOrEqualTo(5, "the weights, and a chunk of states before the loop and in it");
    }

    [Fact]
    public void A_layer_that_fits_the_largest_gpus_runs_in_one_kernel_and_a_larger_one_does_not()
    {
        // 132 multiprocessors with 227 KB of shared memory each; 108 with 163 KB.
        PersistentLimits h200 = new(132, 232448), a100 = new(108, 166912);
        var large = new PersistentPlan(32, 100, 1024, 4);
        (large.ForwardGroups(32), large.BackwardGroups(32), large.SharedBytes).Should().Be((128, 128, 165376));
        (large.ForwardRows(h200), large.BackwardRows(h200)).Should().Be((32, 32));
        large.ForwardRows(a100).Should().Be(0, "it has too few multiprocessors");
        new PersistentPlan(33, 100, 1024, 4).ForwardRows(h200).Should().Be(0, "two tiles of sequences need 256 groups");
        new PersistentPlan(32, 100, 1024, 3).BackwardRows(h200)
            .Should().Be(32, "43 tiles of 24 columns and 3 gates are 129 groups");
        new PersistentPlan(64, 128, 256, 4).ForwardRows(h200).Should().Be(16, "four tiles of sequences need 128 groups");
        new PersistentPlan(64, 128, 256, 4).ForwardRows(a100).Should().Be(32);
        new PersistentPlan(1, 100, 1024, 4).ForwardRows(new(1000, 160000)).Should().Be(0, "the weights of 8 units do not fit");
        new PersistentPlan(1, 1, 64, 4).ForwardRows(h200).Should().Be(0, "one step has nothing to keep weights for");
        new PersistentPlan(1, 9, 66, 4).ForwardRows(h200).Should().Be(0, "rows of 66 floats cannot be read in fours");
        new PersistentPlan(1, 9, 64, 4).ForwardRows(default).Should().Be(0, "without limits they are off");
    }
}
