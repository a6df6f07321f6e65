using System.Diagnostics;
using System.Runtime.InteropServices;
using SeqCore.Samples.CharLanguageModel.Output;

namespace SeqCore.Tests.Samples;

/// <summary>The program as a process of its own.</summary>
[Collection("CharLanguageModel")]
public sealed partial class ProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-process-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("train --batch 0", 2)]
    [InlineData("train --data nothing.txt", 1)]
    [InlineData("generate --checkpoint nothing", 1)]
    [InlineData("info", 0)]
    public void Exit_codes_tell_done_failed_and_wrong_usage(string arguments, int code)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(code, error);
        error.TrimEnd().Should().NotContain("\n");
    }

    [Fact]
    public void An_interrupt_saves_and_ends_well()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var process = Start("train --hidden 16 --embedding 8 --batch 2 --sequence 16 --iterations 1000000 --eval-every 1000000 --checkpoint-every 20 --out .");
        var patience = Stopwatch.StartNew();
        while (Directory.GetFiles(folder, "checkpoint-*").Length == 0)
        {
            (process.HasExited || patience.Elapsed.TotalSeconds > 60).Should().BeFalse("the first checkpoint should come soon");
            Thread.Sleep(20);
        }

        Kill(process.Id, 2).Should().Be(0);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
        output.Should().Contain("Stopped at iteration ").And.Contain("--resume");
        process.StandardError.ReadToEnd().Should().Contain("Stopping; press Ctrl+C again");
        var last = Directory.GetFiles(folder, "checkpoint-*").Max();
        output.Replace(",", "", StringComparison.Ordinal).Should().Contain($"iteration {int.Parse(Path.GetFileNameWithoutExtension(last)![11..], null)} ");
    }

    private Process Start(string arguments) => Process.Start(new ProcessStartInfo("dotnet", $"{typeof(Terminal).Assembly.Location} {arguments}")
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = folder,
    })!;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
