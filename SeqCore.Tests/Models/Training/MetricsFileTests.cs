using System.Diagnostics;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

public sealed class MetricsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lines_are_json_and_not_finite_numbers_are_null()
    {
        using (var metrics = new MetricsFile(folder.File("m.jsonl"), 0))
        {
            metrics.Write(new StepCompleted(1, 2.5, 0.001, 0.75, 12345.67, 0.1));
            metrics.Write(new StepCompleted(2, double.NaN, 0.001, null, double.PositiveInfinity, 0));
            metrics.Write(new LayersLogged(2, [new("a.weight", 0.5, 2, 0.25), new("a.bias", 0, 0, double.NaN)]));
            metrics.Write(new Evaluated(2, 1.5, true));
        }

        File.ReadAllLines(folder.File("m.jsonl")).Should().Equal(
            """{"step":1,"loss":2.5,"learning_rate":0.001,"gradient_norm":0.75,"tokens_per_second":12345.7}""",
            """{"step":2,"loss":null,"learning_rate":0.001,"tokens_per_second":null}""",
            """{"step":2,"layers":{"a.weight":{"gradient_norm":0.5,"weight_norm":2,"update_ratio":0.25},"a.bias":"""
                + """{"gradient_norm":0,"weight_norm":0,"update_ratio":null}}}""",
            """{"step":2,"validation_loss":1.5,"best":true}""");
    }

    [Theory]
    [InlineData("a\nb\nc\n", 2, "a\nb\n")]
    [InlineData("a\nb\nc\n", 3, "a\nb\nc\n")]
    [InlineData("a\nb\nc\n{\"to", 3, "a\nb\nc\n")]
    [InlineData("a\n{\"to", 5, "a\n")]
    [InlineData("a\n", 0, "")]
    [InlineData("", 4, "")]
    public void The_file_is_cut_back_to_the_lines_that_are_known(string before, long lines, string after)
    {
        File.WriteAllText(folder.File("m.jsonl"), before);
        using (var metrics = new MetricsFile(folder.File("m.jsonl"), lines))
            metrics.Write(new Evaluated(9, 1, false));
        File.ReadAllText(folder.File("m.jsonl")).Should().Be(after + "{\"step\":9,\"validation_loss\":1,\"best\":false}\n");
    }

    [Fact]
    public void A_folder_a_pipe_or_a_device_in_its_place_is_refused_at_once()
    {
        Refused(Directory.CreateDirectory(folder.File("metrics.jsonl")).FullName, "a folder");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes and devices are known on Linux only.");
        File.CreateSymbolicLink(folder.File("device"), "/dev/zero");
        Refused(folder.File("device"), "a pipe or a device");
        using (var made = Process.Start("mkfifo", folder.File("pipe")))
            made.WaitForExit();
        Refused(folder.File("pipe"), "a pipe or a device");

        static void Refused(string path, string what) =>
            FluentActions.Invoking(() => new MetricsFile(path, 3)).Should().Throw<IOException>()
                .WithMessage($"'{path}' is {what}, but must be a file. Move it away.");
    }

    [Fact]
    public void A_long_file_is_cut_at_the_right_line()
    {
        File.WriteAllText(folder.File("m.jsonl"), string.Concat(Enumerable.Range(0, 30_000).Select(i => $"line {i}\n")));
        new MetricsFile(folder.File("m.jsonl"), 20_000).Dispose();
        File.ReadAllLines(folder.File("m.jsonl")).Should().HaveCount(20_000).And.HaveElementAt(19_999, "line 19999");
    }
}
