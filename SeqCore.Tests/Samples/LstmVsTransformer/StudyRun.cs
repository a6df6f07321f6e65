using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

/// <summary>Runs the study inside this process.</summary>
internal static class StudyRun
{
    public static ProgramRun Of(params string[] arguments) =>
        ProgramRun.Of(Program.Create, arguments);
}
