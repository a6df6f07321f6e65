using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The study of LSTMs against Transformers.</summary>
internal static class Program
{
    private const string Description =
        "Measures what the field says about LSTMs against Transformers: speed, memory, what they learn to remember,"
            + " and how gradients flow. "
        + "Writes a page with pictures, and CSV and JSON files, and prints the tables. Without a command: everything. "
        + "The short form takes about a minute on two cores."
        + " With --full, everything takes about 25 minutes: recall 20, speed 3, memory and gradients 1 each.";

    public static int Main(string[] args) => CommandLine.RunOnConsole(args, Create);

    /// <summary>The program's commands.</summary>
    internal static RootCommand Create(Context context)
    {
        var root = new RootCommand(Description)
        {
            Study("all", "Everything, one after the other.", Parts.All),
            Study("speed", "Time against length: whole sequences, token by token, training, one thread and all.", Parts.Speed),
            Study("memory", "Memory against length: inference, training, and what a stream of tokens holds.", Parts.Memory),
            Study("recall", "Steps to learn: remember the first token, copy, add, look up.", Parts.Recall),
            Study("gradients", "How much of a gradient reaches each input.", Parts.Gradients),
            Report(context),
        };
        new StudyCommand(Parts.All).MakeDefault(root, context);
        return root;

        Command Study(string name, string description, Parts parts) =>
            new StudyCommand(parts).Create(name, description, context);
    }

    private static Command Report(Context context)
    {
        var (json, output) = (OptionKinds.Json(), StudyCommand.NewOutputOption());
        var command = new Command("report", "Builds the page again from the JSON files of earlier runs.") { json, output };
        command.SetAction(result =>
        {
            StudyReport.Write(StudyCommand.FolderOf(result, output), Parts.All, context.Terminal.With(result.GetValue(json)));
            return ExitCode.Done;
        });
        return command;
    }
}
