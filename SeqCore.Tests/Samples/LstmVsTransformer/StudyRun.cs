using SeqCore.Samples.Common;
using SeqCore.Samples.LstmVsTransformer.Commands;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

/// <summary>Runs the study inside this process.</summary>
internal static class StudyRun
{
    public static ProgramRun Of(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Run(arguments, Root.Create, new Terminal(output, error));
        return new ProgramRun(code, output.ToString(), error.ToString());
    }
}
