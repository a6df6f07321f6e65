using System.Text.Json;
using SeqCore.Benchmarks;

namespace SeqCore.Tests.Samples.Benchmarks;

public class CommandTests
{
    [Fact]
    public void Devices_are_listed_with_a_reason_for_each_one_that_cannot_be_used()
    {
        var run = BenchmarkRun.Of("devices --json");
        run.Code.Should().Be(0, run.Error);
        var devices = run.Output.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        devices.Should().HaveCount(Device.List().Count);
        devices[0].GetProperty("device").GetString().Should().Be("cpu");
        devices[0].GetProperty("usable").GetBoolean().Should().BeTrue();
        devices.Select(d => d.GetProperty("reason").ValueKind == JsonValueKind.String)
            .Should().Equal(devices.Select(d => !d.GetProperty("usable").GetBoolean()));
        var text = BenchmarkRun.Of("devices").Output;
        text.Should().StartWith("  cpu ").And.Contain("logical cores").And.Contain("GB of memory");
        text.Split('\n').Should().OnlyContain(l => l.Length <= 79);
        ProgramRun.Of("info").Output.Should().Be("Devices\n" + text);
    }

    [Fact]
    public void A_workload_prints_a_line_of_JSON()
    {
        var run = BenchmarkRun.Of("workloads matmul/33");
        run.Code.Should().Be(0, run.Error);
        var row = JsonDocument.Parse(run.Output).RootElement;
        row.GetProperty("name").GetString().Should().Be("matmul/33");
        row.GetProperty("ms").GetDouble().Should().BePositive();
        row.GetProperty("gflops").GetDouble().Should().BePositive();
    }

    [Theory]
    [InlineData("fma_peak/10000")]
    [InlineData("bilstm_fwd/1x3x5x7")]
    [InlineData("bilstm_fwdbwd/1x3x5x7")]
    [InlineData("train_classifier/2x3x50x5x7")]
    [InlineData("train_classifier_sparse/2x3x50x5x7")]
    public void Each_kind_runs_by_its_name(string name)
    {
        var run = BenchmarkRun.Of($"workloads {name}");
        run.Code.Should().Be(0, run.Error);
        JsonDocument.Parse(run.Output).RootElement.GetProperty("ms").GetDouble().Should().BePositive();
    }

    [Fact]
    public void A_workload_that_memory_bounds_prints_gigabytes_a_second()
    {
        var run = BenchmarkRun.Of("workloads copy/5000");
        run.Code.Should().Be(0, run.Error);
        var row = JsonDocument.Parse(run.Output).RootElement;
        row.GetProperty("gbs").GetDouble().Should().BePositive();
        row.TryGetProperty("gflops", out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("copy/5", 2 * 5)]
    [InlineData("softmax/3x5", 2 * 15)]
    [InlineData("layernorm/3x5", 2 * 15 + 2 * 5)]
    [InlineData("gelu/3x5", 2 * 15)]
    [InlineData("gelu_erf/3x5", 2 * 15)]
    [InlineData("read/5", 5)]
    [InlineData("cross_entropy_fwdbwd/3x5", 2 * 15 + 3)]
    [InlineData("adam_step/400", 7 * 400)]
    [InlineData("adam_step/3", 7 * 3)]
    [InlineData("adam_step/499", 7 * 499)]
    public void What_a_workload_must_move_is_counted(string text, int floats)
    {
        var name = WorkloadName.Parse(text);
        name.Kind.Create(name.Sizes).Floats.Should().Be(floats);
    }

    [Theory]
    [InlineData("workloads nothing/5", 2, "Unknown workload 'nothing/5'")]
    [InlineData("workloads nothing", 2, "Unknown workload 'nothing'")]
    [InlineData("workloads matmul", 2, "'matmul' should be matmul/N, where N is a whole number from 1 to 2147483647.")]
    [InlineData("workloads matmul/0", 2, "'matmul/0' should be matmul/N")]
    [InlineData("workloads matmul/abc", 2, "'matmul/abc' should be matmul/N")]
    [InlineData("workloads lstm_fwd/4x", 2, "'lstm_fwd/4x' should be lstm_fwd/BxTxIxH, where B, T, I, H are whole numbers")]
    [InlineData("workloads rotary/1x1x1x3", 2, "rotary/1x1x1x3: RotaryPositions: the number of elements rotated")]
    [InlineData("workloads --device cuda:99 matmul/33", 1, "cuda:99")]
    [InlineData("workloads --precision tf32 matmul/33", 2, "--precision tf32 is for NVIDIA GPUs")]
    [InlineData("workloads --precision tf32x3 matmul/33", 2, "--precision tf32x3 is for NVIDIA GPUs")]
    [InlineData("workloads --list matmul/33", 2, "--list prints the standard names; leave the names out.")]
    [InlineData("selftest --device opencl:99", 1, "opencl:99")]
    [InlineData("selftest --filter nothing", 2, "No operation's name contains 'nothing'")]
    public void Mistakes_are_one_line(string arguments, int code, string message)
    {
        var run = BenchmarkRun.Of(arguments);
        run.Code.Should().Be(code);
        run.Error.Should().Contain(message);
        run.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData("ladder matmul --size 1 --svg /proc/x/y.svg")]
    [InlineData("ladder attention --size 1 --svg /proc/x/y.svg")]
    public void A_drawing_that_cannot_be_written_is_one_line(string arguments)
    {
        var run = BenchmarkRun.Of(arguments);
        run.Code.Should().Be(1);
        run.Error.Should().StartWith("A file could not be read or written: ");
        run.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData("ladder matmul --size 1")]
    [InlineData("ladder attention --size 1")]
    public void The_shortest_call_has_a_time(string arguments)
    {
        var run = BenchmarkRun.Of(arguments);
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Contain("SeqCore").And.NotContainAny("Infinity", "NaN");
    }

    [Fact]
    public void More_threads_than_processors_are_a_warning()
    {
        var threads = Environment.ProcessorCount + 1;
        var run = BenchmarkRun.Of($"workloads matmul/3 --threads {threads}");
        run.Code.Should().Be(0);
        run.Error.Should().StartWith($"--threads {threads}: this machine has {Environment.ProcessorCount} processor");
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void A_workload_whose_sizes_overflow_names_its_layer()
    {
        var run = BenchmarkRun.Of("workloads lstm_step/4x4x1000000000");
        run.Code.Should().Be(2);
        run.Error.Should().Contain(
            "lstm_step/4x4x1000000000: LstmCell: a weight of shape (4000000000, 4) would have 16,000,000,000 ");
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void An_unknown_device_is_wrong_usage() => BenchmarkRun.Of("selftest --device gpu").Code.Should().Be(2);

    [Fact]
    public void Every_workload_of_the_standard_list_has_a_kind()
    {
        string[] all = [.. StandardWorkloads.Names, .. StandardWorkloads.Limits];
        all.Should().OnlyHaveUniqueItems().And.OnlyContain(name => WorkloadName.Parse(name).Text == name);
        StandardWorkloads.Names.Select(WorkloadName.Parse).Should().NotContain(name => StandardWorkloads.IsLimit(name));
        StandardWorkloads.Limits.Select(WorkloadName.Parse).Should().OnlyContain(name => StandardWorkloads.IsLimit(name));
        BenchmarkRun.Of("workloads --list").Output.ReplaceLineEndings("\n").Should().Be(string.Join('\n', all) + "\n");
    }
}
