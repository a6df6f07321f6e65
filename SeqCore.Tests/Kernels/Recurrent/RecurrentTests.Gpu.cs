using System.Text.RegularExpressions;
using SeqCore.Kernels;
using SeqCore.Kernels.Recurrent;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.Recurrent;

[Collection(GpuCollection.Name)]
public class RecurrentGpuTests
{
    private const double Relative = 1e-5;
    private const double Absolute = 4e-6;

    public static TheoryData<string, int, int, int, int, string> Cases()
    {
        var cases = new TheoryData<string, int, int, int, int, string>();
        foreach (var kind in new[] { "Lstm", "Gru", "Tanh", "Relu" })
        {
            foreach (var options in new[] { "aligned", "reverse", "lengths", "aligned reverse lengths", "zoneout",
                "aligned zoneout lengths reverse", "time-first gaps", "no state", "no bias", "few gradients" })
                cases.Add(kind, 3, 4, 5, 8, options);
            cases.Add(kind, 1, 1, 3, 5, "");
            cases.Add(kind, 2, 3, 4, 33, "reverse");
            cases.Add(kind, 35, 2, 6, 12, "aligned lengths");
            cases.Add(kind, 2, 3, 0, 5, "");
            cases.Add(kind, 0, 3, 4, 5, "");
            cases.Add(kind, 33, 3, 8, 132, "aligned");
            cases.Add(kind, 5, 2, 4, 131, "zoneout");
            cases.Add(kind, 100, 3, 2, 4, "aligned");
        }

        cases.Add("HardLstm", 3, 4, 5, 8, "aligned zoneout lengths reverse");
        cases.Add("HardGru", 2, 3, 4, 33, "");
        foreach (var options in new[] { "aligned", "reverse", "aligned zoneout lengths reverse", "no state", "few gradients" })
            cases.Add("ResetFirstGru", 3, 4, 5, 8, options);
        cases.Add("ResetFirstGru", 35, 2, 6, 12, "aligned lengths");
        cases.Add("ResetFirstGru", 2, 3, 4, 33, "lengths");
        cases.Add("ResetFirstTanh", 3, 4, 5, 8, "aligned");
        cases.Add("ResetFirstTanh", 2, 3, 4, 33, "lengths");
        cases.Add("ResetFirstGru", 0, 3, 4, 5, "");
        cases.Add("Lstm", 3, 4, 5, 24, "aligned blocks reverse");
        cases.Add("Gru", 3, 3, 5, 9, "blocks lengths few gradients");
        cases.Add("ResetFirstGru", 2, 3, 4, 33, "blocks");
        cases.Add("CoupledLstm", 3, 4, 5, 8, "aligned zoneout lengths reverse");
        cases.Add("CoupledLstm", 2, 3, 4, 33, "");

        return cases;
    }

    /// <summary>
    /// Sums of up to 131 (the gates) or 528 terms (the gradients of a state) of about 0.1 each, in another order than the CPU's,
    /// and as many again over time: a few ulp of the largest partial sum, 4e-6.
    /// </summary>
    [Theory, MemberData(nameof(Cases))]
    public void Forward_and_backward_agree_with_the_cpu(string kind, int batch, int steps, int inputs, int hidden, string options)
    {
        using var pair = new DevicePair(options.Contains("aligned") ? 16 : 19);
        var layer = new LayerPair(pair, Enum.Parse<CellKind>(kind), batch, steps, inputs, hidden, options);
        layer.Forward(keepsWorkspace: false);
        layer.ShouldAgree(layer.Results, Relative, Absolute);
        layer.Forward(keepsWorkspace: true);
        layer.ShouldAgree(layer.Results, Relative, Absolute);
        layer.Backward();
        layer.ShouldAgree(layer.Gradients, Relative, Absolute);
    }

    [Theory]
    [InlineData("Lstm")]
    [InlineData("Gru")]
    [InlineData("Tanh")]
    public void Two_runs_give_the_same_bits(string kind)
    {
        using var pair = new DevicePair(16);
        var layer = new LayerPair(pair, Enum.Parse<CellKind>(kind), 40, 5, 12, 36, "aligned lengths");
        var runs = new List<float[]>();
        for (var run = 0; run < 2; run++)
        {
            layer.Forward(keepsWorkspace: true);
            layer.Backward();
            runs.Add([.. layer.Results.Concat(layer.Gradients).SelectMany(r => pair.Read(r.Value))]);
        }

        runs[1].Should().Equal(runs[0]);
    }

