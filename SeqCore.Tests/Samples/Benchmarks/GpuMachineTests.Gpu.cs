using System.Text.RegularExpressions;
using SeqCore.Benchmarks;
using SeqCore.Tests.Architecture;

namespace SeqCore.Tests.Samples.Benchmarks;

public partial class GpuMachineTests
{
    private static string Script { get; } = Repository.Read(".ci/gpu-machine");

    [Fact]
    public void Every_workload_in_the_script_for_a_GPU_machine_has_a_kind()
    {
        var names = NamePattern().Matches(Script).Select(m => m.Value).ToList();
        names.Should().HaveCountGreaterThan(60).And.OnlyContain(name => WorkloadName.Parse(name).Text == name);
    }

    [Fact]
    public void Every_part_of_the_script_is_a_function_with_a_section_in_the_results()
    {
        var parts = PartPattern().Matches(Script).Select(m => m.Groups["name"].Value).ToList();
        parts.Should().HaveCountGreaterThan(5)
            .And.OnlyContain(part => Script.Contains($"\n{part}() {{") && Script.Contains($" section {part} "));
        Script.Should().Contain($"of: {string.Join(' ', parts)} (");
        var rows = RowPattern().Matches(Repository.Read("docs/benchmarks.md")).Select(m => m.Groups["name"].Value);
        rows.Should().ContainInConsecutiveOrder(parts, "the documentation has a row for each part");
    }

    [Fact]
    public void Products_are_planned_on_GPUs_only()
    {
        var run = BenchmarkRun.Of("workloads matmul_planned/64x32x1");
        run.Code.Should().Be(1);
        run.Error.Should().Contain("matmul_planned/64x32x1: products are planned on GPUs only");
    }

    [GeneratedRegex(@"(?<![\w/.])[a-z_]+/\d+(x\d+)*(?![\w/])")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"(?<=^parts=""[^""]*)(?<name>[a-z]+):\d+", RegexOptions.Multiline)]
    private static partial Regex PartPattern();

    [GeneratedRegex(@"^\| (?<name>[a-z]+) \|", RegexOptions.Multiline)]
    private static partial Regex RowPattern();
}
