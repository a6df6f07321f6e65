using System.CommandLine;
using SeqCore.Samples.Common;
using SeqCore.Samples.LstmVsTransformer.Report;

namespace SeqCore.Samples.LstmVsTransformer.Commands;

/// <summary>Builds the page again from what earlier runs measured.</summary>
internal static class ReportCommand
{
    /// <summary>The command <c>report</c>.</summary>
    internal static Command Create(Context context)
    {
        var output = new OutputFolder();
        var json = new Option<bool>("--json")
        {
            Description = "Results as JSON lines on standard output, everything else on standard error.",
        };
        var command = new Command("report", "Builds the page again from the JSON files of earlier runs.") { json };
        output.AddTo(command);
        command.SetAction(result =>
        {
            StudyReport.Write(output.Name(result), Parts.All, context.Terminal.With(result.GetValue(json)));
            return ExitCode.Done;
        });
        return command;
    }
}
