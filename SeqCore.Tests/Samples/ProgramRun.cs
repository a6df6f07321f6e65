using System.CommandLine;
using SeqCore.Samples.CharLanguageModel;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples;

/// <summary>The tests that run the whole program, one after the other and not beside any other test.</summary>
[CollectionDefinition("CharLanguageModel", DisableParallelization = true)]
public sealed class CharLanguageModelCollection;

/// <summary>A run of the program inside this process.</summary>
internal sealed record ProgramRun(int Code, string Output, string Error)
{
    public static ProgramRun Of(string arguments, CancellationToken cancellation = default) =>
        Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), cancellation);

    public static ProgramRun Of(string[] arguments, CancellationToken cancellation = default) =>
        Of(Program.Create, arguments, cancellation);

    /// <summary>A run of another program.</summary>
    /// <param name="program">Makes the program's commands.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="cancellation">Stops the program.</param>
    /// <param name="input">Standard input.</param>
    public static ProgramRun Of(Func<Context, RootCommand> program, string[] arguments,
        CancellationToken cancellation = default, string input = "")
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error) { Input = new StringReader(input) };
        var code = CommandLine.Run(arguments, program, terminal, cancellation);
        return new ProgramRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The output as one line: sentences are broken where they would be wider than a terminal.</summary>
    public string Words => string.Join(' ', Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public void ShouldBeOneLineOfError()
    {
        Error.TrimEnd('\n').Should().NotContain("\n").And.NotContain("   at ").And.NotContain("Exception");
        Error.Should().EndWith("\n");
    }
}