    [Theory]
    [InlineData("Lstm", "aligned lengths", 8)]
    [InlineData("Gru", "aligned lengths reverse", 8)]
    [InlineData("Tanh", "lengths", 5)]
    [InlineData("Relu", "lengths time-first gaps", 5)]
    [InlineData("Lstm", "lengths time-first", 5)]
    public void NaN_in_the_padding_gives_the_bits_of_zeros(string kind, string options, int hidden)
    {
        var runs = new List<float[]>();
        foreach (var padding in (string[])[" padding of NaN", " padding of 0"])
        {
            using var pair = new DevicePair(options.Contains("aligned") ? 16 : 19);
            var layer = new LayerPair(pair, Enum.Parse<CellKind>(kind), 4, 4, 3, hidden, options + padding);
            layer.Forward(keepsWorkspace: true);
            layer.Backward();
            runs.Add([.. layer.Results.Concat(layer.Gradients)
                .SelectMany(r => r.Value.OnCpu.AsHostSpan().ToArray().Concat(pair.Read(r.Value)))]);
        }

        runs[0].Should().NotContain(v => float.IsNaN(v)).And.Equal(runs[1]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void A_length_out_of_range_is_reported_as_on_the_cpu_when_a_value_is_read(int length)
    {
        using var pair = new DevicePair();
        var layer = new LayerPair(pair, CellKind.Gru, 2, 4, 3, 5, "");
        layer.Lengths = pair.PutIndices(4, length);
        Action forward = () => layer.RunOnCpu();
        forward.Should().Throw<ArgumentException>()
            .WithMessage($"GruForward: lengths should lie in [0, T] = [0, 4]; got {length}.");
        layer.RunOnGpu();
        Action read = () => pair.Read(layer.Results["y"]);
        read.Should().Throw<ArgumentException>().WithMessage($"GruForward: lengths should lie in [0, T] = [0, 4]; got {length}.");
    }

    [Fact]
    public void Wrong_sizes_are_refused_by_name()
    {
        using var pair = new DevicePair();
        var layer = new LayerPair(pair, CellKind.Lstm, 2, 3, 4, 5, "");
        var arguments = layer.Arguments(new DevicePair.Finder(true), default);
        var outputs = layer.Outputs(new DevicePair.Finder(true));
        Action weights = () => pair.Gpu.RecurrentForward<PlainLstm>(
            arguments with { Weights = arguments.Weights with { WeightHh = arguments.Weights.WeightIh } }, outputs);
        weights.Should().Throw<ArgumentException>()
            .WithMessage("LstmForward: WeightHh should have (4 H, H) = 100 elements; got 80.*");
        Action workspace = () => pair.Gpu.RecurrentBackward<PlainLstm>(arguments, new RecurrentGradients());
        workspace.Should().Throw<ArgumentException>()
            .WithMessage("LstmBackward: the workspace that the forward pass filled is missing*");
        Action steps = () => Backend.RecurrentWorkspace<PlainGru>(new RecurrentShape(1, 0, 1, 1));
        steps.Should().Throw<ArgumentException>().WithMessage("*at least one step*");
    }

    [Fact]
    public void Sums_of_gates_have_four_loads_under_way() =>
        Regex.Matches(PtxCompiler.Ptx<GateSums>(), @"ld\.global\.f32").Count
            .Should().Be(4 + 1, "four in the loop and one in that of the rest");

    [Theory]
    [InlineData(typeof(RecurrentStep<PlainLstm, WholeStep, AlignedLoads>), 128)]
    [InlineData(typeof(RecurrentStep<PlainGru, WholeStep, AlignedLoads>), 96)]
    [InlineData(typeof(RecurrentBackStep<PlainLstm, WholeStep, AlignedLoads>), 32)]
    public void A_step_loads_Float4_and_keeps_its_sums_in_registers(Type kernel, int multiplyAdds)
    {
        var text = PtxCompiler.Ptx(kernel);
        text.Should().NotContain(".local").And.NotContain("ld.volatile");
        Regex.Matches(text, @"ld\.global\.v4\.f32").Count
            .Should().BeGreaterThanOrEqualTo(10, "a chunk of both operands, before the loop and in it");
        Regex.Matches(text, @"ld\.shared\.v4\.f32").Count
            .Should().Be(4 * (4 + (multiplyAdds / 16)), "for each of four fours, four rows, and two units of each gate");
        Regex.Matches(text, @"fma\.rn\.f32").Count.Should().BeGreaterThanOrEqualTo(4 * multiplyAdds);
    }
}
