using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SeqCore.Samples.CharLanguageModel;

namespace SeqCore.Tests.Samples;

/// <summary>The program as a process of its own.</summary>
[Collection("CharLanguageModel")]
public sealed partial class ProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-process-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("train --batch 0", 2)]
    [InlineData("train --data nothing.txt", 1)]
    [InlineData("generate --checkpoint nothing", 1)]
    [InlineData("info", 0)]
    public async Task Exit_codes_distinguish_success_failure_and_wrong_usage(string arguments, int code)
    {
        using var child = new Child(arguments, folder);
        var run = await child.Finish();
        run.Code.Should().Be(code, run.Error);
        run.Error.TrimEnd().Should().NotContain("\n");
    }

    [Fact]
    public async Task An_interrupt_saves_and_ends_with_the_code_of_the_signal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        using var child = new Child("train --hidden 16 --embedding 8 --batch 2 --sequence 16 --iterations 1000000 --eval-every"
            + " 1000000 --checkpoint-every 20 --out .", folder);
        var waited = Stopwatch.StartNew();
        while (Directory.GetFiles(folder, "checkpoint-*").Length == 0)
        {
            (child.HasExited || waited.Elapsed > Patience).Should().BeFalse("the first checkpoint should come soon");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var expected = child.Interrupt();
        var run = await child.Finish();
        run.Code.Should().Be(expected, run.Error);
        run.Output.Should().Contain("Stopped at iteration ").And.Contain("--resume");
        run.Error.Should().Contain("Stopping; press Ctrl+C again");
        var last = Directory.GetFiles(folder, "checkpoint-*").Max();
        run.Output.Replace(",", "", StringComparison.Ordinal)
            .Should().Contain($"iteration {int.Parse(Path.GetFileNameWithoutExtension(last)![11..], null)} ");
    }

    /// <summary>A run of the program; what it writes is read as it comes, and disposing ends it if it still runs.</summary>
    private sealed partial class Child : IDisposable
    {
        private readonly Process process;
        private readonly Task<string> output, error;

        public Child(string arguments, string folder)
        {
            process = Process.Start(new ProcessStartInfo("dotnet", $"{typeof(Program).Assembly.Location} {arguments}")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            })!;
            output = process.StandardOutput.ReadToEndAsync();
            error = process.StandardError.ReadToEndAsync();
        }

        public bool HasExited => process.HasExited;

        public async Task<ProgramRun> Finish()
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, error).WaitAsync(Patience);
            return new ProgramRun(process.ExitCode, await output, await error);
        }

        /// <summary>Asks the program to stop, and returns the exit code for that: 128 and the number of the signal.</summary>
        /// <remarks>One that was started in the background of a shell ignores SIGINT; SIGTERM asks for the same.</remarks>
        public int Interrupt()
        {
            const int interrupt = 2, terminate = 15;
            var signal = IgnoresInterrupts() ? terminate : interrupt;
            Kill(process.Id, signal).Should().Be(0);
            return 128 + signal;
        }

        public void Dispose()
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit(Patience);
            }

            process.Dispose();
        }

        // Linux only: the mask of ignored signals, in which bit n - 1 is signal n.
        private bool IgnoresInterrupts()
        {
            var status = $"/proc/{process.Id}/status";
            if (!File.Exists(status))
                return false;
            var mask = File.ReadLines(status).Single(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..];
            return (ulong.Parse(mask.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0b10) != 0;
        }

        [LibraryImport("libc", EntryPoint = "kill")]
        private static partial int Kill(int process, int signal);
    }
}
