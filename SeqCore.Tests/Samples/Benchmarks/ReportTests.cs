using SeqCore.Benchmarks;
using SeqCore.Tests.Architecture;

namespace SeqCore.Tests.Samples.Benchmarks;

public sealed class ReportTests : IDisposable
{
    private const string Header =
        """{"date":"2026-01-02","machine":"a machine","cores":4,"vector":"AVX2","runtime":".NET 10.0.1","note":"It was idle."}""";

    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-report-").FullName;

    public ReportTests()
    {
        Directory.CreateDirectory(Path.Combine(folder, "docs", "benchmarks"));
        foreach (var name in new[] { "README.md", "docs/benchmarks.md" })
            File.WriteAllText(Path.Combine(folder, name), $"before\n\n{MarkedText.Begin}old\n{MarkedText.End}\nafter\n");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_documents_show_what_the_recorded_files_hold()
    {
        var root = Repository.Root;
        foreach (var (path, text) in BenchmarkReport.Write(root, BenchmarkReport.Compare(BenchmarkReport.Recorded(root))))
            File.ReadAllText(path).Should().Be(text, $"'samples/Benchmarks report' writes {Path.GetRelativePath(root, path)}");
    }

    [Fact]
    public void A_recorded_file_is_named_after_its_day()
    {
        foreach (var file in BenchmarkReport.Recorded(Repository.Root))
            Path.GetFileName(file).Should().StartWith($"{RecordedFile.Read(file).Machine.Day}-");
    }

    [Fact]
    public void Every_row_of_the_README_is_a_standard_workload() =>
        ReadmeFigures.Rows.Select(row => row.Name).Should().BeSubsetOf(StandardWorkloads.Names);

    [Fact]
    public void The_least_of_all_rounds_is_compared_with_the_fastest_library()
    {
        var text = Report(Ours("matmul/64", 2.5, 1), Ours("matmul/64", 2, 2),
            Theirs("matmul/64", 7, 1), Theirs("matmul/64", 6, 2),
            """{"peer": "TorchSharp 2.10.0.0", "name": "matmul/64", "ms": 5}""");
        text.Should().Contain("| workload | SeqCore ms | PyTorch 2.6 ms | libtorch 2.10 ms | ratio |\n")
            .And.Contain("| `matmul/64` | 2.00 | 6.00 | 5.00 | 2.50 |\n")
            .And.Contain("SeqCore 0.9.0 on .NET 10.0.1, PyTorch 2.6 and libtorch 2.10. The least of 2 rounds. It was idle.");
    }

    [Fact]
    public void A_library_that_lacks_a_workload_leaves_its_cell_empty()
    {
        var text = Report(Ours("matmul/64", 2), Ours("matmul/32", 1), Theirs("matmul/64", 4), Theirs("matmul/16", 4));
        text.Should().Contain("| `matmul/64` | 2.00 | 4.00 | 2.00 |\n").And.Contain("| `matmul/32` | 1.00 |  |  |\n")
            .And.Contain("| `matmul/16` |  | 4.00 |  |\n")
            .And.Contain("Over 1 workloads the geometric mean of the ratios is 2.00");
    }

    [Fact]
    public void The_mean_of_the_ratios_is_geometric()
    {
        var text = Report(Ours("matmul/64", 1), Theirs("matmul/64", 0.5), Ours("matmul/32", 1), Theirs("matmul/32", 8));
        text.Should().Contain("Over 2 workloads the geometric mean of the ratios is 2.00, the smallest 0.50.\n");
        File.ReadAllText(Path.Combine(folder, "README.md")).Should().StartWith("before\n\n").And.EndWith("\nafter\n")
            .And.NotContain("old").And.Contain("(a machine, 4 cores, AVX2)").And.Contain("2.00\ntimes as fast on average");
    }

    [Fact]
    public void Times_have_three_digits_and_at_most_four_decimals() =>
        new[] { 0.00581, 0.0127, 0.137, 1.05, 37.94, 233.42, 1234.56 }.Select(ms => ReportText.Milliseconds(ms))
            .Should().Equal("0.0058", "0.0127", "0.137", "1.05", "37.9", "233.4", "1234.6");

    [Theory]
    [InlineData("matmul/64", "\"gflops\":50", "50 %")]
    [InlineData("softmax/8x8", "\"gbs\":12", "60 %")]
    [InlineData("train_gpt/1x1x1x1x1x1", "", "")]

    // Weights of 2^20 numbers, 4 MiB, in 1 ms are 4.19 GB/s.
    [InlineData("matmul_nt/1x1024x1024", "\"gflops\":2", "42 %")]
    [InlineData("matmul_nt/2x1024x1024", "\"gflops\":2", "2 %")]
    [InlineData("lstm_step/1x512x512", "\"gflops\":4", "42 %")]
    [InlineData("lstm_step/1x64x64", "\"gflops\":4", "")]
    [InlineData("generate_charlstm/2x512x512x256x1", "", "73 %")]
    [InlineData("generate_gpt/1x1024x256x4x1", "", "42 %")]
    public void A_share_is_of_the_limit_that_bounds_the_workload(string name, string rate, string share)
    {
        var text = Report(Ours(name, 1, rest: rate), Theirs(name, 3),
            Limit("fma_peak/5", "\"gflops\":100"), Limit("copy/100", "\"gbs\":99"), Limit("copy/10000000", "\"gbs\":20"),
            Limit("read/9000000", "\"gbs\":15"), Limit("read/1100000", "\"gbs\":10"), Limit("read/1900000", "\"gbs\":20"));
        text.Should().Contain(share.Length == 0 ? $"| `{name}` | 1.00 | 3.00 | 3.00 |" : $"| 3.00 | 3.00 | {share} |")
            .And.Contain("Limits of the machine: `fma_peak/5` 100 GFLOP/s, ");
        if (share.Length == 0)
            text.Should().NotContain(" % |");
    }

    [Fact]
    public void README_and_the_chart_show_the_file_that_asks_for_it()
    {
        File.WriteAllLines(Recorded("2026-01-02-a.jsonl"), [Header.Replace("\"cores\"", "\"shown\":true,\"cores\""),
            Ours("matmul/64", 1), Theirs("matmul/64", 2)]);
        File.WriteAllLines(Recorded("2026-02-01-b.jsonl"), [Header.Replace("2026-01-02", "2026-02-01"), Ours("gelu/3x5", 1),
            Theirs("gelu/3x5", 4)]);
        var run = BenchmarkRun.Of($"report --checkout {folder}");
        run.Code.Should().Be(0, run.Error);
        File.ReadAllText(Path.Combine(folder, "docs/benchmarks.svg")).Should().Contain(">matmul<").And.NotContain("gelu");
        File.ReadAllText(Path.Combine(folder, "README.md")).Should().Contain("Measured on 2026-01-02");
        var text = File.ReadAllText(Path.Combine(folder, "docs/benchmarks.md"));
        text.IndexOf("benchmarks.svg").Should().BeGreaterThan(text.IndexOf("### 2026-01-02"));
    }

    [Fact]
    public void Machines_stand_in_sections_the_newest_first_and_the_chart_shows_that_one()
    {
        File.WriteAllLines(Recorded("2026-01-02-a.jsonl"), [Header, Ours("matmul/64", 1), Theirs("matmul/64", 2)]);
        File.WriteAllLines(Recorded("2026-02-01-b.jsonl"), [Header.Replace("2026-01-02", "2026-02-01"), Ours("gelu/3x5", 1),
            Theirs("gelu/3x5", 4)]);
        var run = BenchmarkRun.Of($"report --checkout {folder}");
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Contain("2026-02-01, a machine, 4 cores, AVX2: geometric mean 4.00 over 1 workload\n");
        var text = File.ReadAllText(Path.Combine(folder, "docs/benchmarks.md"));
        text.IndexOf("### 2026-02-01: a machine, 4 cores, AVX2\n").Should().BePositive()
            .And.BeLessThan(text.IndexOf("### 2026-01-02: a machine, 4 cores, AVX2\n"));
        File.ReadAllText(Path.Combine(folder, "docs/benchmarks.svg")).Should().Contain(">gelu<").And.Contain(">4.00<")
            .And.NotContain("matmul").And.Contain("PyTorch 2.6&#39;s time over SeqCore&#39;s");
        File.ReadAllText(Path.Combine(folder, "README.md")).Should().Contain("Measured on 2026-02-01");
    }

    [Theory]
    [InlineData(2, "nonsense", "it is not a JSON object")]
    [InlineData(2, "[]", "it is not a JSON object")]
    [InlineData(2, "", "it is not a JSON object")]
    [InlineData(2, """{"name":"matmul/64","ms":1}""", "\"peer\" should be a text that is not empty")]
    [InlineData(2, """{"peer":"torch 2.6.0","ms":1}""", "\"name\" should be a text that is not empty")]
    [InlineData(2, """{"peer":"torch 2.6.0","name":"matmul/64"}""", "\"ms\" is missing")]
    [InlineData(2, """{"peer":"torch 2.6.0","name":"matmul/64","ms":0}""", "\"ms\" should be a number above 0; got 0")]
    [InlineData(2, """{"peer":"torch 2.6.0","name":"matmul/64","ms":"1"}""", "\"ms\" should be a number above 0; got \"1\"")]
    [InlineData(2, """{"peer":"torch 2.6.0","name":"matmul","ms":1}""", "Workload 'matmul' should be matmul/N")]
    [InlineData(2, """{"peer":"torch 2.6.0","name":"nothing/1","ms":1}""", "Unknown workload 'nothing/1'")]
    [InlineData(4, """{"peer":"SeqCore 0.8.0","name":"matmul/64","ms":1}""", "it is of SeqCore 0.8.0, and the lines before")]
    [InlineData(1, "{}", "\"date\" should be a text")]
    [InlineData(1, """{"date":"yesterday"}""", "\"date\" should be a day such as 2026-11-20; got 'yesterday'")]
    [InlineData(1, """{"date":"2026-01-02"}""", "\"cores\" should be a whole number")]
    [InlineData(1, """{"date":"2026-01-02","cores":2.5}""", "\"cores\" should be a whole number")]
    [InlineData(1, """{"date":"2026-01-02","cores":2}""", "\"machine\" should be a text")]
    public void A_wrong_line_is_named(int number, string line, string reason)
    {
        var path = Recorded("2026-01-02-a.jsonl");
        var lines = new List<string> { Header, Ours("matmul/64", 1), Theirs("matmul/64", 2) };
        if (number <= lines.Count)
            lines[number - 1] = line;
        else
            lines.Add(line);
        File.WriteAllLines(path, lines);
        var run = BenchmarkRun.Of($"report --checkout {folder} {path}");
        run.Code.Should().Be(2);
        run.Error.Should().StartWith($"{path}, line {number}: {reason}");
        run.ShouldBeOneLineOfError();
        File.Exists(Path.Combine(folder, "docs/benchmarks.svg")).Should().BeFalse();
    }

    [Fact]
    public void Without_anything_to_compare_nothing_is_written()
    {
        Refused("", 2, "has no recorded file. Make one with .ci/benchmarks, or name one.");
        var path = Recorded("2026-01-02-a.jsonl");
        Refused(path, 1, "Could not find file");
        File.WriteAllText(path, "");
        Refused(path, 2, "is empty. Its first line should be the header");
        File.WriteAllLines(path, [Header, Ours("matmul/64", 1), Theirs("matmul/32", 1)]);
        Refused(path, 2, "has no workload with both a line of SeqCore and one of another library.");
        File.WriteAllLines(path, [Header, Ours("matmul/64", 1), Theirs("matmul/64", 1)]);
        File.AppendAllText(Path.Combine(folder, "README.md"), MarkedText.Begin);
        Refused(path, 1, "README.md should have the lines '<!-- Begin:");
    }

    [Fact]
    public void The_header_of_this_machine_can_be_read_again()
    {
        var run = BenchmarkRun.Of("report --header");
        run.Code.Should().Be(0, run.Error);
        File.WriteAllText(Recorded("a.jsonl"), run.Output);
        RecordedFile.Read(Recorded("a.jsonl")).Machine.Should().Be(RecordedMachine.This());
    }

    private void Refused(string file, int code, string message)
    {
        var run = BenchmarkRun.Of($"report --checkout {folder} {file}".TrimEnd());
        run.Code.Should().Be(code);
        run.Error.Should().Contain(message);
        run.ShouldBeOneLineOfError();
        File.Exists(Path.Combine(folder, "docs/benchmarks.svg")).Should().BeFalse();
    }

    /// <summary>The text of docs/benchmarks.md after a report of these lines.</summary>
    private string Report(params string[] lines)
    {
        var path = Recorded("2026-01-02-a.jsonl");
        File.WriteAllLines(path, lines.Prepend(Header));
        var run = BenchmarkRun.Of($"report --checkout {folder} {path}");
        run.Code.Should().Be(0, run.Error);
        return File.ReadAllText(Path.Combine(folder, "docs/benchmarks.md"));
    }

    private string Recorded(string name) => Path.Combine(folder, "docs", "benchmarks", name);

    private static string Ours(string name, double ms, int round = 1, string rest = "") =>
        Line("SeqCore 0.9.0", name, ms, round, rest);

    private static string Theirs(string name, double ms, int round = 1) => Line("torch 2.6.0+debian", name, ms, round, "");

    private static string Limit(string name, string rest) => Ours(name, 1, rest: rest);

    private static string Line(string peer, string name, double ms, int round, string rest) => FormattableString.Invariant(
        $"{{\"round\":{round},\"peer\":\"{peer}\",\"name\":\"{name}\",\"ms\":{ms}{(rest.Length == 0 ? "" : ",")}{rest}}}");
}
