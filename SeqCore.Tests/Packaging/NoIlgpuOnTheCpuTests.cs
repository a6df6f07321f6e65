using System.Diagnostics;
using System.Text.Json.Nodes;
using SeqCore.Samples.CharLanguageModel;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Packaging;

/// <summary>A program in a folder that lacks ILGPU, where touching any of its types ends the program.</summary>
public sealed class NoIlgpuOnTheCpuTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // The file of dependencies stays behind as well: with it, the host looks for ILGPU before the program starts.
    public NoIlgpuOnTheCpuTests()
    {
        string[] wanted =
        [
            "SeqCore.*.dll", "System.*.dll", "Spectre.*.dll", "CharLanguageModel.dll", "CharLanguageModel.runtimeconfig.json",
        ];
        var source = Path.GetDirectoryName(typeof(Program).Assembly.Location)!;
        foreach (var file in wanted.SelectMany(pattern => Directory.GetFiles(source, pattern)))
            File.Copy(file, folder.File(Path.GetFileName(file)));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("lstm --hidden 16 --layers 2")]
    [InlineData("gru --hidden 16")]
    [InlineData("rnn --hidden 16")]
    [InlineData("gpt --heads 2")]
    public async Task A_model_trains_and_generates_on_the_CPU(string model)
    {
        var (code, output) = await Train($"--model {model} --device cpu");
        code.Should().Be(0, output);
    }

    [Fact]
    public async Task A_GPU_cannot_be_used()
    {
        var (code, output) = await Train("--device cuda");
        code.Should().NotBe(0);
        output.Should().Contain("ILGPU", "otherwise the tests of the CPU would show nothing");
    }

    [Fact]
    public async Task A_program_published_without_GPU_kernels_says_so()
    {
        var settings = folder.File("CharLanguageModel.runtimeconfig.json");
        var content = JsonNode.Parse(await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken))!;
        content["runtimeOptions"]!["configProperties"]!["SeqCore.Kernels.Gpu"] = false;
        await File.WriteAllTextAsync(settings, content.ToJsonString(), TestContext.Current.CancellationToken);

        var (code, output) = await Train("--device cuda");
        code.Should().Be(1);
        output.TrimEnd().Should().Be("cuda:0: this program was published without GPU kernels "
            + "(its switch SeqCore.Kernels.Gpu is off). Set the property SeqCoreGpu to true to keep them. Use the cpu device.");
    }

    private async Task<(int Code, string Output)> Train(string options)
    {
        const string command = "train --embedding 8 --batch 2 --sequence 16 --iterations 3 --length 8";
        var start = new ProcessStartInfo("dotnet", $"{folder.File("CharLanguageModel.dll")} {command} {options}")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(5));
        }
        finally
        {
            process.Kill();
        }

        return (process.ExitCode, await output + await error);
    }
}
